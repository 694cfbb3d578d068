"""Folders and tags of the library."""

from fastapi import APIRouter, Response

from app.api.deps import Editor, Reader
from app.api.forms import Listed
from app.api.schemas import FolderName, FolderRead
from app.core.db import transaction
from app.workflows import folders, tags

router = APIRouter(tags=["folders and tags"])


@router.get("/folders")
def list_folders(_actor: Reader) -> Listed[FolderRead]:
    """All of them, by name."""
    with transaction(read_only=True) as session:
        return Listed(items=[FolderRead.model_validate(folder) for folder in folders.listed(session)])


@router.post("/folders", status_code=201)
def create_folder(wanted: FolderName, actor: Editor) -> FolderRead:
    """Make an empty one; put workflows into it with `PATCH /workflows/{id}`."""
    with transaction() as session:
        return FolderRead.model_validate(folders.create(session, actor, wanted.name))


@router.patch("/folders/{folder_id}")
def rename_folder(folder_id: int, wanted: FolderName, actor: Editor) -> FolderRead:
    """Give it another name."""
    with transaction() as session:
        return FolderRead.model_validate(folders.rename(session, folder_id, actor, wanted.name))


@router.delete("/folders/{folder_id}", status_code=204)
def delete_folder(folder_id: int, actor: Editor) -> Response:
    """Delete it; the workflows stay, in no folder."""
    with transaction() as session:
        folders.delete(session, folder_id, actor)
    return Response(status_code=204)


@router.get("/tags")
def list_tags(actor: Reader) -> Listed[str]:
    """Tags of workflows that you may see, in order."""
    with transaction(read_only=True) as session:
        return Listed(items=tags.known(session, actor))
