"""Signing in with a password, and the limits on guessing."""

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select

from app.accounts import attempts, passwords
from app.accounts import service as accounts
from app.accounts.errors import PasswordRefused, TooManyAttempts, WrongCredentials
from app.accounts.models import AuditEvent, SignInAttempt, SignInSession, User
from app.core.db import transaction

from .conftest import PASSWORD

Later = Callable[[timedelta], None]


def try_to_sign_in(email: str, password: str, address: str | None = None) -> type[Exception] | None:
    try:
        accounts.sessions.sign_in(email, password, address=address)
    except (WrongCredentials, TooManyAttempts) as error:
        return type(error)
    return None


WRONG = [
    ("person@example.com", "correct horse batterY"),
    ("person@example.com", ""),
    ("person@example.com", "x" * 100_000),
    ("person@example.com", "\ud800" * 12),
    ("nobody@example.com", PASSWORD),
    ("", PASSWORD),
    ("person@example.com\x00", PASSWORD),
    ("\udfff@example.com", PASSWORD),
    ("x" * 10_000 + "@example.com", PASSWORD),
    ("' OR 1=1 --@example.com", PASSWORD),
]


@pytest.mark.usefixtures("person")
def test_whatever_is_wrong_has_the_same_answer() -> None:
    for email, password in WRONG:
        with pytest.raises(WrongCredentials) as refused:
            accounts.sessions.sign_in(email, password, address=None)
        assert refused.value.detail == "The email address or the password is wrong."
        assert refused.value.facts == {}


def test_person_without_a_password_cannot_sign_in_with_one(engine: Engine) -> None:
    with transaction(engine=engine) as session:
        accounts.users.create(session, email="link@example.com", name="L", role=accounts.Role.VIEWER, by=None)
    for password in ("", "None", PASSWORD):
        assert try_to_sign_in("link@example.com", password) is WrongCredentials


def test_disabled_person_is_refused_like_a_stranger(person: User, admin: accounts.Actor) -> None:
    with transaction() as session:
        accounts.users.disable(session, person.id, by=admin)
    assert try_to_sign_in(person.email, PASSWORD) is WrongCredentials


def test_person_disabled_while_the_password_is_checked_gets_no_session(
    person: User, admin: accounts.Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify = passwords.verify

    def verify_and_disable(kept: str | None, password: str) -> bool:
        with transaction() as session:
            accounts.users.disable(session, person.id, by=admin)
        return verify(kept, password)

    monkeypatch.setattr(passwords, "verify", verify_and_disable)
    assert try_to_sign_in(person.email, PASSWORD) is WrongCredentials
    with transaction(read_only=True) as session:
        assert session.scalar(select(func.count()).select_from(SignInSession)) == 0


def test_fifty_guesses_at_once_are_cut_off_at_the_limit(person: User) -> None:
    guesses = [f"guess number {number}" for number in range(49)] + [PASSWORD]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda guess: try_to_sign_in(person.email, guess), guesses))
    assert answers.count(WrongCredentials) == 10
    assert answers.count(TooManyAttempts) == 40, "the right one among the late guesses is refused too"


def test_guesses_counted_at_once_are_counted_one_by_one(engine: Engine) -> None:
    together = Barrier(16)

    def begin(_: int) -> bool:
        together.wait(timeout=30)
        try:
            with transaction(engine=engine) as session:
                attempts.begin(session, "person@example.com", "192.0.2.1")
        except TooManyAttempts:
            return False
        return True

    with ThreadPoolExecutor(16) as threads:
        assert sum(threads.map(begin, range(16))) == 10


@pytest.mark.usefixtures("engine")
def test_one_address_cannot_try_many_accounts() -> None:
    answers = [try_to_sign_in(f"someone{number}@example.com", PASSWORD, "198.51.100.7") for number in range(12)]
    assert answers == [WrongCredentials] * 10 + [TooManyAttempts] * 2


@pytest.mark.usefixtures("engine")
def test_addresses_of_one_ipv6_network_count_as_one() -> None:
    answers = [try_to_sign_in(f"s{number}@example.com", PASSWORD, f"2001:db8:1:2::{number:x}") for number in range(11)]
    assert answers[-1] is TooManyAttempts
    assert try_to_sign_in("s@example.com", PASSWORD, "2001:db8:1:3::1") is WrongCredentials


