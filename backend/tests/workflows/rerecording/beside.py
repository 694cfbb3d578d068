"""A workflow with a new recording beside it."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.storage import service as storage
from app.storage.store import get_store
from app.workflows import labels, order, steps
from app.workflows.content import StepContent
from app.workflows.labels import NewLabel
from app.workflows.models import Label, Step, Workflow
from app.workflows.rerecording import comparing, storing
from app.workflows.rerecording.choices import Choice, Take, Wanted
from app.workflows.rerecording.comparing import Comparison
from tests.api.bodies import picture
from tests.workflows.conftest import make_workflow

_SHADES = count(1)


def shot(session: Session, actor: Actor) -> str:
    """Another picture each time; its number."""
    stored, _ = storage.store(
        session,
        get_store(),
        owner_id=actor.user_id,
        data=picture(next(_SHADES) % 255),
        max_bytes=10**6,
        max_pixels=10**6,
    )
    return stored.id


def workflow_of(session: Session, actor: Actor, contents: Sequence[StepContent]) -> Workflow:
    return make_workflow(session, actor, contents=tuple(contents))


def record_again(session: Session, workflow: Workflow, actor: Actor, contents: Sequence[StepContent]) -> Comparison:
    """The comparison with what was recorded anew."""
    new = [storing.NewStep(content, NewLabel("Field", f"Click {content.action}."), None, None) for content in contents]
    rerecording = storing.add(session, workflow.id, actor, new)
    return comparing.build(session, workflow, rerecording)


def all_of(comparison: Comparison, take: Take = "new", **given: Any) -> Wanted:
    return Wanted(comparison.basis, take, **given)


def only(comparison: Comparison, *keys: str, picture: Take | None = None) -> Wanted:
    """The new state of these rows alone."""
    rows = {row.key: row for row in comparison.rows}
    chosen = [
        Choice(row.old.step.id if row.old else None, row.new.position if row.new else None, "new", picture)
        for row in (rows[key] for key in keys)
    ]
    return Wanted(comparison.basis, "old", chosen)


def kinds(comparison: Comparison) -> str:
    """`unchanged changed added removed`."""
    return " ".join(row.kind for row in comparison.rows)


def ids(session: Session, workflow: Workflow) -> list[int]:
    return order.ids(session, workflow.id)


def names(session: Session, workflow: Workflow) -> list[str]:
    """Of the steps' controls, in order; a note's is its action."""
    found = steps.listed(session, workflow.id)
    return [(view.step.target or {}).get("name") or view.step.action for view in found]


def write(session: Session, step_id: int, actor: Actor, instruction: str) -> Label:
    """A person's words."""
    labels.write(session, step_id, labels.by_person("Field", instruction, actor.user_id))
    return labels.shown(session, [step_id])[step_id]


def step(session: Session, step_id: int) -> Step:
    return session.get_one(Step, step_id, populate_existing=True)
