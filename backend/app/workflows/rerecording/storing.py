"""A new recording of a workflow's task put beside it, and put aside again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import Actor
from app.core import preferences
from app.core.clock import now
from app.workflows import finding
from app.workflows.content import StepContent
from app.workflows.labels import NewLabel, fitting
from app.workflows.rerecording import comparing
from app.workflows.rerecording.errors import RerecordingDecided
from app.workflows.rerecording.models import RerecordedStep, Rerecording, RerecordingState


@dataclass(frozen=True, slots=True)
class NewStep:
    """A step as it comes in."""

    content: StepContent
    by_rules: NewLabel
    by_person: NewLabel | None
    heading: str | None


def add(
    session: Session, workflow_id: int, actor: Actor, steps: Sequence[NewStep], warnings: Sequence[str] = ()
) -> Rerecording:
    """Keep it until somebody decides. Nothing of the workflow changes."""
    workflow = finding.get(session, workflow_id, actor, for_change=True)
    rerecording = Rerecording(
        workflow_id=workflow.id, user_id=actor.user_id, state=RerecordingState.OPEN, warnings=list(warnings) or None
    )
    session.add(rerecording)
    session.flush()
    session.add_all(
        RerecordedStep(
            rerecording_id=rerecording.id,
            position=position,
            content=step.content.model_dump(mode="json", exclude_defaults=True, exclude={"screenshot_id"}),
            screenshot_id=step.content.screenshot_id,
            by_rules=_words(step.by_rules),
            by_person=_words(step.by_person) if step.by_person else None,
            heading=step.heading,
        )
        for position, step in enumerate(steps, 1)
    )
    session.flush()
    audit.record(session, actor, "recorded_again", f"workflow:{workflow.id}", rerecording=rerecording.id)
    return rerecording


def dismiss(session: Session, workflow_id: int, actor: Actor, rerecording_id: int) -> None:
    """Nothing of it is taken over. Its pictures go with the next cleaning, once it is purged."""
    finding.get(session, workflow_id, actor, for_change=True)
    _, rerecording = comparing.find(session, workflow_id, actor, rerecording_id)
    require_open(rerecording)
    close(session, rerecording, actor, RerecordingState.DISMISSED)


def require_open(rerecording: Rerecording) -> None:
    """Raise RerecordingDecided if somebody has decided already."""
    if rerecording.state != RerecordingState.OPEN:
        raise RerecordingDecided(decision=str(rerecording.state))


def close(session: Session, rerecording: Rerecording, actor: Actor, state: RerecordingState) -> None:
    """Note what was decided."""
    rerecording.state, rerecording.decided_at = state, now()
    session.flush()
    where = f"workflow:{rerecording.workflow_id}"
    audit.record(session, actor, f"rerecording_{state}", where, rerecording=rerecording.id)


def purge(session: Session) -> int:
    """Erase those that were decided about so long ago that it cannot be undone any more; how many."""
    old = Rerecording.decided_at < now() - timedelta(days=preferences.settings(session).removed_step_days)
    return len(session.scalars(delete(Rerecording).where(old).returning(Rerecording.id)).all())


def _words(label: NewLabel) -> dict[str, str]:
    fit = fitting(label)
    return {"field_label": fit.field_label, "instruction": fit.instruction}
