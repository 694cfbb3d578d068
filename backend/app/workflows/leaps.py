"""The different values of an indexed column, found by leaping from one to the next, however many rows have each."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session


def distinct(
    session: Session,
    column: InstrumentedAttribute[Any],
    shown: Callable[[ColumnElement[Any]], Select[Any]],
    *,
    limit: int,
) -> list[str]:
    """The values of which `shown`, given one, finds a row that a person may see; in order, at most `limit`."""
    first = select(func.min(column).label("value")).cte("leaps", recursive=True)
    further = select(func.min(column)).where(column > first.c.value).scalar_subquery()
    leaps = first.union_all(select(further).where(first.c.value.is_not(None)))
    value = leaps.c.value
    found = select(value).where(value.is_not(None), any_of(shown(value).correlate(leaps))).order_by(value)
    return list(session.scalars(found.limit(limit)))


def any_of(rows: Select[Any]) -> ColumnElement[bool]:
    """Whether there is one, looked for in an index for each value: PostgreSQL would join all rows to an EXISTS."""
    return rows.limit(1).scalar_subquery().is_not(None)
