"""Idempotency keys: once per person and key, also when sent twice at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.errors import IdempotencyKeyInUse, IdempotencyKeyReused, InvalidIdempotencyKey
from app.accounts.service import Actor
from app.core.db import transaction

Later = Callable[[timedelta], None]

find, remember = accounts.idempotency.find, accounts.idempotency.remember


def test_unusable_key_is_refused(session: Session, editor: Actor) -> None:
    for key in ("", "x" * 201, "a\nb", "é", "\x00", "\ud800"):
        with pytest.raises(InvalidIdempotencyKey):
            find(session, editor, key, "f")


def test_key_with_another_request_is_refused(session: Session, editor: Actor) -> None:
    remember(session, editor, "k", "one", 7)
    with pytest.raises(IdempotencyKeyReused) as refused:
        find(session, editor, "k", "other")
    assert refused.value.status_code == 422


def test_second_request_to_finish_is_told(session: Session, editor: Actor) -> None:
    remember(session, editor, "k", "f", 7)
    with pytest.raises(IdempotencyKeyInUse):
        remember(session, editor, "k", "f", 8)
    assert find(session, editor, "k", "f") == 7


def test_keys_of_two_people_are_two_keys(session: Session, editor: Actor, colleague: Actor) -> None:
    remember(session, editor, "k", "f", 7)
    assert find(session, colleague, "k", "f") is None


def test_same_request_many_times_at_once_creates_one(engine: Engine, editor: Actor) -> None:
    together, numbers = Barrier(4), count(1)

    def send(_: int) -> int:
        together.wait(timeout=30)
        with transaction(engine=engine) as session:
            known = find(session, editor, "k", "f")
            if known is not None:
                return known
            created = next(numbers)
            remember(session, editor, "k", "f", created)
            return created

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(send, range(4))) == [1] * 4


def test_old_keys_are_purged(session: Session, editor: Actor, later: Later) -> None:
    remember(session, editor, "old", "f", 7)
    later(timedelta(days=7, seconds=1))
    remember(session, editor, "new", "f", 8)
    assert accounts.idempotency.purge(session) == 1
    assert find(session, editor, "old", "f") is None
    assert find(session, editor, "new", "f") == 8
