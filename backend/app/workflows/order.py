"""The order of a workflow's steps: read, changed, checked. Positions count from 1, without gaps."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.config import get_settings
from app.workflows import search, service
from app.workflows.errors import NotInARow, StepNotFound, TooManySteps, VersionConflict
from app.workflows.models import Step, Workflow


def open_for_change(
    session: Session, workflow_id: int, actor: Actor, version: int | None = None, yours: dict[str, Any] | None = None
) -> tuple[Workflow, list[int]]:
    """The workflow, locked, and its steps' numbers in their order.

    With `version`, only if the order is still the one that was read; else both are told: `yours`, and the one it has.
    """
    workflow = service.get(session, workflow_id, actor, for_change=True)
    present = ids(session, workflow_id)
    if version is not None and version != workflow.version:
        raise VersionConflict(yours=yours, theirs={"step_ids": present}, version=workflow.version)
    return workflow, present


def ids(session: Session, workflow_id: int) -> list[int]:
    """The numbers of the steps, in their order."""
    in_order = select(Step.id).where(Step.workflow_id == workflow_id).order_by(Step.position)
    return list(session.scalars(in_order))


def find(session: Session, workflow_id: int, step_id: int) -> Step:
    """The row of a step of this workflow, as it is now."""
    wanted = select(Step).where(Step.workflow_id == workflow_id, Step.id == service.storable(step_id))
    step = session.scalar(wanted.execution_options(populate_existing=True))
    if step is None:
        raise StepNotFound
    return step


def place_of(present: Sequence[int], step_id: int) -> int:
    """Where in the order a step is, from 0."""
    try:
        return present.index(step_id)
    except ValueError:
        raise StepNotFound from None


def in_a_row(present: Sequence[int], step_ids: Collection[int]) -> list[int]:
    """These steps in their order, if nothing stands between them."""
    for step_id in step_ids:
        place_of(present, step_id)
    wanted = [step_id for step_id in present if step_id in set(step_ids)]
    first = present.index(wanted[0])
    if list(present[first : first + len(wanted)]) != wanted:
        raise NotInARow
    return wanted


def arrange(session: Session, workflow_id: int, step_ids: Sequence[int]) -> None:
    """Number the steps in this order, which holds all of them."""
    before = ids(session, workflow_id)
    moved = [
        {"id": step_id, "position": position}
        for position, step_id in enumerate(step_ids, 1)
        if position > len(before) or before[position - 1] != step_id
    ]
    if moved:
        session.execute(update(Step), moved)


def close_gaps(session: Session, workflow_id: int) -> None:
    """Number the steps that are there from 1."""
    ranked = select(Step.id, Step.position).where(Step.workflow_id == workflow_id).order_by(Step.position)
    moved = [
        {"id": step_id, "position": place}
        for place, (step_id, position) in enumerate(session.execute(ranked).all(), 1)
        if position != place
    ]
    if moved:
        session.execute(update(Step), moved)


def make_room(session: Session, workflow_id: int, position: int, places: int) -> None:
    """Shift the steps from `position` on."""
    shift = update(Step).where(Step.workflow_id == workflow_id, Step.position >= position)
    session.execute(shift.values(position=Step.position + places))


def require_room(session: Session, workflow_id: int, more: int) -> int:
    """Refuse more steps than a workflow may have; how many it has now."""
    counted = select(func.count()).select_from(Step).where(Step.workflow_id == workflow_id)
    count, most = session.scalar(counted) or 0, get_settings().max_steps
    if count + more > most:
        raise TooManySteps(f"This workflow has {count} steps; at most {most} are allowed.", limit=most)
    return count


def changed(session: Session, workflow: Workflow) -> Workflow:
    """Whoever read the order before has to read it again; what can be searched for is brought up to date."""
    session.flush()
    service.bump(session, workflow)
    search.index(session, [workflow.id])
    return workflow
