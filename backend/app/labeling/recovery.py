"""Which runs have to be woken: those whose message was never sent or got lost, and those whose worker died.

One indexed query finds them, whatever else the table holds. Sending the messages is up to the caller.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, case, exists, func, or_, select, update
from sqlalchemy.orm import Session

from app.core.clock import UtcDateTime, db_now, now
from app.labeling.models import ACTIVE, OPEN_BATCHES, LabelingBatch, LabelingRun, RunState
from app.labeling.runs import PRIORITIES

HANDING_OVER = timedelta(minutes=10)
"""Longer than it takes to hand a batch over, and for the provider to have it in its list."""


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
    return sorted((Due(*row) for row in session.execute(due_query(limit))), key=lambda item: item.priority)


def due_query(limit: int) -> Select[Any]:
    """What `due` asks."""
    return _DUE.order_by(LabelingRun.due_at).limit(limit)


def orphans(session: Session) -> list[Due]:
    """All runs whose worker died: never more than all workers together work on at a time."""
    return [Due(*row) for row in session.execute(_DUE.where(LabelingRun.state == RunState.RUNNING))]


def urgent(session: Session) -> int | None:
    """The oldest run that waits, may be taken up beside others, and for which a person waits too."""
    return next(iter(session.scalars(_WAITING, {"mode": "interactive", "most": 1})), None)


def waiting(session: Session, most: int) -> list[int]:
    """Runs that wait and may be taken up beside others, most urgent first."""
    found: list[int] = []
    for mode in ("interactive", "normal", "bulk"):
        if len(found) < most:
            found += session.scalars(_WAITING, {"mode": mode, "most": most - len(found)})
    return found


def count_sent(session: Session) -> int:
    """Queued runs whose message should be waiting."""
    run = LabelingRun
    return session.scalar(select(func.count()).where(run.state == RunState.QUEUED, run.published_at.is_not(None))) or 0


def longest_sent(session: Session, run_ids: Sequence[int]) -> list[int]:
    """The same runs, those first whose message was sent first: in a queue, it should have come first, too."""
    run = LabelingRun
    return list(session.scalars(select(run.id).where(run.id.in_(run_ids)).order_by(run.published_at, run.id)))


def is_overtaken(session: Session, run_id: int) -> bool:
    """Whether a later run of its kind was taken up already: then its own message got lost, or is held by a worker."""
    mode = select(LabelingRun.mode).where(LabelingRun.id == run_id).scalar_subquery()
    later = select(LabelingRun.id).where(
        LabelingRun.id > run_id, LabelingRun.mode == mode, LabelingRun.started_at.is_not(None)
    )
    return session.scalar(later.order_by(LabelingRun.id).limit(1)) is not None


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


def begin_anew(session: Session) -> int:
    """After a backup was restored: nobody works on a run here, and no message is on its way. What was under way waits
    again, without a death on its account, and goes on with the chunks that are not done; how many runs that are."""
    run = LabelingRun
    session.execute(update(run).where(run.state == RunState.QUEUED).values(published_at=None))
    waits = {"state": RunState.QUEUED, "lease_token": None, "published_at": None, "due_at": db_now(), "reason": None}
    found = session.execute(update(run).where(run.state == RunState.RUNNING).values(**waits))
    return int(found.rowcount)  # type: ignore[attr-defined]


def abandoned_batches(session: Session) -> Sequence[LabelingBatch]:
    """Batches that are under way although their run is over, or gone."""
    return session.scalars(
        select(LabelingBatch).where(LabelingBatch.id.in_(ABANDONED.order_by(None))), handed_over()
    ).all()


_DUE = select(
    LabelingRun.id,
    LabelingRun.workflow_id,
    LabelingRun.state,
    case(PRIORITIES, value=LabelingRun.mode, else_=PRIORITIES["normal"]),
    LabelingRun.published_at.is_not(None),
).where(
    # Asked once and first: what may change while it is compared with each row cannot be looked up in an index.
    LabelingRun.due_at <= select(db_now()).scalar_subquery()
)
_WAITING = (
    select(LabelingRun.id)
    .where(
        # Written out, or SQLite would not know that the index of these rows alone will do.
        LabelingRun.state == bindparam("state", RunState.QUEUED, literal_execute=True),
        LabelingRun.mode == bindparam("mode"),
        LabelingRun.worker_deaths == 0,
        or_(LabelingRun.published_at.is_not(None), LabelingRun.due_at <= db_now()),
    )
    .order_by(LabelingRun.id)
    .limit(bindparam("most"))
)
"""One over which a worker died may have been what killed it: it is worked on alone."""


def handed_over() -> dict[str, datetime]:
    """What `ABANDONED` has to be told."""
    return {"handed_over": now() - HANDING_OVER}


_WANTED = exists(
    select(LabelingRun.id).where(
        LabelingRun.id == LabelingBatch.run_id,
        LabelingRun.state.in_((*ACTIVE, RunState.NEEDS_ATTENTION)),
        LabelingRun.acknowledged_at.is_(None),
    )
)
ABANDONED = (
    select(LabelingBatch.id)
    .where(
        # Written out, as above.
        LabelingBatch.state.in_(bindparam("open", OPEN_BATCHES, expanding=True, literal_execute=True)),
        # One that is being handed over may have lost its number; a younger one may just be on its way.
        or_(
            LabelingBatch.state == "submitted",
            LabelingBatch.created_at < bindparam("handed_over", type_=UtcDateTime),
        ),
        ~_WANTED,
    )
    .order_by(LabelingBatch.id)
)
"""Numbers of batches that are under way for nobody."""
