"""API tokens: `wp_` and a secret, of which we keep a hash and the first characters."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import Actor
from app.accounts.errors import InvalidToken, TokenNotFound
from app.accounts.models import ApiToken, Role, User
from app.accounts.permissions import SCOPES, Scope, require
from app.core.clock import now
from app.core.pages import LARGEST_ID
from app.core.secret_tokens import digest, new_secret

PREFIX = "wp_"
TOUCH_EVERY = timedelta(minutes=1)

_TOKEN = re.compile(r"wp_[A-Za-z0-9_-]{43}")
_UNNAMEABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

_LOOKUP = (
    select(
        ApiToken.id,
        ApiToken.scopes,
        ApiToken.last_used_at,
        User.id.label("user_id"),
        User.email,
        User.name,
        User.role,
    )
    .join(User, User.id == ApiToken.user_id)
    .where(
        ApiToken.token_hash == bindparam("token_hash"),
        ApiToken.revoked_at.is_(None),
        or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > bindparam("moment")),
        User.disabled_at.is_(None),
    )
)


def create(
    session: Session, actor: Actor, *, name: str, scopes: Collection[Scope], expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """A token for the actor, and its secret, which is shown this once. None: it does not expire.

    Its scopes are among those that the actor has now. Raises `InvalidToken` and `Forbidden`.
    """
    _require_change(actor)
    name = name.strip()
    if not 1 <= len(name) <= 200 or _UNNAMEABLE.search(name):
        raise InvalidToken("A token's name has 1 to 200 visible characters.", field="name")
    if not scopes or not set(scopes) <= SCOPES:
        raise InvalidToken(f"Scopes are one or more of {', '.join(sorted(SCOPES))}.", field="scopes")
    for scope in sorted(scopes):
        require(actor, scope)
    _check_end(session, actor, expires_at)
    secret = PREFIX + new_secret()
    token = ApiToken(
        user_id=actor.user_id,
        name=name,
        prefix=secret[:8],
        token_hash=digest(secret),
        scopes=sorted(set(scopes)),
        expires_at=expires_at,
    )
    session.add(token)
    session.flush()
    audit.record(session, actor, "token_created", f"token:{token.id}", scopes=token.scopes)
    return token, secret


def actor_of(
    session: Session, secret: str, *, request_id: str | None = None, address: str | None = None
) -> Actor | None:
    """Who holds this token; None: nobody, it is revoked or expired, or the person is disabled. One read, no write."""
    if not _TOKEN.fullmatch(secret):
        return None
    moment = now()
    row = session.execute(_LOOKUP, {"token_hash": digest(secret), "moment": moment}).first()
    if row is None:
        return None
    return Actor(
        user_id=row.user_id,
        email=row.email,
        name=row.name,
        role=Role(row.role),
        scopes=SCOPES.intersection(row.scopes),
        token_id=row.id,
        request_id=request_id,
        address=address,
        needs_touch=row.last_used_at is None or row.last_used_at < moment - TOUCH_EVERY,
    )


def touch(session: Session, token_id: int) -> None:
    """Note that the token was used; does nothing if another request just did."""
    moment = now()
    due = select(ApiToken.id).where(
        ApiToken.id == token_id, or_(ApiToken.last_used_at.is_(None), ApiToken.last_used_at < moment - TOUCH_EVERY)
    )
    session.execute(
        update(ApiToken)
        .where(ApiToken.id.in_(due.with_for_update(skip_locked=True)))
        .values(last_used_at=moment)
        .execution_options(synchronize_session=False)
    )


def list_(session: Session, actor: Actor) -> Sequence[ApiToken]:
    """The actor's tokens, revoked and expired ones too, newest first; an admin's list has everybody's."""
    query = select(ApiToken).order_by(ApiToken.id.desc())
    if not actor.may("admin"):
        query = query.where(ApiToken.user_id == actor.user_id)
    return session.scalars(query).all()


def revoke(session: Session, actor: Actor, token_id: int) -> None:
    """End one's own token, or as an admin anybody's; again is harmless. Raises `TokenNotFound`."""
    token = session.get(ApiToken, token_id) if 0 < token_id <= LARGEST_ID else None
    if token is None or (token.user_id != actor.user_id and not actor.may("admin")):
        raise TokenNotFound
    if token_id != actor.token_id:
        _require_change(actor)
    if token.revoked_at is None:
        token.revoked_at = now()
        session.flush()
        audit.record(session, actor, "token_revoked", f"token:{token_id}")


def _require_change(actor: Actor) -> None:
    """A viewer manages their own tokens; a token that may only read does not."""
    require(actor, "read" if actor.token_id is None else "write")


def _check_end(session: Session, actor: Actor, expires_at: datetime | None) -> None:
    """Refuse an end in the past, and one by which a token would outlive itself in its child."""
    if expires_at is not None and expires_at.tzinfo is None:
        raise InvalidToken("The expiry needs a time zone.", field="expires_at")
    if expires_at is not None and expires_at <= now():
        raise InvalidToken("The expiry lies in the past.", field="expires_at")
    if actor.token_id is None:
        return
    ends = session.scalar(select(ApiToken.expires_at).where(ApiToken.id == actor.token_id))
    if ends is not None and (expires_at is None or expires_at > ends):
        raise InvalidToken(
            "A token that is made with a token must not outlive it: give it an earlier expiry.", field="expires_at"
        )