@pytest.mark.usefixtures("engine")
def test_ipv4_written_as_ipv6_is_the_same_address_and_nonsense_is_one_address() -> None:
    for spellings in (("192.0.2.1", "::ffff:192.0.2.1"), ("nonsense", "\x00\ud800")):
        answers = [try_to_sign_in(f"s{n}@example.com", PASSWORD, spellings[n % 2]) for n in range(11)]
        assert answers == [WrongCredentials] * 10 + [TooManyAttempts]


def test_waiting_helps_and_the_answer_says_how_long(person: User, later: Later) -> None:
    for _ in range(10):
        try_to_sign_in(person.email, "wrong")
    with pytest.raises(TooManyAttempts) as refused:
        accounts.sessions.sign_in(person.email, PASSWORD, address=None)
    assert refused.value.status_code == 429
    wait = refused.value.facts["retry_after"]
    assert 1 <= wait <= 60
    later(timedelta(seconds=wait))
    assert try_to_sign_in(person.email, PASSWORD) is None


def test_signing_in_buys_no_further_guesses(person: User) -> None:
    for _ in range(9):
        try_to_sign_in(person.email, "wrong", "192.0.2.9")
    assert try_to_sign_in(person.email, PASSWORD, "192.0.2.9") is None
    assert try_to_sign_in(person.email, "wrong", "192.0.2.9") is WrongCredentials
    assert try_to_sign_in(person.email, PASSWORD, "192.0.2.9") is TooManyAttempts


def test_success_is_not_counted(person: User) -> None:
    assert [try_to_sign_in(person.email, PASSWORD, "192.0.2.9") for _ in range(12)] == [None] * 12
    with transaction(read_only=True) as session:
        assert session.scalar(select(func.count()).select_from(SignInAttempt)) == 0


def test_what_was_typed_as_an_email_is_not_kept(engine: Engine) -> None:
    try_to_sign_in("my password, in the wrong field", "x", "192.0.2.1")
    with transaction(read_only=True, engine=engine) as session:
        kept = [*session.scalars(select(SignInAttempt.subject)), *session.scalars(select(AuditEvent.facts))]
    assert len(kept) == 3
    assert "wrong field" not in str(kept)


def test_failure_and_success_are_in_the_audit_trail(person: User) -> None:
    try_to_sign_in(person.email, "wrong", "192.0.2.1")
    accounts.sessions.sign_in(person.email, PASSWORD, address="192.0.2.1", request_id="r1")
    with transaction(read_only=True) as session:
        failed, signed_in = session.scalars(
            select(AuditEvent).where(AuditEvent.action.like("%sign%")).order_by(AuditEvent.id)
        )
    assert (failed.action, failed.user_id, failed.subject) == ("sign_in_failed", None, f"user:{person.id}")
    assert (signed_in.action, signed_in.user_id, signed_in.address) == ("signed_in", person.id, "192.0.2.1")
    assert signed_in.request_id == "r1"


@pytest.mark.parametrize("password", ["", "nine char", "x" * 1_001, "\ud83d" * 12])
def test_unusable_password_is_refused_with_the_reason(password: str) -> None:
    with pytest.raises(PasswordRefused, match="The password"):
        passwords.hash_password(password)


def test_hash_is_argon2id_and_salted() -> None:
    one, other = passwords.hash_password(PASSWORD), passwords.hash_password(PASSWORD)
    assert one != other
    assert one.startswith("$argon2id$")
    assert len(one) <= 200
    assert not passwords.is_outdated(one)


def test_password_typed_on_another_keyboard_is_the_same() -> None:
    assert passwords.verify(passwords.hash_password("caf\u00e9 au lait"), "cafe\u0301 au lait")


def test_broken_hash_lets_nobody_in() -> None:
    assert not passwords.verify("not a hash", "not a hash")


def test_unknown_user_takes_the_same_work() -> None:
    kept = passwords.hash_password(PASSWORD)

    def seconds(hashed: str | None, password: str) -> float:
        started = time.process_time()
        assert not passwords.verify(hashed, password)
        return time.process_time() - started

    known = statistics.median(seconds(kept, "wrong password") for _ in range(5))
    assert statistics.median(seconds(None, "wrong password") for _ in range(5)) > known / 3
    assert statistics.median(seconds(kept, "x" * 5_000) for _ in range(5)) > known / 3


def test_hash_with_old_parameters_is_renewed_at_sign_in(person: User) -> None:
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with transaction() as session:
        session.get_one(User, person.id).password_hash = old
    assert try_to_sign_in(person.email, PASSWORD) is None
    with transaction(read_only=True) as session:
        renewed = session.get_one(User, person.id).password_hash
    assert renewed is not None
    assert not passwords.is_outdated(renewed)
    assert try_to_sign_in(person.email, PASSWORD) is None
