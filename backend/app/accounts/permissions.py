"""Who may do what: the one table of roles, and the one check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from app.accounts.models import Role
from app.core.errors import Forbidden

if TYPE_CHECKING:
    from app.accounts.actor import Actor

Scope = Literal["read", "write", "admin"]

SCOPES: frozenset[Scope] = frozenset(get_args(Scope))

SCOPES_OF_ROLE: dict[Role, frozenset[Scope]] = {
    Role.VIEWER: frozenset({"read"}),
    Role.EDITOR: frozenset({"read", "write"}),
    Role.ADMIN: SCOPES,
}


def require(actor: Actor, scope: Scope) -> None:
    """Raise `Forbidden` unless the actor's role and token both allow `scope`."""
    if actor.may(scope):
        return
    if scope not in SCOPES_OF_ROLE[actor.role]:
        raise Forbidden(f"Your role, {actor.role}, does not allow this: it needs “{scope}”.", needs=scope)
    raise Forbidden(f"This API token does not have the scope “{scope}”.", needs=scope)
