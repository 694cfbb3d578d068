"""Housekeeping deletes what has ended and nothing else."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.accounts import service as accounts
from app.accounts.errors import WrongCredentials
from app.accounts.models import User
from app.core.db import transaction

from .conftest import PASSWORD

Later = Callable[[timedelta], None]


def leave_traces(person: User) -> str:
    secret, actor = accounts.sessions.sign_in(person.email, PASSWORD, address=None)
    with pytest.raises(WrongCredentials):
        accounts.sessions.sign_in(person.email, "wrong", address="192.0.2.1")
    with transaction() as session:
        accounts.links.create(session, person)
        accounts.idempotency.remember(session, actor, secret, "f", 1)
    return secret


def test_only_what_has_ended_is_purged(person: User, later: Later) -> None:
    leave_traces(person)
    with transaction() as session:
        assert set(accounts.maintenance.purge_expired(session).values()) == {0}
    later(timedelta(days=14, seconds=1))
    secret = leave_traces(person)
    with transaction() as session:
        purged = accounts.maintenance.purge_expired(session)
        assert purged == {"sessions": 1, "links": 1, "attempts": 2, "idempotency_keys": 1}
        assert accounts.sessions.actor_of(session, secret) is not None


def test_purging_twice_is_harmless(person: User, later: Later) -> None:
    leave_traces(person)
    later(timedelta(days=15))
    with transaction() as session:
        accounts.maintenance.purge_expired(session)
        assert set(accounts.maintenance.purge_expired(session).values()) == {0}
