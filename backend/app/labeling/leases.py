"""Who works on a run: leases with fencing tokens, on the database's clock.

    queued ── claim ──▶ running ── close ──▶ succeeded | partial | failed
      ▲                  │  │  └─ close ───▶ cancelled (a person asked; noticed at the next renewal or write)
      │                  │  └──── park ────▶ needs_attention (a person has to do something first)
      ├── give_back ─────┘
      └── bury (the lease ended without a word: one more death; after too many: needs_attention)

- A claim writes a new random token; `due_at` is then the end of the lease. Every later write carries the token in its
  WHERE: a worker that was taken for dead changes no row, it gets `LeaseLost`.
- Attempts are counted at the claim, before the work.
- A worker that stops for a good reason gives the run back first; this is no death. So a long wait holds no lease.
- Deaths count since the last progress: a long run may outlive any number of restarts, one that never gets on may not.
- `published_at` says that a message should be waiting. Without it a queued run rests until `due_at`: a message
  that was delivered twice cannot wake it early.
- Whoever writes to a workflow's parts locks the workflow's row first, then the run's: so nobody waits in a circle.
"""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Table, and_, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from app.core.clock import UtcDateTime, db_now, now
from app.labeling import outcomes
from app.labeling.models import LabelingRun, Mode, ParkedFor, RunState
from app.workflows.models import Workflow


class LeaseLost(Exception):
    """Another worker has the run now, or a person cancelled it, or it is gone: stop, write nothing."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write to a run."""

    run_id: int
    workflow_id: int
    token: str
    mode: Mode
    deaths: int = 0
    """Of workers that had it before, since it last got on."""
    request_id: str | None = None
    """Of the request that asked for the run, for the log."""


_RUNS: Table = LabelingRun.__table__  # type: ignore[assignment]  # a Table, typed as FromClause
# Built once: putting it together takes longer than the database needs for it.
_CLAIM = (
    update(_RUNS)
    .where(
        _RUNS.c.id == bindparam("run"),
        _RUNS.c.state == RunState.QUEUED,
        or_(_RUNS.c.published_at.is_not(None), _RUNS.c.due_at <= db_now()),
    )
    .values(
        state=RunState.RUNNING,
        lease_token=bindparam("token"),
        due_at=db_now(bindparam("lease_seconds")),
        published_at=None,
        attempts=_RUNS.c.attempts + 1,
        started_at=func.coalesce(_RUNS.c.started_at, bindparam("moment", type_=UtcDateTime)),
        reason=None,
    )
    .returning(_RUNS.c.workflow_id, _RUNS.c.mode, _RUNS.c.worker_deaths, _RUNS.c.request_id)
)


def claim(session: Session, run_id: int, *, seconds: float, max_deaths: int) -> Lease | None:
    """Take a run that waits, or whose worker died; None: there is nothing to be done for it now."""
    lease = _take(session, run_id, seconds)
    if lease is None and bury(session, run_id, max_deaths=max_deaths) is RunState.QUEUED:
        lease = _take(session, run_id, seconds)
    return lease


def _take(session: Session, run_id: int, seconds: float) -> Lease | None:
    token = uuid4().hex
    given = {"run": run_id, "token": token, "lease_seconds": seconds, "moment": now()}
    claimed = session.connection().execute(_CLAIM, given).one_or_none()
    if claimed is None:
        return None
    return Lease(run_id, claimed.workflow_id, token, claimed.mode, claimed.worker_deaths, claimed.request_id)


def fence(session: Session, lease: Lease, **values: Any) -> None:
    """Begin a write under the lease: lock workflow and run, set `values` of the run. Raises LeaseLost."""
    _lock_workflow(session, lease.workflow_id)
    run = LabelingRun
    if not _changed(session, and_(_held(lease), run.cancel_requested_at.is_(None)), values or {"state": run.state}):
        raise LeaseLost


def renew(session: Session, lease: Lease, seconds: float) -> bool:
    """Put off the lease's end; False: it is lost."""
    held = and_(_held(lease), LabelingRun.cancel_requested_at.is_(None))
    return _changed(session, held, {"due_at": db_now(seconds)})


