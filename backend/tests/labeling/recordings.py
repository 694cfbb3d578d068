"""Small recorded workflows to label."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core.db import transaction
from app.labeling import runs
from app.labeling.models import LabelingRun, Mode
from app.workflows.models import Label, LabelSource, Step, Workflow


@dataclass(frozen=True, slots=True)
class Recorded:
    """Numbers of what was stored."""

    workflow_id: int
    step_ids: tuple[int, ...]
    run_id: int


def record(names: Sequence[str], *, mode: Mode = "normal", rule_labels: bool = False) -> Recorded:
    """A workflow of clicks on buttons with these names, with a queued run, in a transaction of its own."""
    with transaction() as session:
        return queued(session, names, mode=mode, rule_labels=rule_labels)


def queued(session: Session, names: Sequence[str], *, mode: Mode = "normal", rule_labels: bool = False) -> Recorded:
    """The same, in a transaction in which more may be recorded."""
    workflow_id, step_ids = store(session, names, rule_labels=rule_labels)
    run = runs.queue(session, workflow_id, total_steps=len(names), mode=mode)
    return Recorded(workflow_id, step_ids, run.id)


def store(session: Session, names: Sequence[str], *, rule_labels: bool = False) -> tuple[int, tuple[int, ...]]:
    """The workflow and its steps, without a run."""
    workflow = Workflow(owner_id=_owner(session), name="Create a contact")
    session.add(workflow)
    session.flush()
    steps = [
        Step(
            workflow_id=workflow.id,
            position=position,
            action="click",
            target={"tag": "button", "role": "button", "name": name},
            page={"url": "https://crm.example/", "title": "CRM"},
        )
        for position, name in enumerate(names, start=1)
    ]
    session.add_all(steps)
    session.flush()
    if rule_labels:
        session.add_all(
            Label(step_id=step.id, field_label=name, instruction=f"Click {name}.", confidence=0.5, source="rules")
            for step, name in zip(steps, names, strict=True)
        )
    return workflow.id, tuple(step.id for step in steps)


def labels_of(step_id: int, source: LabelSource | None = None) -> list[Label]:
    """Every label of a step, oldest first."""
    query = select(Label).where(Label.step_id == step_id).order_by(Label.id)
    if source is not None:
        query = query.where(Label.source == source)
    with transaction(read_only=True) as session:
        return list(session.scalars(query))


def run_of(run_id: int) -> LabelingRun:
    """The run as it stands."""
    with transaction(read_only=True) as session:
        return runs.get(session, run_id)


def _owner(session: Session) -> int:
    owner = session.scalars(select(User.id)).first()
    if owner is None:
        user = User(email="ada@example.com", name="Ada", role="editor")
        session.add(user)
        session.flush()
        owner = user.id
    return owner
