"""Sessions of the dashboard: an opaque secret in a cookie, of which we keep a hash."""

import hashlib
import hmac
import re
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from app.accounts import actor as actors
from app.accounts import attempts, audit, passwords, users
from app.accounts.actor import Actor
from app.accounts.errors import PasswordSignInOff, WrongCredentials
from app.accounts.models import Role, SignInSession, User
from app.accounts.permissions import SCOPES_OF_ROLE
from app.core.clock import now
from app.core.config import get_settings
from app.core.db import transaction
from app.core.secret_tokens import digest, new_secret

RENEW_EVERY = timedelta(hours=1)

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")

_LOOKUP = (
    select(SignInSession.id, SignInSession.expires_at, User.id.label("user_id"), User.email, User.name, User.role)
    .join(User, User.id == SignInSession.user_id)
    .where(
        SignInSession.token_hash == bindparam("token_hash"),
        SignInSession.expires_at > bindparam("moment"),
        User.disabled_at.is_(None),
    )
)


def sign_in(
    email: str, password: str, *, address: str | None, request_id: str | None = None, replacing: str | None = None
) -> tuple[str, Actor]:
    """Check a password and start a session; returns its secret. `replacing`: the session that the browser had.

    Opens its own short transactions, so call it outside of any: a failure must be counted although it raises, and
    the database must not wait while a password is hashed.
    Raises `WrongCredentials` (whatever was wrong), `TooManyAttempts` and `PasswordSignInOff`.
    """
    if not get_settings().password_sign_in:
        raise PasswordSignInOff
    with transaction() as session:
        counted = attempts.begin(session, email, address)
        person = users.by_email(session, email)
    kept = person.password_hash if person and person.disabled_at is None else None
    if not passwords.verify(kept, password) or person is None:
        _record_failure(person, address, request_id)
        raise WrongCredentials
    with transaction() as session:
        if not _is_unchanged(session, person):
            raise WrongCredentials
        attempts.forget(session, counted)
        if kept and passwords.is_outdated(kept):
            session.get_one(User, person.id).password_hash = passwords.hash_password(password)
        return start(session, person, address=address, request_id=request_id, replacing=replacing, how="password")


def _record_failure(person: User | None, address: str | None, request_id: str | None) -> None:
    with transaction() as session:
        subject = f"user:{person.id}" if person else None
        audit.record(session, None, "sign_in_failed", subject, address=address, request_id=request_id)


def _is_unchanged(session: Session, person: User) -> bool:
    """Whether the person was neither disabled nor given another password while theirs was checked."""
    current = users.get(session, person.id)
    return current.disabled_at is None and current.password_hash == person.password_hash


def start(
    session: Session,
    person: User,
    *,
    how: str,
    address: str | None = None,
    request_id: str | None = None,
    replacing: str | None = None,
) -> tuple[str, Actor]:
    """A new session, always under a new secret; the one it replaces ends."""
    if replacing:
        _end(session, replacing)
    secret = new_secret()
    row = SignInSession(user_id=person.id, token_hash=digest(secret), expires_at=_new_end())
    session.add(row)
    session.flush()
    session.execute(update(User).where(User.id == person.id).values(signed_in_at=row.created_at))
    actor = actors.of_user(person, session_id=row.id, address=address, request_id=request_id)
    audit.record(session, actor, "signed_in", f"user:{person.id}", how=how)
    return secret, actor


def actor_of(
    session: Session, secret: str, *, request_id: str | None = None, address: str | None = None
) -> Actor | None:
    """Who holds this secret; None: nobody, it has ended, or the person is disabled. One read, no write."""
    if not _SECRET.fullmatch(secret):
        return None
    row = session.execute(_LOOKUP, {"token_hash": digest(secret), "moment": now()}).first()
    if row is None:
        return None
    role = Role(row.role)
    return Actor(
        user_id=row.user_id,
        email=row.email,
        name=row.name,
        role=role,
        scopes=SCOPES_OF_ROLE[role],
        session_id=row.id,
        request_id=request_id,
        address=address,
        needs_touch=row.expires_at < _new_end() - RENEW_EVERY,
    )


def touch(session: Session, session_id: int) -> None:
    """Move the session's end; does nothing if another request just did, or it has ended."""
    due = select(SignInSession.id).where(
        SignInSession.id == session_id,
        SignInSession.expires_at > now(),
        SignInSession.expires_at < _new_end() - RENEW_EVERY,
    )
    session.execute(
        update(SignInSession)
        .where(SignInSession.id.in_(due.with_for_update(skip_locked=True)))
        .values(expires_at=_new_end())
        .execution_options(synchronize_session=False)
    )


def sign_out(session: Session, actor: Actor) -> None:
    """End the session that the actor came with."""
    session.execute(delete(SignInSession).where(SignInSession.id == actor.session_id))
    audit.record(session, actor, "signed_out", f"user:{actor.user_id}")


def csrf_token(secret: str) -> str:
    """The token that this session's forms carry; another origin, which cannot read the cookie, cannot know it."""
    return hmac.new(secret.encode(), b"csrf", hashlib.sha256).hexdigest()


def is_csrf_token(secret: str, token: str) -> bool:
    """Whether a form's token belongs to this session."""
    return hmac.compare_digest(csrf_token(secret).encode(), token.encode("utf-8", "replace"))


def _end(session: Session, secret: str) -> None:
    if _SECRET.fullmatch(secret):
        session.execute(delete(SignInSession).where(SignInSession.token_hash == digest(secret)))


def _new_end() -> datetime:
    return now() + timedelta(days=get_settings().session_days)
