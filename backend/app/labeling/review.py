"""The order in which a person should look at the steps of a workflow: the most doubtful first."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.workflows import service as workflows
from app.workflows import steps
from app.workflows.content import Action
from app.workflows.models import LabelSource, LabelState
from app.workflows.steps import StepView

SERIOUS = 0.3
"""What a flag takes from a label's confidence when the order is made; together, however many there are."""
STYLE = 0.05
"""The same for a mere matter of style (`style:…`)."""


def ordered(session: Session, workflow_id: int, actor: Actor) -> list[StepView]:
    """All steps: those that a model failed at or a new recording changed, then by doubt, last a person's words."""
    workflows.get(session, workflow_id, actor)
    return by_doubt(steps.listed(session, workflow_id))


def by_doubt(views: Iterable[StepView]) -> list[StepView]:
    """The most doubtful first; of those with a person's own words, the ones that a model says something else of."""
    return sorted(views, key=_rank)


def is_checked(view: StepView) -> bool:
    """Whether a person stands behind what the step says now, and no model's proposal waits for them."""
    if view.step.action == Action.NOTE:
        return True
    by_person = view.label is not None and view.label.source == LabelSource.HUMAN
    return by_person and not view.proposals and not view.stale


def _rank(view: StepView) -> tuple[int, float, int]:
    if view.label is None or view.stale:
        return 0, 0.0, view.step.position
    if view.label.source == LabelSource.HUMAN:
        return 2 if view.proposals else 3, 0.0, view.step.position
    failed = view.step.label_state == LabelState.FAILED
    return 0 if failed else 1, _sureness(view.label.confidence, view.label.flags or ()), view.step.position


def _sureness(confidence: float | None, flags: list[str] | tuple[()]) -> float:
    """A label that nobody judged, as of a note, has nothing to be doubted."""
    serious = any(not flag.startswith("style:") for flag in flags)
    return (1.0 if confidence is None else confidence) - (SERIOUS if serious else STYLE if flags else 0.0)
