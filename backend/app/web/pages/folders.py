"""The folders of the library."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from app.core.db import transaction
from app.core.errors import AppError
from app.web.rendering import render
from app.web.visitors import SentOurForm, SignedIn, Visitor
from app.workflows import folders

router = APIRouter(prefix="/folders")

Name = Annotated[str, Form(max_length=1_000)]


@router.get("")
def show_folders(request: Request, visitor: SignedIn) -> Response:
    """All of them, to be renamed and deleted by whoever may write."""
    return _page(request, visitor)


@router.post("")
def create_folder(request: Request, visitor: SentOurForm, name: Name = "") -> Response:
    """A new one; if the name cannot be taken, the page says why."""
    try:
        with transaction() as session:
            folders.create(session, visitor.actor, name)
    except (folders.FolderExists, folders.UnusableName) as error:
        return _page(request, visitor, problem=error, name=name)
    return RedirectResponse("/folders", 303)


@router.post("/{folder_id}")
def rename_folder(request: Request, folder_id: int, visitor: SentOurForm, name: Name = "") -> Response:
    """Give it another name."""
    try:
        with transaction() as session:
            folders.rename(session, folder_id, visitor.actor, name)
    except (folders.FolderExists, folders.UnusableName) as error:
        return _page(request, visitor, problem=error)
    return RedirectResponse("/folders", 303)


@router.post("/{folder_id}/delete")
def delete_folder(folder_id: int, visitor: SentOurForm) -> Response:
    """Delete it; its workflows stay."""
    with transaction() as session:
        folders.delete(session, folder_id, visitor.actor)
    return RedirectResponse("/folders", 303)


def _page(request: Request, visitor: Visitor, *, problem: AppError | None = None, name: str = "") -> Response:
    with transaction(read_only=True) as session:
        found = folders.listed(session)
    return render(
        request,
        "folders.html",
        visitor,
        status_code=problem.status_code if problem else 200,
        folders=found,
        problem=problem.detail if problem else None,
        name=name,
    )
