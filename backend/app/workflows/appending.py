"""Another recording's steps copied into a workflow that is there already."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import Actor
from app.workflows import copying, edits, order, removing, service
from app.workflows.content import Action
from app.workflows.errors import CannotAppend, CannotUndo
from app.workflows.models import LabelState, Step, Workflow


def append(
    session: Session,
    workflow_id: int,
    actor: Actor,
    other_id: int,
    *,
    after_step_id: int | None = None,
    version: int | None = None,
) -> tuple[list[int], list[int]]:
    """Copy the steps of another workflow, with all their labels, behind a step (None: at the end).

    Returns the new steps' numbers, and those among them that no model has labelled.
    """
    workflow, present = order.open_for_change(
        session, workflow_id, actor, version, {"workflow_id": other_id, "after_step_id": after_step_id}
    )
    if other_id == workflow_id:
        raise CannotAppend("A workflow cannot be added to itself. Duplicate its steps instead.")
    service.get(session, other_id, actor)
    theirs = order.ids(session, other_id)
    if not theirs:
        raise CannotAppend
    order.require_room(session, workflow_id, len(theirs))
    position = len(present) + 1 if after_step_id is None else order.place_of(present, after_step_id) + 2
    added = copying.copies(session, theirs, workflow_id, position=position)
    order.changed(session, workflow)
    edits.record(session, workflow, actor, "recording_appended", steps=added, other=other_id)
    audit.record(session, actor, "recording_appended", f"workflow:{workflow_id}", other=other_id, steps=len(added))
    unlabelled = select(Step.id).where(
        Step.id.in_(added), Step.label_state != LabelState.LABELLED, Step.action != Action.NOTE
    )
    return added, list(session.scalars(unlabelled))


@edits.undoes("recording_appended")
def _take_out(session: Session, workflow: Workflow, _actor: Actor, facts: dict[str, Any]) -> None:
    """Those that are still there."""
    present = set(order.ids(session, workflow.id))
    added = [step_id for step_id in facts["steps"] if step_id in present]
    if not added:
        raise CannotUndo("None of the steps that were added is in this workflow any more.")
    removing.take_out(session, workflow.id, added)
    order.changed(session, workflow)
