"""What was done to a workflow, and undoing it."""

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts import users
from app.core.db import transaction
from app.web import guide_view
from app.web.edit_words import edit_words
from app.web.pages import review
from app.web.rendering import render
from app.web.visitors import SentOurForm, SignedIn, Visitor
from app.web.wording import address
from app.workflows import edits, label_history
from app.workflows.errors import CannotUndo, EditNotFound
from app.workflows.models import Edit

router = APIRouter(prefix="/workflows/{workflow_id}")


@dataclass(frozen=True, slots=True)
class Done:
    """An edit, in words."""

    edit: Edit
    words: str
    by: str | None


@router.get("/history")
def show_history(request: Request, workflow_id: int, visitor: SignedIn) -> Response:
    """What people did, newest first, and every label that each step had."""
    return _show(request, workflow_id, visitor)


@router.post("/undo")
def undo(
    request: Request,
    workflow_id: int,
    visitor: SentOurForm,
    *,
    edit: Annotated[int | None, Form()] = None,
    next_: Annotated[str, Form(alias="next", max_length=300)] = "",
) -> Response:
    """Undo this edit, else the visitor's newest, and go back to where they came from."""
    page, step = _origin(workflow_id, next_)
    try:
        with transaction() as session:
            undone = edits.undo(session, workflow_id, visitor.actor, edit)
            step = next(iter(edits.step_ids(undone)), step)
    except (EditNotFound, CannotUndo) as error:
        if page == "/review":
            code = error.status_code
            return review.show(request, workflow_id, visitor, step, trouble=error.detail, status_code=code)
        return _show(request, workflow_id, visitor, trouble=error.detail, status_code=error.status_code)
    if page == "/review":
        at = str(step) if step else None
        return RedirectResponse(address(f"/workflows/{workflow_id}/review", step=at, done="undone"), 303)
    return RedirectResponse(next_ if page is not None else f"/workflows/{workflow_id}/history", 303)


def _origin(workflow_id: int, path: str) -> tuple[str | None, int | None]:
    """Which page of this workflow a path is of, and the step that it names; None: none of ours."""
    found = re.fullmatch(rf"/workflows/{workflow_id}(/[a-z]+|)(?:\?step=(\d{{1,18}}))?(?:#[\w-]*)?", path)
    return (found[1], int(found[2]) if found[2] else None) if found else (None, None)


def _show(
    request: Request, workflow_id: int, visitor: Visitor, *, trouble: str | None = None, status_code: int = 200
) -> Response:
    with transaction(read_only=True) as session:
        page = guide_view.build(session, workflow_id, visitor.actor)
        found = edits.listed(session, workflow_id, visitor.actor)
        names = users.names(session, {edit.user_id for edit in found if edit.user_id})
        past = label_history.of_steps(session, [item.view for item in page.steps])
    numbers = {item.guide.id: item.guide.number for item in page.steps}
    done = [Done(edit, edit_words(edit, numbers), names.get(edit.user_id or 0)) for edit in found]
    return render(
        request, "history.html", visitor, status_code=status_code, page=page, done=done, past=past, trouble=trouble
    )
