"""Whether there is anything to repair: one query, of looks at indexes that hold open cases alone.

A thousand finished runs or a million, it reads the same few pages.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.core import singleton
from app.core.clock import db_now
from app.labeling import recovery
from app.labeling.models import LabelingRun
from app.webhooks import outbox


@dataclass(frozen=True, slots=True)
class Repairs:
    """What there is to do just now."""

    runs: bool
    """Some run's time has come."""
    parked: bool
    """Some run waits for money."""
    batches: bool
    """Some batch is under way for nobody, and nobody was asked lately to look after it."""
    house: bool
    """Nobody was asked lately to clean."""
    deliveries: bool = False
    """Another program is to be told of something, and nobody was asked lately to do it."""
    others: tuple[bool, ...] = ()
    """What other rooms asked to be looked at in the same query."""


def wanted(session: Session, *others: ColumnElement[bool]) -> Repairs:
    """As things stand. `others`: conditions of other rooms, so that a look stays one query."""
    row = session.execute(QUERY.add_columns(*others), recovery.handed_over()).one()
    runs, parked, batches, house, deliveries, *rest = (bool(found) for found in row)
    return Repairs(runs, parked, batches, house, deliveries, tuple(rest))


# The earliest one, and not whether there is one: for EXISTS, PostgreSQL guesses that every third row is due, and would
# rather read the table from its beginning.
_earliest = select(LabelingRun.due_at).where(LabelingRun.due_at.is_not(None)).order_by(LabelingRun.due_at).limit(1)
_parked = select(LabelingRun.parked_for).where(LabelingRun.parked_for.is_not(None)).order_by(LabelingRun.parked_for)


def _so(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Nothing to compare with is a no."""
    return func.coalesce(condition, False)


QUERY = select(
    _so(_earliest.scalar_subquery() <= db_now()),
    _parked.limit(1).scalar_subquery().is_not(None),
    recovery.ABANDONED.limit(1).scalar_subquery().is_not(None) & singleton.is_free("batches"),
    singleton.is_free("housekeeping"),
    _so(outbox.EARLIEST_DUE) & singleton.is_free("deliveries"),
)
