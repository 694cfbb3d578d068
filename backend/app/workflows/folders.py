"""Folders: the drawers of the library. Whoever may write may make, rename and delete them; workflows stay."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import Actor
from app.core.errors import Conflict, InvalidInput, NotFound
from app.workflows.errors import MayNotChange
from app.workflows.finding import storable
from app.workflows.models import Folder, Workflow

LONGEST = 100


class FolderNotFound(NotFound):
    """There is no folder with this number."""


class FolderExists(Conflict):
    """There is a folder of this name already."""


class UnusableName(InvalidInput):
    """A folder's name has 1 to 100 characters."""


def listed(session: Session) -> Sequence[Folder]:
    """All of them, by name."""
    return sorted(session.scalars(select(Folder)), key=lambda folder: (folder.name.casefold(), folder.id))


def get(session: Session, folder_id: int) -> Folder:
    """The folder. Raises FolderNotFound."""
    folder = session.scalar(select(Folder).where(Folder.id == storable(folder_id)))
    if folder is None:
        raise FolderNotFound
    return folder


def create(session: Session, actor: Actor, name: str) -> Folder:
    """A new, empty one."""
    _require_write(actor)
    name = _free(session, name)
    folder = Folder(name=name)
    session.add(folder)
    session.flush()
    audit.record(session, actor, "folder_created", f"folder:{folder.id}")
    return folder


def rename(session: Session, folder_id: int, actor: Actor, name: str) -> Folder:
    """Give it another name."""
    _require_write(actor)
    folder = get(session, folder_id)
    folder.name = _free(session, name, but=folder.id)
    session.flush()
    audit.record(session, actor, "folder_renamed", f"folder:{folder.id}")
    return folder


def delete(session: Session, folder_id: int, actor: Actor) -> None:
    """Delete it; what lay in it lies in none."""
    _require_write(actor)
    folder = get(session, folder_id)
    session.execute(update(Workflow).where(Workflow.folder_id == folder.id).values(folder_id=None))
    session.delete(folder)
    session.flush()
    audit.record(session, actor, "folder_deleted", f"folder:{folder_id}")


def _require_write(actor: Actor) -> None:
    if not actor.may("write"):
        raise MayNotChange


def _free(session: Session, name: str, *, but: int | None = None) -> str:
    """The name as it is kept, if no other folder has it, in large letters or small."""
    kept = " ".join(name.split())
    if not 0 < len(kept) <= LONGEST or not kept.isprintable():
        raise UnusableName(field="name")
    if any(
        folder.name.casefold() == kept.casefold() and folder.id != but for folder in session.scalars(select(Folder))
    ):
        raise FolderExists(field="name")
    return kept
