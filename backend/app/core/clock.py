"""Time: this process's clock for people, the database's clock for leases."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, String
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator


def now() -> datetime:
    """This moment on this machine's clock, in UTC."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC with microseconds: `timestamptz` on PostgreSQL, sortable text on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone cannot be stored: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class db_now(GenericFunction[datetime]):  # noqa: N801 - SQL functions are written in lower case
    """`db_now(offset_seconds)`: this moment on the database's clock, so that machines with wrong clocks agree."""

    type = UtcDateTime()
    name = "db_now"
    inherit_cache = True

    def __init__(self, offset_seconds: Any = 0) -> None:
        super().__init__(offset_seconds)


@compiles(db_now, "postgresql")
def _postgresql(element: db_now, compiler: SQLCompiler, **kw: Any) -> str:
    (offset,) = element.clauses
    return f"(clock_timestamp() + make_interval(secs => {compiler.process(offset, **kw)}))"


@compiles(db_now, "sqlite")
def _sqlite(element: db_now, compiler: SQLCompiler, **kw: Any) -> str:
    (offset,) = element.clauses
    # SQLite counts milliseconds; the zeros make its text sort among the microseconds that SQLAlchemy writes.
    return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', ({compiler.process(offset, **kw)}) || ' seconds')"


class utc_day(GenericFunction[str]):  # noqa: N801 - SQL functions are written in lower case
    """`utc_day(moment)`: the day in UTC that a stored moment belongs to, as `2026-11-24`."""

    type = String()
    name = "utc_day"
    inherit_cache = True


@compiles(utc_day, "postgresql")
def _day_on_postgresql(element: utc_day, compiler: SQLCompiler, **kw: Any) -> str:
    (moment,) = element.clauses
    return f"to_char({compiler.process(moment, **kw)} AT TIME ZONE 'UTC', 'YYYY-MM-DD')"


@compiles(utc_day, "sqlite")
def _day_on_sqlite(element: utc_day, compiler: SQLCompiler, **kw: Any) -> str:
    (moment,) = element.clauses
    return f"substr({compiler.process(moment, **kw)}, 1, 10)"
