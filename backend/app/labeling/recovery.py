"""Which runs have to be woken: those whose message was never sent or got lost, and those whose worker died.

One indexed query finds them, whatever else the table holds. Sending the messages is up to the caller.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from app.core.clock import db_now, now
from app.labeling.models import LabelingRun, RunState
from app.labeling.runs import PRIORITIES


@dataclass(frozen=True, slots=True)
class Due:
    """A run that wants looking at; `sent`: its message was sent and should be waiting."""

    run_id: int
    workflow_id: int
    state: RunState
    priority: int
    sent: bool


def due(session: Session, limit: int) -> list[Due]:
    """Runs whose time has come, most urgent first."""
    run = LabelingRun
    priority = case(PRIORITIES, value=run.mode, else_=PRIORITIES["normal"])
    rows = session.execute(
        select(run.id, run.workflow_id, run.state, priority, run.published_at.is_not(None))
        .where(run.due_at <= db_now())
        .order_by(run.due_at)
        .limit(limit)
    )
    return sorted((Due(*row) for row in rows), key=lambda item: item.priority)


def count_sent(session: Session) -> int:
    """Queued runs whose message should be waiting."""
    run = LabelingRun
    return session.scalar(select(func.count()).where(run.state == RunState.QUEUED, run.published_at.is_not(None))) or 0


def mark_published(session: Session, run_ids: Sequence[int], redeliver_seconds: float) -> None:
    """Their messages were sent: look at them again later. A run that rests, or that a worker has already, is left."""
    run = LabelingRun
    session.execute(
        update(run)
        .where(run.id.in_(run_ids), run.state == RunState.QUEUED, run.due_at <= db_now())
        .values(published_at=now(), due_at=db_now(redeliver_seconds))
    )


def put_off(session: Session, run_ids: Sequence[int], redeliver_seconds: float) -> None:
    """Their messages are still waiting in a long queue: look again later."""
    run = LabelingRun
    session.execute(
        update(run)
        .where(run.id.in_(run_ids), run.state == RunState.QUEUED, run.published_at.is_not(None))
        .values(due_at=db_now(redeliver_seconds))
    )
