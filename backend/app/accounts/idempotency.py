"""Idempotency keys: the same request again finds what the first one created."""

import re
from datetime import timedelta
from typing import cast

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.errors import IdempotencyKeyInUse, IdempotencyKeyReused, InvalidIdempotencyKey
from app.accounts.models import IdempotencyKey
from app.core.clock import now
from app.core.turns import take_turn

KEPT = timedelta(days=7)

_KEY = re.compile(r"[\x20-\x7e]{1,200}")


def find(session: Session, actor: Actor, key: str, fingerprint: str) -> int | None:
    """Number of what this key created before; None: nothing yet.

    Call it in the transaction that will `remember`: a second request with the key then waits here for the first.
    Raises `InvalidIdempotencyKey`, and `IdempotencyKeyReused` if the first request was a different one.
    """
    if not _KEY.fullmatch(key):
        raise InvalidIdempotencyKey
    take_turn(session, f"idempotency key {actor.user_id} {key}")
    known = session.scalar(
        select(IdempotencyKey).where(IdempotencyKey.user_id == actor.user_id, IdempotencyKey.key == key)
    )
    if known is None:
        return None
    if known.fingerprint != fingerprint:
        raise IdempotencyKeyReused
    return known.subject_id


def remember(session: Session, actor: Actor, key: str, fingerprint: str, subject_id: int) -> None:
    """Note what this key created. `IdempotencyKeyInUse`: another request was faster, so undo this one."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    added = session.scalar(
        insert(IdempotencyKey)
        .values(user_id=actor.user_id, key=key, fingerprint=fingerprint, subject_id=subject_id, created_at=now())
        .on_conflict_do_nothing(index_elements=[IdempotencyKey.user_id, IdempotencyKey.key])
        .returning(IdempotencyKey.id)
    )
    if added is None:
        raise IdempotencyKeyInUse


def purge(session: Session) -> int:
    """Delete the keys older than a week; returns how many."""
    old = session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < now() - KEPT))
    return cast("CursorResult[object]", old).rowcount
