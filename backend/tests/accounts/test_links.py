"""Sign-in links: once, soon, for people who may sign in."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.accounts import service as accounts
from app.accounts.errors import SignInLinkSpent
from app.accounts.models import User
from app.core.config import Settings
from app.core.db import transaction

Later = Callable[[timedelta], None]


def new_link(person: User) -> str:
    with transaction() as session:
        return accounts.links.create(session, person)


def works(secret: str) -> bool:
    try:
        with transaction() as session:
            accounts.links.use(session, secret)
    except SignInLinkSpent:
        return False
    return True


@pytest.mark.usefixtures("person")
def test_made_up_link_is_refused() -> None:
    for secret in ("", "a" * 43, "\x00" * 43, "\ud800" * 43):
        assert not works(secret)


def test_link_works_once(person: User) -> None:
    secret = new_link(person)
    assert works(secret)
    assert not works(secret)


def test_link_used_by_many_at_once_works_for_one(person: User) -> None:
    secret = new_link(person)
    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(lambda _: works(secret), range(8))) == [False] * 7 + [True]


def test_old_link_is_refused(person: User, later: Later) -> None:
    secret = new_link(person)
    later(timedelta(minutes=30, seconds=1))
    assert not works(secret)


def test_link_of_a_disabled_person_is_refused(person: User, admin: accounts.Actor) -> None:
    early = new_link(person)
    with transaction() as session:
        accounts.users.disable(session, person.id, by=admin)
    assert not works(early)
    assert not works(new_link(person))


def test_refusal_says_what_to_do(person: User) -> None:
    secret = new_link(person)
    assert works(secret)
    with pytest.raises(SignInLinkSpent, match="Ask for a new one") as refused, transaction() as session:
        accounts.links.use(session, secret)
    assert refused.value.status_code == 401


def test_link_starts_a_session_and_ends_the_one_before(person: User) -> None:
    with transaction() as session:
        first, _ = accounts.links.use(session, accounts.links.create(session, person))
    with transaction() as session:
        secret = accounts.links.create(session, person)
        second, actor = accounts.links.use(session, secret, address="192.0.2.1", replacing=first)
    assert actor.address == "192.0.2.1"
    with transaction(read_only=True) as session:
        assert accounts.sessions.actor_of(session, first) is None
        found = accounts.sessions.actor_of(session, second, address="192.0.2.1")
    assert found == actor


def test_address_of_a_link(settings: Settings) -> None:
    assert accounts.links.url("abc") == f"{settings.base_url}/sign-in/abc"
