"""The budget of a day and of a month (UTC): a call that might pass it is not made.

What a call may cost at most is added to what was spent before the call, in one statement that refuses to pass the
limit, so that any number of workers together stay below it. After the call the difference is given back, to the day
and month in which it began. A call that a crash cut off stays counted with its most.
"""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.config import Settings
from app.labeling.models import Spend
from app.labeling.protocol import PermanentLabelError

SETTINGS = {"day": "LABEL_BUDGET_USD_PER_DAY", "month": "LABEL_BUDGET_USD_PER_MONTH"}

ROUNDING_USD = 1e-9
"""Sums of binary fractions may miss the limit by a hair: three calls of $0.10 fit into $0.30."""


class BudgetSpent(PermanentLabelError):
    """The next call might cost more than is left."""


def periods(moment: datetime) -> dict[str, str]:
    """The rows of `spend` that a call begun at this moment belongs to."""
    moment = moment.astimezone(UTC)
    return {"day": f"{moment:%Y-%m-%d}", "month": f"{moment:%Y-%m}"}


def limits(settings: Settings) -> dict[str, float | None]:
    """US dollars; None: unlimited."""
    return {"day": settings.label_budget_usd_per_day, "month": settings.label_budget_usd_per_month}


def reserve(session: Session, usd: float, *, moment: datetime, settings: Settings) -> None:
    """Count `usd` as spent, or raise BudgetSpent and count nothing (the caller's transaction is to be rolled back)."""
    if not usd:
        return
    for name, period in periods(moment).items():
        limit = limits(settings)[name]
        if not _add(session, period, usd, limit):
            reason = _spent(name, limit or 0, spent(session, period), usd)
            raise BudgetSpent(reason, parked_for="budget", needs_usd=usd)


def settle(session: Session, *, reserved_usd: float, cost_usd: float, moment: datetime) -> None:
    """Replace what was reserved at `moment` by what it cost."""
    if difference := cost_usd - reserved_usd:
        for period in periods(moment).values():
            _add(session, period, difference, None)


def spent(session: Session, period: str) -> float:
    """US dollars spent or reserved in a period."""
    return session.scalar(select(Spend.usd).where(Spend.period == period)) or 0.0


def left(session: Session, settings: Settings) -> dict[str, float | None]:
    """What is left of today's and this month's budget, not below 0; None: unlimited."""
    now_ = periods(now())
    return {
        name: None if limit is None else max(0.0, limit - spent(session, now_[name]))
        for name, limit in limits(settings).items()
    }


def dollars(usd: float) -> str:
    """`$1.50`, `$0.0004`: with as many places as it takes, at least two and at most six."""
    whole, _, places = f"{usd:,.6f}".partition(".")
    return f"${whole}.{places[:2]}{places[2:].rstrip('0')}"


def _add(session: Session, period: str, usd: float, limit: float | None) -> bool:
    if limit is not None and usd > limit + ROUNDING_USD:
        return False
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(Spend).values(period=period, usd=usd)
    total = Spend.usd + statement.excluded.usd
    fits = None if limit is None else total <= limit + ROUNDING_USD
    statement = statement.on_conflict_do_update(index_elements=[Spend.period], set_={"usd": total}, where=fits)
    return session.scalar(statement.returning(Spend.usd)) is not None


def _spent(name: str, limit: float, usd: float, next_usd: float) -> str:
    if next_usd > limit + ROUNDING_USD:
        return (
            f"One call may cost {dollars(next_usd)}, more than the whole budget of {dollars(limit)} a {name}. "
            f"It goes on by itself as soon as {SETTINGS[name]} is raised."
        )
    when = {"day": "tomorrow (UTC)", "month": "next month (UTC)"}[name]
    return (
        f"The budget of {dollars(limit)} a {name} is used up: {dollars(usd)} is spent or reserved, and the next call "
        f"may cost {dollars(next_usd)}. It goes on by itself {when}, or as soon as {SETTINGS[name]} is raised."
    )
