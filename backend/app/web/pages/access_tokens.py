"""Settings: API tokens."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts import tokens, users
from app.accounts.permissions import SCOPES, SCOPES_OF_ROLE, Scope
from app.core.clock import now
from app.core.db import transaction
from app.core.errors import AppError
from app.web.complaints import explained
from app.web.i18n import gettext as _
from app.web.rendering import render
from app.web.visitors import SentOurForm, SignedIn, Visitor

router = APIRouter(prefix="/settings/tokens")

DAYS = (7, 30, 90, 365)


@router.get("")
def show_tokens(request: Request, visitor: SignedIn) -> Response:
    """One's own tokens; an admin sees everybody's."""
    return _page(request, visitor)


@router.post("")
def create_token(
    request: Request,
    visitor: SentOurForm,
    name: Annotated[str, Form(max_length=1_000)] = "",
    scope: Annotated[list[str] | None, Form()] = None,
    days: Annotated[str, Form(max_length=10)] = "90",
) -> Response:
    """Make a token, and show its secret this once."""
    scopes: list[Scope] = [each for each in sorted(SCOPES) if each in (scope or [])]
    ends = now() + timedelta(days=int(days)) if days in map(str, DAYS) else None
    try:
        with transaction() as session:
            token, secret = tokens.create(session, visitor.actor, name=name, scopes=scopes, expires_at=ends)
    except AppError as error:
        return _page(request, visitor, error=error, given={"name": name, "scopes": scopes, "days": days})
    return _page(request, visitor, secret=(token.name, secret))


@router.post("/{token_id}/revoke")
def revoke_token(token_id: int, visitor: SentOurForm) -> Response:
    """End a token."""
    with transaction() as session:
        tokens.revoke(session, visitor.actor, token_id)
    return RedirectResponse("/settings/tokens", 303)


def _page(
    request: Request,
    visitor: Visitor,
    *,
    error: AppError | None = None,
    given: dict[str, object] | None = None,
    secret: tuple[str, str] | None = None,
) -> Response:
    actor, moment = visitor.actor, now()
    with transaction(read_only=True) as session:
        found = tokens.list_(session, actor)
        names = {person.id: person.name for person in users.list_(session)} if actor.may("admin") else {}
    ended = [token for token in found if token.revoked_at or (token.expires_at and token.expires_at <= moment)]
    field = error.facts.get("field", "name") if error else None
    return render(
        request,
        "settings_tokens.html",
        visitor,
        status_code=error.status_code if error else 200,
        here="tokens",
        working=[token for token in found if token not in ended],
        ended=ended,
        names=names,
        scopes=[(value, word, hint) for value, word, hint in _scopes() if value in SCOPES_OF_ROLE[actor.role]],
        scope_words=_scopes(),
        lifetimes=_lifetimes(),
        given=given or {"name": "", "scopes": ["read"], "days": "90"},
        problem=_explained(error) if error else None,
        wrong=field,
        secret=secret,
    )


def _explained(error: AppError) -> str:
    return {
        "name": _("A token's name has 1 to 200 visible characters."),
        "scopes": _("Choose at least one thing that the token may do."),
    }.get(error.facts.get("field", ""), explained(error))


def _scopes() -> list[tuple[Scope, str, str]]:
    return [
        ("read", _("Read"), _("guides, steps, runs, exports")),
        ("write", _("Write"), _("record, edit, label, publish")),
        ("admin", _("Administer"), _("people's tokens and settings")),
    ]


def _lifetimes() -> list[tuple[str, str]]:
    return [
        ("7", _("7 days")),
        ("30", _("30 days")),
        ("90", _("90 days")),
        ("365", _("A year")),
        ("never", _("Until it is revoked")),
    ]
