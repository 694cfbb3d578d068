"""Sessions: secrets, their end, renewal, and the forms' tokens."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, select, update

from app.accounts import service as accounts
from app.accounts.models import SignInSession, User
from app.core.db import transaction
from app.core.secret_tokens import new_secret

from .conftest import PASSWORD

Later = Callable[[timedelta], None]


def sign_in(person: User, replacing: str | None = None) -> str:
    return accounts.sessions.sign_in(person.email, PASSWORD, address=None, replacing=replacing)[0]


def actor_of(secret: str) -> accounts.Actor | None:
    with transaction(read_only=True) as session:
        return accounts.sessions.actor_of(session, secret)


@pytest.mark.usefixtures("person")
def test_unknown_secret_is_nobody() -> None:
    for secret in ("", "x", new_secret(), new_secret()[:-1] + "é", "\x00" * 43, "\ud800" * 43):
        assert actor_of(secret) is None


def test_kept_hash_is_no_secret(person: User) -> None:
    secret = sign_in(person)
    with transaction(read_only=True) as session:
        kept = session.scalar(select(SignInSession.token_hash))
    assert kept is not None
    assert secret not in kept
    assert actor_of(kept) is None


def test_session_knows_its_person(person: User) -> None:
    actor = actor_of(sign_in(person))
    assert actor is not None
    assert (actor.user_id, actor.email, actor.name, actor.role) == (person.id, person.email, "Person", "editor")
    assert isinstance(actor.role, accounts.Role)
    assert actor.scopes == {"read", "write"}
    assert not actor.needs_touch


def test_signed_out_secret_is_nobody(person: User) -> None:
    secret, other = sign_in(person), sign_in(person)
    actor = actor_of(secret)
    assert actor is not None
    with transaction() as session:
        accounts.sessions.sign_out(session, actor)
    assert actor_of(secret) is None
    assert actor_of(other) is not None, "signing out here leaves the other browser alone"


def test_signing_in_again_ends_the_old_secret(person: User) -> None:
    old = sign_in(person)
    new = sign_in(person, replacing=old)
    assert new != old
    assert actor_of(old) is None
    assert actor_of(new) is not None


def test_made_up_secret_to_replace_is_ignored(person: User) -> None:
    chosen_by_an_attacker = "a" * 43
    secret = sign_in(person, replacing=chosen_by_an_attacker)
    assert secret != chosen_by_an_attacker
    assert actor_of(chosen_by_an_attacker) is None


def test_disabled_person_is_nobody_at_once(person: User) -> None:
    secret = sign_in(person)
    with transaction() as session:
        session.execute(update(User).where(User.id == person.id).values(disabled_at=person.created_at))
    assert actor_of(secret) is None


def test_new_role_counts_at_once(person: User) -> None:
    secret = sign_in(person)
    with transaction() as session:
        session.execute(update(User).where(User.id == person.id).values(role=accounts.Role.VIEWER))
    actor = actor_of(secret)
    assert actor is not None
    assert not actor.may("write")


def test_unused_session_ends(person: User, later: Later) -> None:
    secret = sign_in(person)
    later(timedelta(days=14, seconds=1))
    assert actor_of(secret) is None


def test_used_session_goes_on(person: User, later: Later) -> None:
    secret = sign_in(person)
    for _ in range(3):
        later(timedelta(days=10))
        actor = actor_of(secret)
        assert actor is not None
        assert actor.needs_touch
        with transaction() as session:
            accounts.touch(session, actor)
        actor = actor_of(secret)
        assert actor is not None
        assert not actor.needs_touch, "once an hour is enough"


def test_touch_does_not_revive_an_ended_session(person: User, later: Later) -> None:
    secret = sign_in(person)
    later(timedelta(hours=2))
    actor = actor_of(secret)
    assert actor is not None
    later(timedelta(days=14))
    with transaction() as session:
        accounts.touch(session, actor)
    assert actor_of(secret) is None


def test_looking_up_is_one_statement(person: User, engine: Engine) -> None:
    secret = sign_in(person)
    statements: list[str] = []
    with transaction(read_only=True) as session:
        session.connection()
        event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
        assert accounts.sessions.actor_of(session, secret) is not None
    assert len(statements) == 1
    assert statements[0].startswith("SELECT")


def test_forged_form_token_is_refused() -> None:
    secret = new_secret()
    good = accounts.sessions.csrf_token(secret)
    assert accounts.sessions.is_csrf_token(secret, good)
    for forged in ("", secret, good[:-1], accounts.sessions.csrf_token(new_secret()), "é" * 64, "\ud800"):
        assert not accounts.sessions.is_csrf_token(secret, forged)
    assert secret not in good


def test_scope_needs_role_and_token(admin: accounts.Actor, viewer: accounts.Actor) -> None:
    assert admin.may("admin")
    assert not replace(admin, scopes=frozenset({"read"})).may("write")
    assert not replace(viewer, scopes=accounts.SCOPES).may("write")
