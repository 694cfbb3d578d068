"""Who acts, and how we know."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.accounts.models import Role, User
from app.accounts.permissions import SCOPES_OF_ROLE, Scope


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at work, through a session, an API token or the command line."""

    user_id: int
    email: str
    name: str
    role: Role
    scopes: frozenset[Scope]
    token_id: int | None = None
    session_id: int | None = None
    request_id: str | None = None
    address: str | None = None
    needs_touch: bool = field(default=False, compare=False)
    """The session or token should be marked as used, see `service.touch`; True once a minute or hour only."""

    def may(self, scope: Scope) -> bool:
        """Whether the role and the token both allow `scope`: a token never goes beyond its person's role of today."""
        return scope in self.scopes and scope in SCOPES_OF_ROLE[self.role]


def of_user(
    user: User, *, session_id: int | None = None, request_id: str | None = None, address: str | None = None
) -> Actor:
    """This person with everything that their role allows."""
    role = Role(user.role)
    return Actor(
        user_id=user.id,
        email=user.email,
        name=user.name,
        role=role,
        scopes=SCOPES_OF_ROLE[role],
        session_id=session_id,
        request_id=request_id,
        address=address,
    )
