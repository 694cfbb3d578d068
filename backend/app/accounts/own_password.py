"""A person sets their own password."""

from sqlalchemy import delete, select

from app.accounts import attempts, audit, passwords, users
from app.accounts.actor import Actor
from app.accounts.errors import WrongPassword
from app.accounts.models import SignInSession, User
from app.accounts.permissions import require
from app.core.db import transaction
from app.core.errors import Conflict


def has_one(actor: Actor) -> bool:
    """Whether the person has a password, or signs in by other ways alone."""
    with transaction(read_only=True) as session:
        return session.scalar(select(User.password_hash).where(User.id == actor.user_id)) is not None


def change(actor: Actor, *, present: str, new: str) -> None:
    """Set it; `present` is the one that holds, if there is one. Every other session of the person ends.

    Opens its own short transactions, so call it outside of any: a wrong guess must be counted although it raises, and
    the database must not wait while a password is hashed.
    Raises `WrongPassword`, `PasswordRefused` and `TooManyAttempts`.
    """
    require(actor, "read")
    hashed = passwords.hash_password(new)
    with transaction() as session:
        counted = attempts.begin(session, actor.email, actor.address)
        kept = users.get(session, actor.user_id).password_hash
    if kept is not None and not passwords.verify(kept, present):
        raise WrongPassword(field="present")
    with transaction() as session:
        attempts.forget(session, counted)
        person = users.get(session, actor.user_id)
        if person.password_hash != kept:
            raise Conflict
        person.password_hash = hashed
        session.flush()
        others = (SignInSession.user_id == actor.user_id, SignInSession.id != actor.session_id)
        session.execute(delete(SignInSession).where(*others))
        audit.record(session, actor, "password_changed", f"user:{actor.user_id}")
