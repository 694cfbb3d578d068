"""Steps copied with all their labels: beside themselves, or into another workflow."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.workflows import edits, order, removing
from app.workflows.models import Label, ProposalDecision, Step

_STEPS: Table = Step.__table__  # type: ignore[assignment]  # a Table, typed as FromClause
_LABELS: Table = Label.__table__  # type: ignore[assignment]


def duplicate(session: Session, workflow_id: int, actor: Actor, step_id: int, *, version: int | None = None) -> int:
    """Put a copy of a step behind it; the copy's number. A heading stays with the step that it stands above."""
    workflow, present = order.open_for_change(session, workflow_id, actor, version, {"step_id": step_id})
    place = order.place_of(present, step_id)
    order.require_room(session, workflow_id, 1)
    (copy,) = copies(session, [step_id], workflow_id, position=place + 2, heading=None, heading_source=None)
    order.changed(session, workflow)
    edits.record(session, workflow, actor, "step_duplicated", step=copy)
    return copy


def copies(session: Session, step_ids: Sequence[int], workflow_id: int, *, position: int, **instead: Any) -> list[int]:
    """Copy these steps into a workflow, from `position` on; the numbers of the copies. `instead`: values of theirs."""
    order.make_room(session, workflow_id, position, len(step_ids))
    rows = {row["id"]: row for row in session.execute(select(_STEPS).where(_STEPS.c.id.in_(step_ids))).mappings()}
    made: dict[int, int] = {}
    for place, step_id in enumerate(step_ids, position):
        values = {name: value for name, value in rows[step_id].items() if name != "id"}
        own = {"workflow_id": workflow_id, "position": place, "version": 1, **instead}
        made[step_id] = session.execute(insert(_STEPS).values(**values | own).returning(_STEPS.c.id)).scalar_one()
    again = _copy_labels(session, made)
    for step_id, copy in made.items():
        if stale := again.get(rows[step_id]["stale_label_id"]):
            session.execute(update(Step).where(Step.id == copy).values(stale_label_id=stale))
    removing.release(session, made.values())
    return list(made.values())


def _copy_labels(session: Session, made: dict[int, int]) -> dict[int, int]:
    """The numbers of the copies, which belong to no run: what a run costs and brought stays with its own labels."""
    again: dict[int, int] = {}
    of_these = select(_LABELS).where(_LABELS.c.step_id.in_(made)).order_by(_LABELS.c.id)
    decided = {
        row.label_id: row
        for row in session.scalars(
            select(ProposalDecision).join(Label, Label.id == ProposalDecision.label_id).where(Label.step_id.in_(made))
        )
    }
    for row in session.execute(of_these).mappings().all():
        values = {name: value for name, value in row.items() if name != "id"}
        own = {"step_id": made[row["step_id"]], "run_id": None}
        label_id = session.execute(insert(_LABELS).values(**values | own).returning(_LABELS.c.id)).scalar_one()
        again[row["id"]] = label_id
        if choice := decided.get(row["id"]):
            session.add(
                ProposalDecision(
                    label_id=label_id, decision=choice.decision, user_id=choice.user_id, created_at=choice.created_at
                )
            )
    session.flush()
    return again