def give_back(session: Session, lease: Lease, *, delay_seconds: float = 0, reason: str | None = None) -> None:
    """Let another worker, or this one later, go on with the run; not before `delay_seconds` have passed."""
    values: dict[str, Any] = {"state": RunState.QUEUED, "lease_token": None, "due_at": db_now(delay_seconds)}
    fence(session, lease, reason=reason, published_at=None, **values)


def park(
    session: Session,
    lease: Lease,
    reason: str,
    *,
    parked_for: ParkedFor | None = None,
    needs_usd: float | None = None,
) -> None:
    """Give up until a person has looked, or until there is again what it is `parked_for` (see `parked`)."""
    fence(session, lease, parked_for=parked_for, parked_usd=needs_usd)
    outcomes.end(session, lease.run_id, lease.workflow_id, RunState.NEEDS_ATTENTION, reason)


def crashed(session: Session, lease: Lease, reason: str, *, max_deaths: int, delay_seconds: float) -> bool:
    """Give back a run that made its worker fail; True: that was once too often, it is parked."""
    fence(session, lease, worker_deaths=LabelingRun.worker_deaths + 1)
    deaths = _deaths(session, lease.run_id)
    if deaths >= max_deaths:
        outcomes.end(session, lease.run_id, lease.workflow_id, RunState.NEEDS_ATTENTION, _gave_up(deaths, reason))
        return True
    give_back(session, lease, delay_seconds=delay_seconds, reason=reason)
    return False


def end_if_cancelled(session: Session, lease: Lease) -> bool:
    """Close a run that a person cancelled while we had it."""
    _lock_workflow(session, lease.workflow_id)
    cancelled = and_(_held(lease), LabelingRun.cancel_requested_at.is_not(None))
    if not _changed(session, cancelled, {"due_at": None}):
        return False
    outcomes.end(session, lease.run_id, lease.workflow_id, RunState.CANCELLED, outcomes.CANCELLED)
    return True


def bury(session: Session, run_id: int, *, max_deaths: int) -> RunState | None:
    """Take a run away from a worker whose lease has ended. Its new state; None: it was not to be taken."""
    run = LabelingRun
    ended = and_(run.id == run_id, run.state == RunState.RUNNING, run.due_at <= db_now())
    workflow_id = session.scalar(select(run.workflow_id).where(ended))
    if workflow_id is None:
        return None
    _lock_workflow(session, workflow_id)
    values = {"worker_deaths": run.worker_deaths + 1, "lease_token": None, "published_at": None, "due_at": db_now()}
    if not _changed(session, ended, {**values, "state": RunState.QUEUED}):
        return None
    deaths, cancelled = session.execute(
        select(run.worker_deaths, run.cancel_requested_at.is_not(None)).where(run.id == run_id)
    ).one()
    if cancelled:
        outcomes.end(session, run_id, workflow_id, RunState.CANCELLED, outcomes.CANCELLED)
        return RunState.CANCELLED
    if deaths >= max_deaths:
        outcomes.end(session, run_id, workflow_id, RunState.NEEDS_ATTENTION, _gave_up(deaths, "the worker died"))
        return RunState.NEEDS_ATTENTION
    return RunState.QUEUED


def _gave_up(deaths: int, reason: str) -> str:
    return (
        f"Given up after {deaths} tries in a row that got no further (last: {reason}). "
        "Look at the worker's log, then retry, or acknowledge to keep the labels as they are."
    )


def _held(lease: Lease) -> ColumnElement[bool]:
    run = LabelingRun
    return and_(run.id == lease.run_id, run.lease_token == lease.token, run.state == RunState.RUNNING)


def _deaths(session: Session, run_id: int) -> int:
    return session.scalars(select(LabelingRun.worker_deaths).where(LabelingRun.id == run_id)).one()


def _lock_workflow(session: Session, workflow_id: int) -> None:
    session.execute(select(Workflow.id).where(Workflow.id == workflow_id).with_for_update(key_share=True))


def _changed(session: Session, where: ColumnElement[bool], values: dict[str, Any]) -> bool:
    result = session.execute(update(LabelingRun).where(where).values(**values))
    return bool(result.rowcount)  # type: ignore[attr-defined]
