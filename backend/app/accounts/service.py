"""The door of this room: `from app.accounts import service as accounts`, then `accounts.users.create(…)`."""

from sqlalchemy.orm import Session

from app.accounts import audit, idempotency, links, maintenance, sessions, tokens, users
from app.accounts.actor import Actor, of_user
from app.accounts.models import Role
from app.accounts.permissions import SCOPES, SCOPES_OF_ROLE, Scope, require

__all__ = [
    "SCOPES",
    "SCOPES_OF_ROLE",
    "Actor",
    "Role",
    "Scope",
    "audit",
    "idempotency",
    "links",
    "local_admin",
    "maintenance",
    "of_user",
    "require",
    "sessions",
    "tokens",
    "touch",
    "users",
]


def local_admin(session: Session) -> Actor:
    """Whoever uses the command line on this machine acts as the oldest enabled admin; `NoAdmin` without one."""
    return of_user(users.oldest_admin(session))


def touch(session: Session, actor: Actor) -> None:
    """Mark the actor's session or token as used; worth a write transaction only if `actor.needs_touch`."""
    if actor.token_id is not None:
        tokens.touch(session, actor.token_id)
    elif actor.session_id is not None:
        sessions.touch(session, actor.session_id)
