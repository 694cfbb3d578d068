"""Steps taken out of a workflow, kept for a while with all their labels, and put back under their own numbers."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, delete, exists, insert, select, update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core import preferences
from app.core.clock import now
from app.workflows import edits, order
from app.workflows.errors import CannotUndo, StepNotFound, TooManySteps
from app.workflows.models import Label, LabelSource, LabelState, ProposalDecision, RemovedStep, Step, Workflow

_STEPS: Table = Step.__table__  # type: ignore[assignment]  # a Table, typed as FromClause
_LABELS: Table = Label.__table__  # type: ignore[assignment]
_APART = frozenset({"id", "workflow_id", "screenshot_id"})
_MOMENTS = frozenset({"timestamp", "created_at"})


def remove(session: Session, workflow: Workflow, actor: Actor, step_ids: Sequence[int]) -> None:
    """Take these steps out, so that it can be undone."""
    present, gone = order.ids(session, workflow.id), set(step_ids)
    places = [
        {"step": step_id, "position": place, "after": present[place - 2] if place > 1 else None}
        for place, step_id in enumerate(present, 1)
        if step_id in gone
    ]
    take_out(session, workflow.id, step_ids)
    order.changed(session, workflow)
    edits.record(session, workflow, actor, "step_removed", places=places)


@edits.undoes("step_removed")
def _put_back(session: Session, workflow: Workflow, _actor: Actor, facts: dict[str, Any]) -> None:
    places = facts["places"]
    put_back(session, workflow.id, [place["step"] for place in places])
    back = {place["step"] for place in places}
    present = [step_id for step_id in order.ids(session, workflow.id) if step_id not in back]
    for place in places:
        after = place["after"]
        at = present.index(after) + 1 if after in present else 0 if after is None else place["position"] - 1
        present.insert(at, place["step"])
    order.arrange(session, workflow.id, present)
    order.changed(session, workflow)


@edits.undoes("step_duplicated")
@edits.undoes("step_added")
def _take_out_again(session: Session, workflow: Workflow, _actor: Actor, facts: dict[str, Any]) -> None:
    try:
        take_out(session, workflow.id, [facts["step"]])
    except StepNotFound:
        raise CannotUndo("The step is not in this workflow any more.") from None
    order.changed(session, workflow)


def take_out(session: Session, workflow_id: int, step_ids: Collection[int]) -> None:
    """Delete the rows of these steps and their labels, and keep what they held."""
    wanted = select(_STEPS).where(_STEPS.c.id.in_(step_ids), _STEPS.c.workflow_id == workflow_id)
    rows = session.execute(wanted).mappings().all()
    if len(rows) != len(set(step_ids)):
        raise StepNotFound
    kept = _labels_of(session, step_ids)
    moment = now()
    session.execute(
        insert(RemovedStep),
        [
            {
                "id": row["id"],
                "workflow_id": workflow_id,
                "screenshot_id": row["screenshot_id"],
                "step": _as_json({name: value for name, value in row.items() if name not in _APART}),
                "labels": kept.get(row["id"], []),
                "removed_at": moment,
            }
            for row in rows
        ],
    )
    session.execute(delete(Step).where(Step.id.in_(step_ids)).execution_options(synchronize_session="fetch"))
    order.close_gaps(session, workflow_id)


def put_back(session: Session, workflow_id: int, step_ids: Sequence[int]) -> None:
    """Put steps that were taken out at the end of the workflow, in this order, with their numbers and labels.

    Raises `CannotUndo` where they are not kept any more, or there is no room for them.
    """
    wanted = select(RemovedStep).where(RemovedStep.id.in_(step_ids), RemovedStep.workflow_id == workflow_id)
    kept = {row.id: row for row in session.scalars(wanted)}
    if missing := [step_id for step_id in step_ids if step_id not in kept]:
        raise CannotUndo(_why_missing(session, missing[0]))
    try:
        count = order.require_room(session, workflow_id, len(step_ids))
    except TooManySteps as error:
        raise CannotUndo(f"There is no room for the steps: {error.detail}") from None
    for place, step_id in enumerate(step_ids, count + 1):
        row = kept[step_id]
        values = _from_json(row.step) | {"position": place}
        session.execute(
            insert(_STEPS).values(id=step_id, workflow_id=workflow_id, screenshot_id=row.screenshot_id, **values)
        )
        _put_labels_back(session, step_id, row.labels)
        session.delete(row)
    session.flush()
    release(session, step_ids)


def release(session: Session, step_ids: Collection[int]) -> None:
    """Steps that no run waits for any more fall back to what their labels say."""
    pending = (Step.id.in_(step_ids), Step.label_state == LabelState.PENDING)
    by_model = exists(select(Label.id).where(Label.step_id == Step.id, Label.source == LabelSource.AI))
    session.execute(update(Step).where(*pending, by_model).values(label_state=LabelState.LABELLED))
    session.execute(update(Step).where(*pending).values(label_state=LabelState.RULES))


def purge(session: Session) -> int:
    """Erase steps that were taken out long ago; how many."""
    old = RemovedStep.removed_at < now() - timedelta(days=preferences.settings(session).removed_step_days)
    return len(session.scalars(delete(RemovedStep).where(old).returning(RemovedStep.id)).all())


def _why_missing(session: Session, step_id: int) -> str:
    elsewhere = select(Step.workflow_id).where(Step.id == step_id)
    if session.scalar(elsewhere) is not None:
        return "The step is in a workflow already: it was put back meanwhile."
    days = preferences.settings(session).removed_step_days
    return f"The step was erased for good: removed steps are kept for {days:g} days."


def _labels_of(session: Session, step_ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    decided = {
        row.label_id: _as_json({"decision": row.decision, "user_id": row.user_id, "created_at": row.created_at})
        for row in session.scalars(
            select(ProposalDecision)
            .join(Label, Label.id == ProposalDecision.label_id)
            .where(Label.step_id.in_(step_ids))
        )
    }
    found: dict[int, list[dict[str, Any]]] = {}
    of_these = select(_LABELS).where(_LABELS.c.step_id.in_(step_ids)).order_by(_LABELS.c.id)
    for row in session.execute(of_these).mappings():
        values = _as_json({name: value for name, value in row.items() if name != "step_id"})
        found.setdefault(row["step_id"], []).append(values | {"decided": decided.get(row["id"])})
    return found


def _put_labels_back(session: Session, step_id: int, kept: Sequence[Mapping[str, Any]]) -> None:
    """Under their own numbers, unless SQLite has given one of them away meanwhile; then under new ones, in order."""
    taken = session.scalars(select(Label.id).where(Label.id.in_([label["id"] for label in kept]))).all()
    for label in kept:
        values = _from_json({name: value for name, value in label.items() if name != "decided"}) | {"step_id": step_id}
        if taken:
            del values["id"]
        label_id = session.execute(insert(_LABELS).values(**values).returning(_LABELS.c.id)).scalar_one()
        if label["decided"]:
            session.execute(insert(ProposalDecision).values(label_id=label_id, **_from_json(label["decided"])))


def _as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def _from_json(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value) if name in _MOMENTS and value is not None else value
        for name, value in values.items()
    }
