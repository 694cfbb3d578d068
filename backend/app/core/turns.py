"""One at a time, for the rest of a transaction: named locks."""

import hashlib

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def take_turn(session: Session, name: str) -> None:
    """Wait until no other transaction holds `name`, then hold it until this one ends.

    On SQLite there is nothing to take: a write transaction is alone from its start.
    """
    if session.get_bind().dialect.name == "postgresql":
        key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        session.execute(select(func.pg_advisory_xact_lock(key)))
