"""Sign-in links: an address that signs one person in, once, soon."""

import re
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import audit, sessions, users
from app.accounts.actor import Actor
from app.accounts.errors import PersonDisabled, SignInLinkSpent
from app.accounts.models import SignInLink, User
from app.accounts.permissions import require
from app.core.clock import now
from app.core.config import get_settings
from app.core.secret_tokens import digest, new_secret

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


def create(session: Session, user: User) -> str:
    """The secret of a new link for this person; `url` makes an address of it."""
    secret = new_secret()
    ends = now() + timedelta(minutes=get_settings().sign_in_link_minutes)
    session.add(SignInLink(user_id=user.id, token_hash=digest(secret), expires_at=ends))
    session.flush()
    return secret


def hand_out(session: Session, user_id: int, *, by: Actor) -> str:
    """The address of a new link, for an admin who gives it to the person. Raises `PersonDisabled`."""
    require(by, "admin")
    person = users.get(session, user_id)
    if person.disabled_at is not None:
        raise PersonDisabled
    audit.record(session, by, "sign_in_link_created", f"user:{user_id}")
    return url(create(session, person))


def url(secret: str) -> str:
    """The address to open."""
    return f"{get_settings().base_url}/sign-in/{secret}"


def use(
    session: Session,
    secret: str,
    *,
    address: str | None = None,
    request_id: str | None = None,
    replacing: str | None = None,
) -> tuple[str, Actor]:
    """Spend the link and start a session; returns the session's secret. `replacing`: the one that the browser had.

    Raises `SignInLinkSpent` if the link is used, old or unknown.
    """
    if not _SECRET.fullmatch(secret):
        raise SignInLinkSpent
    # One conditional statement: of two who use it at once, the second sees `used_at` set.
    user_id = session.scalar(
        update(SignInLink)
        .where(
            SignInLink.token_hash == digest(secret),
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > now(),
            SignInLink.user_id.in_(select(User.id).where(User.disabled_at.is_(None))),
        )
        .values(used_at=now())
        .returning(SignInLink.user_id)
        .execution_options(synchronize_session=False)
    )
    if user_id is None:
        raise SignInLinkSpent
    person = users.get(session, user_id)
    return sessions.start(session, person, how="link", address=address, request_id=request_id, replacing=replacing)
