"""What people did to a workflow, and undoing it.

Whoever changes something records what undoing it needs to know, in the same transaction:

    edits.record(session, workflow, actor, "step_removed", step=17, position=4)

and says beside it how that is undone:

    @edits.undoes("step_removed")
    def _put_back(session: Session, workflow: Workflow, actor: Actor, facts: dict[str, Any]) -> None: ...

An undo does what it can without harming what was done since; if it cannot, it raises `CannotUndo` and says why.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.clock import now
from app.workflows import finding
from app.workflows.errors import CannotUndo, EditNotFound
from app.workflows.models import Edit, Workflow

Undo = Callable[[Session, Workflow, Actor, dict[str, Any]], None]

UNDO: dict[str, Undo] = {}
"""How each kind of edit is undone."""


def undoes(what: str) -> Callable[[Undo], Undo]:
    """Declare a function as the undoing of a kind of edit."""

    def declare(undo: Undo) -> Undo:
        UNDO[what] = undo
        return undo

    return declare


def record(session: Session, workflow: Workflow, actor: Actor, what: str, **facts: Any) -> Edit:
    """Note an edit that was just made. `facts` are JSON: numbers of rows, and texts that were there before."""
    if what not in UNDO:
        raise ValueError(f"nobody said how {what!r} is undone")
    edit = Edit(workflow_id=workflow.id, user_id=actor.user_id, what=what, facts=facts)
    session.add(edit)
    session.flush()
    return edit


def listed(session: Session, workflow_id: int, actor: Actor, *, limit: int = 100) -> Sequence[Edit]:
    """The newest edits of a workflow, the newest first, the undone ones too."""
    finding.get(session, workflow_id, actor)
    newest = select(Edit).where(Edit.workflow_id == workflow_id).order_by(Edit.id.desc())
    return session.scalars(newest.limit(limit)).all()


def undo(session: Session, workflow_id: int, actor: Actor, edit_id: int | None = None) -> Edit:
    """Undo an edit; without a number, the newest of the actor's own that is not undone yet.

    Raises `EditNotFound`, `CannotUndo`.
    """
    workflow = finding.get(session, workflow_id, actor, for_change=True)
    open_ = select(Edit).where(Edit.workflow_id == workflow_id, Edit.undone_at.is_(None))
    if edit_id is None:
        chosen = open_.where(Edit.user_id == actor.user_id).order_by(Edit.id.desc()).limit(1)
    else:
        chosen = open_.where(Edit.id == finding.storable(edit_id))
    edit = session.scalar(chosen)
    if edit is None:
        raise EditNotFound
    if edit.what not in UNDO:
        raise CannotUndo("This was done by another version of this program, which knew how to undo it.")
    UNDO[edit.what](session, workflow, actor, edit.facts)
    edit.undone_at = now()
    session.flush()
    return edit


def step_ids(edit: Edit) -> list[int]:
    """The steps that an edit is about, as its facts name them: `steps`, one `step`, or `places` of steps."""
    facts = edit.facts
    if "places" in facts:
        return [place["step"] for place in facts["places"]]
    if "step" in facts:
        return [facts["step"]]
    return list(facts.get("steps", ()))
