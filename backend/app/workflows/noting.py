"""What a person says around the steps: headings above them, and notes between them; changed, and as before again."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.workflows import edits, labels, order
from app.workflows.content import Action
from app.workflows.errors import CannotUndo, StepNotFound
from app.workflows.models import Step, Workflow

HEADING = ("heading", "heading_source")
NOTE = ("note_kind", "value", "screenshot_id")


@dataclass(frozen=True, slots=True)
class Before:
    """What a step was, as far as it is undone here."""

    heading: dict[str, Any]
    note: dict[str, Any]

    @classmethod
    def of(cls, step: Step) -> "Before":
        """As the row is now."""
        return cls(_facts(step, HEADING), _facts(step, NOTE))

    def record(self, session: Session, workflow: Workflow, actor: Actor, step: Step, label_id: int | None) -> None:
        """Note what has become of it; with a note, the label that was written with it."""
        heading, note = _facts(step, HEADING), _facts(step, NOTE)
        if heading != self.heading:
            edits.record(session, workflow, actor, "heading_changed", step=step.id, before=self.heading, after=heading)
        if note != self.note and step.action == Action.NOTE:
            facts = {"step": step.id, "before": self.note, "after": note, "label": label_id}
            edits.record(session, workflow, actor, "note_changed", **facts)


@edits.undoes("heading_changed")
@edits.undoes("note_changed")
def _as_before(session: Session, workflow: Workflow, actor: Actor, facts: dict[str, Any]) -> None:
    try:
        step = order.find(session, workflow.id, facts["step"])
    except StepNotFound:
        raise CannotUndo("The step is not in this workflow any more.") from None
    if _facts(step, tuple(facts["after"])) != facts["after"]:
        raise CannotUndo("This was changed again after that: undo that first.")
    for field, value in facts["before"].items():
        setattr(step, field, value)
    step.version += 1
    labels.withdraw(session, {step.id: facts["label"]} if facts.get("label") else {}, actor.user_id)
    order.changed(session, workflow)


def _facts(step: Step, fields: tuple[str, ...]) -> dict[str, Any]:
    return {field: getattr(step, field) for field in fields}
