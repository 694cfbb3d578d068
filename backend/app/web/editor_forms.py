"""What the forms of the list of steps have in common: do it, lead back to the list, say in it what became of it."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.db import transaction
from app.core.errors import AppError
from app.web import editor_view
from app.web.editor_view import Opened
from app.web.rendering import render
from app.web.visitors import Visitor
from app.web.wording import address
from app.workflows.models import Edit

StepIds = Annotated[list[int], Form(alias="step", max_length=10_000)]
OneStep = Annotated[int, Form(alias="step")]
Version = Annotated[int | None, Form()]
Words = Annotated[str, Form(max_length=2_000)]

Act = Callable[[Session, Actor], int | None]
"""Does something; returns the step to come back to."""

SAID_IN_THE_LIST = frozenset({409, 413, 422})
"""Errors that a person can do something about there."""


def do(
    request: Request, workflow_id: int, visitor: Visitor, act: Act, *, opened: tuple[Opened, int] | None = None
) -> Response:
    """Do it in one transaction, and lead back to the list; what was wrong is said in the list, the form still open."""
    return do_prepared(request, workflow_id, visitor, lambda: act, opened=opened)


def do_prepared(
    request: Request,
    workflow_id: int,
    visitor: Visitor,
    prepare: Callable[[], Act],
    *,
    opened: tuple[Opened, int] | None = None,
) -> Response:
    """The same after a slow part that needs no transaction, or several of its own."""
    try:
        with transaction(read_only=True) as session:
            editor_view.require(session, workflow_id, visitor.actor)
            before = _newest(session, workflow_id, visitor)
        act = prepare()
        with transaction() as session:
            step_id = act(session, visitor.actor)
            after = _newest(session, workflow_id, visitor)
    except AppError as error:
        if error.status_code not in SAID_IN_THE_LIST:
            raise
        with transaction(read_only=True) as session:
            page = editor_view.build(session, workflow_id, visitor.actor, opened=opened, error=error)
        return render(request, "edit.html", visitor, status_code=error.status_code, page=page)
    done = str(after) if after != before else None
    place = f"#step-{step_id}" if step_id else ""
    return RedirectResponse(address(f"/workflows/{workflow_id}/edit", done=done) + place, 303)


def _newest(session: Session, workflow_id: int, visitor: Visitor) -> int | None:
    """The visitor's newest edit."""
    mine = (Edit.workflow_id == workflow_id, Edit.user_id == visitor.actor.user_id)
    return session.scalar(select(func.max(Edit.id)).where(*mine))
