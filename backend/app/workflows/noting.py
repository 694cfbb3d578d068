"""Headings that a person puts above the steps: changed, and as before again."""

from typing import Any

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.workflows import edits, order
from app.workflows.errors import CannotUndo, StepNotFound
from app.workflows.models import Step, Workflow


def heading(step: Step) -> dict[str, Any]:
    """What stands above the step, and who put it there."""
    return {"heading": step.heading, "heading_source": step.heading_source}


def record(session: Session, workflow: Workflow, actor: Actor, step: Step, before: dict[str, Any]) -> None:
    """Note what has become of the heading, if it is another."""
    after = heading(step)
    if after != before:
        edits.record(session, workflow, actor, "heading_changed", step=step.id, before=before, after=after)


@edits.undoes("heading_changed")
def _as_before(session: Session, workflow: Workflow, _actor: Actor, facts: dict[str, Any]) -> None:
    try:
        step = order.find(session, workflow.id, facts["step"])
    except StepNotFound:
        raise CannotUndo("The step is not in this workflow any more.") from None
    if heading(step) != facts["after"]:
        raise CannotUndo("This was changed again after that: undo that first.")
    for field, value in facts["before"].items():
        setattr(step, field, value)
    step.version += 1
    order.changed(session, workflow)
