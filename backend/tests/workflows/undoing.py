"""Undoing the newest edit, and looking at what a workflow is then."""

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.workflows import (
    edits,
    labels,
    service,
)
from app.workflows.content import Action, StepContent
from app.workflows.models import (
    Workflow,
)

NOTE = StepContent(action=Action.NOTE, value="Mind the gap.", note_kind="note")


def undo(session: Session, workflow: Workflow, actor: Actor) -> str:
    return edits.undo(session, workflow.id, actor).what


def instruction(session: Session, step_id: int) -> str:
    return labels.shown(session, [step_id])[step_id].instruction


def found(session: Session, actor: Actor, q: str) -> list[int]:
    return [summary.workflow.id for summary in service.search(session, actor, q=q).items]
