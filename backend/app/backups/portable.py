"""Rows in a form that every database takes: which tables are backed up, and how a value is written as JSON."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    Float,
    Integer,
    Table,
    TableClause,
    Text,
    column,
    table,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

import app.accounts.models
import app.core.preferences
import app.core.singleton
import app.core.tallies
import app.guides.models
import app.labeling.models
import app.storage.models
import app.webhooks.models
import app.workflows.models
import app.workflows.rerecording.models  # noqa: F401 - importing the models is what fills the metadata
from app.backups.archive import packed
from app.backups.errors import BrokenBackup
from app.core.clock import UtcDateTime
from app.core.db import Base

PART_BYTES = 1_000_000
"""Of rows that make one part of the file, before they are packed."""

LEFT_OUT = frozenset({"erasures", "named_leases", "sign_in_attempts", "sign_in_links", "sign_in_sessions"})
"""What is to be erased, who is alive and who is signed in: true of the running instance alone."""
STAYS = frozenset({"named_leases", "alembic_version"})
"""What a restore leaves as it is."""

TABLES: tuple[Table, ...] = tuple(one for one in Base.metadata.sorted_tables if one.name not in LEFT_OUT)
"""What is backed up, each after the tables that it refers to."""

Kind = Literal["moment", "json", "boolean", "integer", "float", "text"]
Columns = dict[str, Kind]

_TYPES: dict[Kind, Callable[[], TypeEngine[Any]]] = {
    "moment": UtcDateTime,
    # What is empty is so for the database, too, and no JSON `null`.
    "json": lambda: JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
    "boolean": Boolean,
    "integer": BigInteger,
    "float": Double,
    "text": Text,
}


def columns_of(of: Table) -> Columns:
    """The columns with the kinds of their values."""
    return {one.name: _kind(one) for one in of.columns}


def _kind(of: Column[Any]) -> Kind:
    kinds: tuple[tuple[type[TypeEngine[Any]], Kind], ...] = (
        (UtcDateTime, "moment"),
        (JSON, "json"),
        (Boolean, "boolean"),
        (Integer, "integer"),
        (Float, "float"),
    )
    return next((kind for one, kind in kinds if isinstance(of.type, one)), "text")


def lightweight(name: str, columns: Columns) -> TableClause:
    """The table as a backup describes it, which may be older than the models."""
    return table(name, *(column(each, _TYPES[kind]()) for each, kind in columns.items()))


def written(rows: Iterator[Sequence[Any]]) -> Iterator[tuple[bytes, int]]:
    """The rows as packed parts, and how many are in each."""
    lines: list[bytes] = []
    size = 0
    for row in rows:
        lines.append(json.dumps([_plain(value) for value in row], separators=(",", ":")).encode())
        size += len(lines[-1])
        if size >= PART_BYTES:
            yield packed(b"\n".join(lines)), len(lines)
            lines, size = [], 0
    if lines:
        yield packed(b"\n".join(lines)), len(lines)


def read(row: Sequence[Any], columns: Columns) -> dict[str, Any]:
    """A row as it is inserted."""
    if len(row) != len(columns):
        raise BrokenBackup
    moments = {name for name, kind in columns.items() if kind == "moment"}
    return {
        name: datetime.fromisoformat(value) if name in moments and value is not None else value
        for name, value in zip(columns, row, strict=True)
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
