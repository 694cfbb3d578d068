"""People: who may be created, the first admin, the last admin."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.accounts import own_password
from app.accounts import service as accounts
from app.accounts.errors import (
    EmailTaken,
    InvalidPerson,
    LastAdmin,
    NoAdmin,
    PasswordRefused,
    PersonDisabled,
    SignInLinkSpent,
    TooManyAttempts,
    UserNotFound,
    WrongCredentials,
    WrongPassword,
)
from app.accounts.models import AuditEvent, User
from app.accounts.service import Actor, Role
from app.core.config import get_settings
from app.core.db import transaction
from app.core.errors import Forbidden

from .conftest import PASSWORD


def new_person(session: Session, email: str, by: Actor | None = None, name: str = "New") -> User:
    return accounts.users.create(session, email=email, name=name, role=Role.EDITOR, by=by)


BAD_EMAILS = ("", "@", "a@", "@b", "a b@c", "a@b@c", "a\n@b", "a@b\x00", "\u2028a@b c", "\ud800@b", "x" * 250 + "@b.co")
BAD_NAMES = ("", "  ", "x" * 201, "a\nb", "a\x00", "\u202eevil", "\udc00")


def test_unusable_address_is_refused(session: Session) -> None:
    for email in BAD_EMAILS:
        with pytest.raises(InvalidPerson) as refused:
            new_person(session, email)
        assert refused.value.facts == {"field": "email"}


def test_unusable_name_is_refused(session: Session) -> None:
    for name in BAD_NAMES:
        with pytest.raises(InvalidPerson) as refused:
            new_person(session, "a@example.com", name=name)
        assert refused.value.facts == {"field": "name"}


def test_unknown_role_is_refused(session: Session) -> None:
    with pytest.raises(ValueError, match="owner"):
        accounts.users.create(session, email="a@example.com", name="A", role=Role("owner"), by=None)


def test_only_an_admin_manages_people(session: Session, editor: Actor, viewer: Actor) -> None:
    with pytest.raises(Forbidden):
        new_person(session, "a@example.com", by=editor)
    with pytest.raises(Forbidden):
        accounts.users.disable(session, viewer.user_id, by=editor)
    with pytest.raises(Forbidden):
        accounts.users.reset_password(session, editor.user_id, PASSWORD, by=editor)


def test_address_is_taken_in_any_case(session: Session, admin: Actor) -> None:
    kept = new_person(session, " Someone@Example.com ", by=admin)
    assert kept.email == "someone@example.com"
    with pytest.raises(EmailTaken):
        new_person(session, "SOMEONE@example.COM", by=admin)
    assert accounts.users.by_email(session, "sOMEONE@example.com") is kept
    assert accounts.users.by_email(session, "\x00") is None


def test_same_address_at_once_makes_one_person(engine: Engine) -> None:
    def create(_: int) -> bool:
        try:
            with transaction(engine=engine) as session:
                new_person(session, "once@example.com")
        except EmailTaken:
            return False
        return True

    with ThreadPoolExecutor(6) as threads:
        assert sorted(threads.map(create, range(6))) == [False] * 5 + [True]


def test_first_start_by_two_processes_makes_one_admin(engine: Engine) -> None:
    def start(_: int) -> tuple[int, bool]:
        with transaction(engine=engine) as session:
            user, created = accounts.users.ensure_admin(session)
            return user.id, created

    with ThreadPoolExecutor(6) as threads:
        started = list(threads.map(start, range(6)))
    assert sorted(created for _, created in started) == [False] * 5 + [True]
    with transaction(read_only=True, engine=engine) as session:
        (only,) = session.scalars(select(User))
    assert (only.email, only.name, only.role, only.password_hash) == ("admin@localhost", "Admin", "admin", None)
    assert {number for number, _ in started} == {only.id}


def test_no_admin_is_made_where_there_are_people(session: Session, editor: Actor) -> None:
    with pytest.raises(NoAdmin, match="users create"):
        accounts.users.ensure_admin(session)
    with pytest.raises(NoAdmin):
        accounts.local_admin(session)
    assert [user.id for user in accounts.users.list_(session)] == [editor.user_id]


def test_command_line_acts_as_the_oldest_enabled_admin(session: Session, admin: Actor) -> None:
    assert accounts.local_admin(session) == admin
    second = accounts.users.create(session, email="b@example.com", name="B", role=Role.ADMIN, by=admin)
    accounts.users.disable(session, admin.user_id, by=admin)
    assert accounts.local_admin(session).user_id == second.id


def test_last_admin_cannot_be_disabled(session: Session, admin: Actor, editor: Actor) -> None:
    with pytest.raises(LastAdmin):
        accounts.users.disable(session, admin.user_id, by=admin)
    accounts.users.disable(session, editor.user_id, by=admin)
    with pytest.raises(UserNotFound):
        accounts.users.disable(session, 10_000, by=admin)


def test_admins_who_disable_each_other_at_once_leave_one(engine: Engine) -> None:
    with transaction(engine=engine) as session:
        pair = [
            accounts.of_user(accounts.users.create(session, email=f"{n}@example.com", name=n, role=Role.ADMIN, by=None))
            for n in ("one", "two")
        ]

    def disable(number: int) -> bool:
        try:
            with transaction(engine=engine) as session:
                accounts.users.disable(session, pair[number].user_id, by=pair[1 - number])
        except LastAdmin:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(disable, range(2))) == [False, True]


def test_new_password_signs_out_whoever_knew_the_old_one(person: User, admin: Actor) -> None:
    secret, _ = accounts.sessions.sign_in(person.email, PASSWORD, address=None)
    with transaction() as session:
        link = accounts.links.create(session, person)
        with pytest.raises(PasswordRefused):
            accounts.users.reset_password(session, person.id, "short", by=admin)
        accounts.users.reset_password(session, person.id, "a whole new password", by=admin)
        assert accounts.sessions.actor_of(session, secret) is None
        with pytest.raises(SignInLinkSpent):
            accounts.links.use(session, link)
    with pytest.raises(WrongCredentials):
        accounts.sessions.sign_in(person.email, PASSWORD, address=None)
    assert accounts.sessions.sign_in(person.email, "a whole new password", address=None)


def test_only_an_admin_changes_roles_lets_in_and_hands_out_links(session: Session, admin: Actor, editor: Actor) -> None:
    for act in (
        lambda: accounts.users.change_role(session, editor.user_id, Role.ADMIN, by=editor),
        lambda: accounts.users.enable(session, editor.user_id, by=editor),
        lambda: accounts.users.forget_password(session, admin.user_id, by=editor),
        lambda: accounts.links.hand_out(session, admin.user_id, by=editor),
    ):
        with pytest.raises(Forbidden):
            act()


@pytest.mark.parametrize("user_id", [0, -1, 2**40, 2**80])
def test_nobody_has_a_number_that_nobody_has(session: Session, admin: Actor, user_id: int) -> None:
    with pytest.raises(UserNotFound):
        accounts.users.change_role(session, user_id, Role.VIEWER, by=admin)


def test_the_last_admin_keeps_the_role(session: Session, admin: Actor, editor: Actor) -> None:
    with pytest.raises(LastAdmin):
        accounts.users.change_role(session, admin.user_id, Role.EDITOR, by=admin)
    accounts.users.change_role(session, editor.user_id, Role.ADMIN, by=admin)
    accounts.users.change_role(session, admin.user_id, Role.EDITOR, by=admin)
    changed = session.scalars(select(AuditEvent).where(AuditEvent.action == "role_changed")).all()
    assert [(event.subject, event.facts) for event in changed] == [
        (f"user:{editor.user_id}", {"old": "editor", "new": "admin"}),
        (f"user:{admin.user_id}", {"old": "admin", "new": "editor"}),
    ]


def test_admins_who_take_the_role_from_each_other_at_once_leave_one(engine: Engine) -> None:
    with transaction(engine=engine) as session:
        pair = [
            accounts.of_user(
                accounts.users.create(session, email=f"{name}@x.example", name=name, role=Role.ADMIN, by=None)
            )
            for name in ("one", "two")
        ]

    def demote(at: int) -> bool:
        try:
            with transaction(engine=engine) as session:
                accounts.users.change_role(session, pair[1 - at].user_id, Role.VIEWER, by=pair[at])
        except LastAdmin:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(demote, range(2))) == [False, True]


def test_a_shut_out_person_gets_no_link_until_they_are_let_in(session: Session, admin: Actor, editor: Actor) -> None:
    accounts.users.disable(session, editor.user_id, by=admin)
    with pytest.raises(PersonDisabled):
        accounts.links.hand_out(session, editor.user_id, by=admin)
    accounts.users.enable(session, editor.user_id, by=admin)
    link = accounts.links.hand_out(session, editor.user_id, by=admin)
    _, actor = accounts.links.use(session, link.rsplit("/", 1)[1])
    assert actor.user_id == editor.user_id
    assert accounts.users.get(session, editor.user_id).signed_in_at is not None


def test_a_forgotten_password_signs_out_and_signs_nobody_in(person: User, admin: Actor) -> None:
    secret, _ = accounts.sessions.sign_in(person.email, PASSWORD, address=None)
    with transaction() as session:
        accounts.users.forget_password(session, person.id, by=admin)
    with pytest.raises(WrongCredentials):
        accounts.sessions.sign_in(person.email, PASSWORD, address=None)
    with transaction(read_only=True) as session:
        assert accounts.sessions.actor_of(session, secret) is None


def test_ones_own_password_needs_the_old_one_and_ends_other_sessions(person: User) -> None:
    other, _ = accounts.sessions.sign_in(person.email, PASSWORD, address=None)
    mine, actor = accounts.sessions.sign_in(person.email, PASSWORD, address=None)
    for present, new, error in (
        ("wrong", "another good one", WrongPassword),
        (PASSWORD, "short", PasswordRefused),
    ):
        with pytest.raises(error):
            own_password.change(actor, present=present, new=new)
    own_password.change(actor, present=PASSWORD, new="another good one")
    with transaction(read_only=True) as session:
        assert accounts.sessions.actor_of(session, mine) is not None
        assert accounts.sessions.actor_of(session, other) is None
    accounts.sessions.sign_in(person.email, "another good one", address=None)


def test_guessing_ones_own_password_is_limited(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGN_IN_ATTEMPTS_PER_MINUTE", "2")
    get_settings.cache_clear()
    actor = accounts.of_user(person)
    for _ in range(2):
        with pytest.raises(WrongPassword):
            own_password.change(actor, present="wrong", new="another good one")
    with pytest.raises(TooManyAttempts):
        own_password.change(actor, present=PASSWORD, new="another good one")
