"""Counts that outlive processes, for metrics: a row each, raised in the transaction of what it counts."""

import json
from collections.abc import Mapping

from sqlalchemy import Float, String, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.db import Base

Key = tuple[str, ...]
"""A name, then the values of its labels."""


class Tally(Base):
    """How often, or how much, since the beginning: it only grows."""

    __tablename__ = "tallies"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    labels: Mapped[str] = mapped_column(String(300), primary_key=True)
    """A JSON list of the labels' values."""
    value: Mapped[float] = mapped_column(Float)


def add(session: Session, amounts: Mapping[Key, float]) -> None:
    """Raise each by its amount, in one statement and always in the same order: so nobody waits in a circle."""
    rows = [
        {"name": name, "labels": json.dumps(labels), "value": amount}
        for (name, *labels), amount in sorted(amounts.items())
        if amount
    ]
    if not rows:
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(Tally).values(rows)
    total = Tally.value + statement.excluded.value
    session.execute(statement.on_conflict_do_update(index_elements=[Tally.name, Tally.labels], set_={"value": total}))


def read(session: Session) -> dict[Key, float]:
    """All of them: as many as there are combinations of labels, however much was counted."""
    return {(name, *json.loads(labels)): value for name, labels, value in session.execute(_ALL)}


_ALL = select(Tally.name, Tally.labels, Tally.value)
