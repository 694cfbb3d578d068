"""People: creating, finding, disabling them, and giving them a new password."""

import re
from collections.abc import Collection, Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.accounts import audit, passwords
from app.accounts.actor import Actor
from app.accounts.errors import EmailTaken, InvalidPerson, LastAdmin, NoAdmin, UserNotFound
from app.accounts.models import ApiToken, Role, SignInLink, SignInSession, User
from app.accounts.permissions import require
from app.core.clock import now
from app.core.pages import LARGEST_ID
from app.core.turns import take_turn

FIRST_ADMIN = "admin@localhost"

# What mail servers take is not ours to judge: one @, something on both sides, nothing invisible.
_EMAIL = re.compile(r"[^\s@\x00-\x20\x7f-\x9f\ud800-\udfff]+@[^\s@\x00-\x20\x7f-\x9f\ud800-\udfff]+")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def create(
    session: Session, *, email: str, name: str, role: Role, password: str | None = None, by: Actor | None
) -> User:
    """A new person; without a password they sign in by link. `by` must be an admin; None is this program itself.

    Raises `InvalidPerson`, `PasswordRefused`, `EmailTaken`.
    """
    if by is not None:
        require(by, "admin")
    values = {
        "email": _checked_email(email),
        "name": _checked_name(name),
        "role": Role(role),
        "password_hash": None if password is None else passwords.hash_password(password),
        "created_at": now(),
    }
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    user_id = session.scalar(
        insert(User).values(values).on_conflict_do_nothing(index_elements=[User.email]).returning(User.id)
    )
    if user_id is None:
        raise EmailTaken
    audit.record(session, by, "user_created", f"user:{user_id}", role=str(role))
    return session.get_one(User, user_id)


def ensure_admin(session: Session) -> tuple[User, bool]:
    """The oldest enabled admin, and whether it was created now because there was nobody at all."""
    take_turn(session, "first admin")
    if session.scalar(select(User.id).limit(1)) is not None:
        return oldest_admin(session), False
    return create(session, email=FIRST_ADMIN, name="Admin", role=Role.ADMIN, by=None), True


def names(session: Session, user_ids: Collection[int]) -> dict[int, str]:
    """What these people are called, by their numbers."""
    if not user_ids:
        return {}
    return dict(session.execute(select(User.id, User.name).where(User.id.in_(user_ids))).all())


def get(session: Session, user_id: int) -> User:
    """The person with this number, or `UserNotFound`."""
    found = session.get(User, user_id) if 0 < user_id <= LARGEST_ID else None
    if found is None:
        raise UserNotFound
    return found


def by_email(session: Session, email: str) -> User | None:
    """The person with this address, in whatever case it was typed."""
    try:
        checked = _checked_email(email)
    except InvalidPerson:
        return None
    return session.scalar(select(User).where(User.email == checked))


def list_(session: Session) -> Sequence[User]:
    """Everybody, the disabled too, oldest first."""
    return session.scalars(select(User).order_by(User.id)).all()


def oldest_admin(session: Session) -> User:
    """The first admin who is not disabled, or `NoAdmin`."""
    enabled = select(User).where(User.role == Role.ADMIN, User.disabled_at.is_(None))
    found = session.scalar(enabled.order_by(User.id).limit(1))
    if found is None:
        raise NoAdmin
    return found


def reset_password(session: Session, user_id: int, password: str, *, by: Actor | None) -> None:
    """Set a password; whoever knew the old one is signed out. API tokens go on working."""
    if by is not None:
        require(by, "admin")
    person = get(session, user_id)
    person.password_hash = passwords.hash_password(password)
    session.flush()
    _sign_out_everywhere(session, user_id)
    audit.record(session, by, "password_reset", f"user:{user_id}")


def disable(session: Session, user_id: int, *, by: Actor | None) -> None:
    """Shut a person out for good: sessions, links and API tokens end. Refuses the last admin with `LastAdmin`."""
    if by is not None:
        require(by, "admin")
    _keep_an_admin(session, user_id)
    person = get(session, user_id)
    if person.disabled_at is None:
        person.disabled_at = now()
        session.flush()
    _sign_out_everywhere(session, user_id)
    session.execute(
        update(ApiToken).where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None)).values(revoked_at=now())
    )
    audit.record(session, by, "user_disabled", f"user:{user_id}")


def enable(session: Session, user_id: int, *, by: Actor) -> None:
    """Let a person in again who was shut out. Their old sessions, links and tokens stay ended."""
    require(by, "admin")
    person = get(session, user_id)
    if person.disabled_at is not None:
        person.disabled_at = None
        session.flush()
        audit.record(session, by, "user_enabled", f"user:{user_id}")


def change_role(session: Session, user_id: int, role: Role, *, by: Actor) -> None:
    """Give a person another role; it holds from their next request on, and for their tokens. Raises `LastAdmin`."""
    require(by, "admin")
    if role != Role.ADMIN:
        _keep_an_admin(session, user_id)
    person = get(session, user_id)
    if person.role != role:
        audit.record(session, by, "role_changed", f"user:{user_id}", old=str(person.role), new=str(role))
        person.role = role
        session.flush()


def _keep_an_admin(session: Session, user_id: int) -> None:
    """Refuse to lose the last one. Locked, so that two admins who shut out each other at once cannot both succeed."""
    enabled = select(User.id).where(User.role == Role.ADMIN, User.disabled_at.is_(None))
    if list(session.scalars(enabled.order_by(User.id).with_for_update())) == [user_id]:
        raise LastAdmin


def forget_password(session: Session, user_id: int, *, by: Actor) -> None:
    """Whoever knew the password is signed out; until they set one, the person signs in by link."""
    require(by, "admin")
    get(session, user_id).password_hash = None
    session.flush()
    _sign_out_everywhere(session, user_id)
    audit.record(session, by, "password_forgotten", f"user:{user_id}")


def _sign_out_everywhere(session: Session, user_id: int) -> None:
    session.execute(delete(SignInSession).where(SignInSession.user_id == user_id))
    session.execute(delete(SignInLink).where(SignInLink.user_id == user_id))


def _checked_email(email: str) -> str:
    email = email.strip().lower()
    if len(email) > 254 or not _EMAIL.fullmatch(email):
        raise InvalidPerson("This is not an email address.", field="email")
    return email


def _checked_name(name: str) -> str:
    name = name.strip()
    if not 1 <= len(name) <= 200 or _CONTROL.search(name):
        raise InvalidPerson("A name has 1 to 200 visible characters.", field="name")
    return name
