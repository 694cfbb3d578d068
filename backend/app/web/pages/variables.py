"""What a reader fills in: declared, changed, taken away, made of words that the labels say."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.recordings import filling
from app.web.editor_forms import Words, do
from app.web.visitors import SentOurForm

router = APIRouter(prefix="/workflows/{workflow_id}/edit/variables")

Name = Annotated[str, Form(max_length=100)]


@router.post("")
def declare(
    request: Request,
    workflow_id: int,
    visitor: SentOurForm,
    *,
    name: Name = "",
    label: Words = "",
    example: Words = "",
    value: Words = "",
) -> Response:
    """Add one, or change the one of this name; with `value`, it takes the place of these words in all steps."""

    def act(session: Session, actor: Actor) -> None:
        filling.declare(session, workflow_id, actor, name=name, label=label, example=example, value=value)

    return do(request, workflow_id, visitor, act)


@router.post("/remove")
def remove(request: Request, workflow_id: int, visitor: SentOurForm, *, name: Name = "") -> Response:
    """It is not asked for any more; where a step mentions it, that is said."""

    def act(session: Session, actor: Actor) -> None:
        filling.forget(session, workflow_id, actor, name)

    return do(request, workflow_id, visitor, act)
