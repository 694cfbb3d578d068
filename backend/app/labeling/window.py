"""From when to when: dates (UTC) or moments, as people and programs write them."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from app.core.clock import now
from app.core.errors import InvalidInput
from app.core.validation import printable

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class BadWindow(InvalidInput):
    """This is no time from which or to which anything can be counted."""


@dataclass(frozen=True, slots=True)
class Window:
    """`start` belongs to it, `end` does not."""

    start: datetime
    end: datetime


def parse(start: str | None, end: str | None) -> Window:
    """A date at the end is meant with its whole day, a moment is not in it any more.

    Without both: this month (UTC). Without a start: from the first day of the month of the end. Without an end: to now.
    """
    until = _moment("to", end, whole_day=True) if end is not None else None
    since = _moment("from", start) if start is not None else _month_of(until - _MOMENT if until else now())
    until = until or (now() if start is not None else _month_of(since + timedelta(days=32)))
    if since >= until:
        raise _bad("from", "must be before the end of the window")
    return Window(since, until)


_MOMENT = timedelta(microseconds=1)


def _month_of(moment: datetime) -> datetime:
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _moment(field: str, text: str, *, whole_day: bool = False) -> datetime:
    try:
        if _DATE.fullmatch(text):
            day = date.fromisoformat(text) + timedelta(days=whole_day)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _bad(
            field, f"“{printable(text)}” is neither a date (2026-11-24) nor a moment (2026-11-24T10:00:00Z)"
        ) from (None)
    raise _bad(field, f"“{printable(text)}” has no time zone: write 2026-11-24T10:00:00Z, or a date alone")


def _bad(field: str, problem: str) -> BadWindow:
    return BadWindow(f"{field}: {problem}.", fields=[{"field": field, "problem": problem}])
