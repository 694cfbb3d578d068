"""Every label that steps ever had: who wrote it, what was decided about it, whether it is the one that is shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.models import User
from app.workflows import steps
from app.workflows.models import Label, ProposalDecision
from app.workflows.steps import StepView


@dataclass(frozen=True, slots=True)
class PastLabel:
    """A label, and what became of it."""

    label: Label
    by: str | None
    """Name of the person who wrote it."""
    decision: str | None
    """`accepted` or `rejected`, of a proposal; `withdrawn`: a person's edit that was undone."""
    shown: bool


def of_step(session: Session, workflow_id: int, step_id: int, actor: Actor) -> list[PastLabel]:
    """The labels of a step of a workflow that `actor` may see, newest first."""
    view = steps.get(session, workflow_id, step_id, actor)
    return of_steps(session, [view]).get(view.step.id, [])


def of_steps(session: Session, views: Sequence[StepView]) -> dict[int, list[PastLabel]]:
    """The labels of each of these steps, newest first."""
    here = Label.step_id.in_([view.step.id for view in views])
    rows = (
        select(Label, User.name, ProposalDecision.decision)
        .outerjoin(User, User.id == Label.user_id)
        .outerjoin(ProposalDecision, ProposalDecision.label_id == Label.id)
        .where(here)
        .order_by(Label.id.desc())
    )
    shown = {view.label.id for view in views if view.label}
    found: dict[int, list[PastLabel]] = {}
    for label, name, decision in session.execute(rows):
        found.setdefault(label.step_id, []).append(PastLabel(label, name, decision, label.id in shown))
    return found
