"""Steps put in another order."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.workflows import edits, order
from app.workflows.errors import CannotUndo, WrongOrder
from app.workflows.models import Workflow


def reorder(
    session: Session, workflow_id: int, actor: Actor, step_ids: Sequence[int], *, version: int | None = None
) -> Workflow:
    """Put the steps in this order, which must name every one of them exactly once."""
    workflow, before = order.open_for_change(session, workflow_id, actor, version, {"step_ids": list(step_ids)})
    _check_order(set(before), step_ids)
    order.arrange(session, workflow_id, step_ids)
    order.changed(session, workflow)
    if list(step_ids) != before:
        edits.record(session, workflow, actor, "steps_reordered", before=before, after=list(step_ids))
    return workflow


def move(
    session: Session,
    workflow_id: int,
    actor: Actor,
    step_ids: Sequence[int],
    *,
    after: int | None,
    version: int | None = None,
) -> Workflow:
    """Put these steps, in the order that they have, behind step `after` (None: at the beginning)."""
    _, present = order.open_for_change(session, workflow_id, actor)
    for step_id in step_ids:
        order.place_of(present, step_id)
    moved = set(step_ids)
    rest = [step_id for step_id in present if step_id not in moved]
    at = 0
    if after is not None:
        # Behind a step that moves itself: behind the nearest one before it that stays.
        at = sum(step_id not in moved for step_id in present[: order.place_of(present, after) + 1])
    wanted = [*rest[:at], *(step_id for step_id in present if step_id in moved), *rest[at:]]
    return reorder(session, workflow_id, actor, wanted, version=version)


def nudge(
    session: Session, workflow_id: int, actor: Actor, step_id: int, *, by: int, version: int | None = None
) -> Workflow:
    """Move a step one place up (-1) or down (1); at the end of the list it stays where it is."""
    _, present = order.open_for_change(session, workflow_id, actor)
    place = order.place_of(present, step_id)
    target = min(max(place + by, 0), len(present) - 1)
    present.insert(target, present.pop(place))
    return reorder(session, workflow_id, actor, present, version=version)


@edits.undoes("steps_reordered")
def _order_as_before(session: Session, workflow: Workflow, _actor: Actor, facts: dict[str, Any]) -> None:
    """Steps that came since stay where they are; those that went stay away."""
    present = order.ids(session, workflow.id)
    known = set(present)
    before = [step_id for step_id in facts["before"] if step_id in known]
    places = set(before)
    if [step_id for step_id in present if step_id in places] != [i for i in facts["after"] if i in known]:
        raise CannotUndo("The steps were put in another order after that: undo that first.")
    earlier = iter(before)
    wanted = [next(earlier) if step_id in places else step_id for step_id in present]
    order.arrange(session, workflow.id, wanted)
    order.changed(session, workflow)


def _check_order(present: set[int], step_ids: Sequence[int]) -> None:
    given = set(step_ids)
    wrong = {
        "missing": sorted(present - given),
        "unknown": sorted(given - present),
        "repeated": sorted({step_id for step_id in given if step_ids.count(step_id) > 1}),
    }
    wrong = {what: ids for what, ids in wrong.items() if ids}
    if wrong:
        listing = "; ".join(f"{what}: {', '.join(map(str, ids[:20]))}" for what, ids in wrong.items())
        raise WrongOrder(f"step_ids must name every step of the workflow exactly once ({listing}).", **wrong)
