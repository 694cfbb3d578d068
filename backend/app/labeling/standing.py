"""How labelling stands, for metrics: a few indexed queries, cheap whatever has been finished before."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import tallies
from app.core.clock import db_now, now
from app.core.config import Settings
from app.labeling import usage
from app.labeling.models import ACTIVE, LabelingRun, RunState
from app.labeling.usage import Spending


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one moment."""

    runs: dict[str, int]
    """Unfinished ones by state; of those that need attention, those that nobody has acknowledged."""
    oldest_queued_seconds: float
    """Since the oldest waiting run was asked for; 0: none waits."""
    overdue_seconds: float
    """For how long the run that the reconciler should have looked at first has been due; 0: none is."""
    tallies: dict[tallies.Key, float]
    budget: dict[str, Spending]


def read(session: Session, settings: Settings) -> Standing:
    """Each query reads unfinished runs, or a row or two."""
    return Standing(
        runs=_by_state(session),
        oldest_queued_seconds=_seconds_since(session.scalar(OLDEST_QUEUED), now()),
        overdue_seconds=_overdue(session),
        tallies=tallies.read(session),
        budget=usage.spending(session, settings),
    )


ACTIVE_RUNS = select(LabelingRun.state, func.count()).where(LabelingRun.state.in_(ACTIVE)).group_by(LabelingRun.state)
UNSEEN_RUNS = select(func.count()).where(
    LabelingRun.state == RunState.NEEDS_ATTENTION, LabelingRun.acknowledged_at.is_(None)
)
OLDEST_QUEUED = (
    select(LabelingRun.created_at).where(LabelingRun.state == RunState.QUEUED).order_by(LabelingRun.id).limit(1)
)
FIRST_DUE = select(LabelingRun.due_at).where(LabelingRun.due_at.is_not(None)).order_by(LabelingRun.due_at).limit(1)


def _by_state(session: Session) -> dict[str, int]:
    active = {str(state): count for state, count in session.execute(ACTIVE_RUNS)}
    counts = {str(state): active.get(state, 0) for state in ACTIVE}
    return counts | {str(RunState.NEEDS_ATTENTION): session.scalar(UNSEEN_RUNS) or 0}


def _overdue(session: Session) -> float:
    """On the database's clock, as the reconciler judges it."""
    due = session.scalar(FIRST_DUE)
    return 0.0 if due is None else _seconds_since(due, session.scalars(select(db_now())).one())


def _seconds_since(moment: datetime | None, present: datetime) -> float:
    return 0.0 if moment is None else max(0.0, (present - moment).total_seconds())
