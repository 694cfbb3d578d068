"""Signing in at an OpenID Connect provider."""

from typing import Annotated, Literal
from urllib.parse import quote, unquote

import structlog
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts import oidc
from app.accounts.errors import ProviderAway, SignInRefused
from app.accounts.session_cookie import CookieRules
from app.core.config import get_settings
from app.core.validation import printable
from app.web.i18n import gettext as _
from app.web.pages.signing_in import circumstances, welcome
from app.web.rendering import render
from app.web.returning import own_page

log = structlog.get_logger(__name__)
router = APIRouter(prefix="/sign-in/oidc")

MINUTES = 10
"""For which a sign-in that was begun can be finished."""

Answer = Annotated[str, Query(max_length=4_000)]


@router.get("")
def begin(request: Request, next: str = "/") -> Response:  # noqa: A002 - the parameter's usual name
    """Send the browser to the provider."""
    try:
        secret, address = oidc.begin()
    except ProviderAway as error:
        return _failed(request, error)
    response = RedirectResponse(address, 303, headers={"Cache-Control": "no-store"})
    kept = f"{secret}.{quote(own_page(next), safe='')}"
    response.set_cookie(_cookie_name(), kept, max_age=MINUTES * 60, **_cookie_rules())
    return response


@router.get("/callback")
def finish(
    request: Request, *, code: Answer = "", state: Answer = "", error: Answer = "", iss: Answer | None = None
) -> Response:
    """The browser comes back. What it kept is of no use any more, whatever comes of it."""
    secret, _dot, asked = request.cookies.get(_cookie_name(), "").partition(".")
    try:
        if error:  # not every provider sends the state along with it, and it opens nothing
            log.warning("oidc_sign_in_declined", reason=printable(error))
            raise SignInRefused(_declined(error))
        session_secret, _actor = oidc.finish(secret, code=code, state=state, issuer=iss, **circumstances(request))
    except (SignInRefused, ProviderAway) as problem:
        response = _failed(request, problem)
    else:
        response = welcome(session_secret, own_page(unquote(asked) or "/"))
    response.delete_cookie(_cookie_name(), **_cookie_rules())
    return response


def _failed(request: Request, error: SignInRefused | ProviderAway) -> Response:
    settings = get_settings()
    return render(
        request,
        "single_sign_on.html",
        status_code=error.status_code,
        problem=error.detail,
        provider=settings.oidc_name,
        other_ways=settings.password_sign_in,
    )


def _declined(error: str) -> str:
    if error == "access_denied":
        return _("You did not allow the provider to sign you in here.")
    return _("The provider did not sign you in. Try again; if that does not help, ask an admin of this server.")


def _cookie_name() -> str:
    return "__Host-wp_oidc" if _cookie_rules()["secure"] else "wp_oidc"


def _cookie_rules() -> CookieRules:
    """Sent along when the provider sends the browser back here, but not with what other pages load or post."""
    lax: Literal["lax"] = "lax"
    secure = get_settings().base_url.startswith("https://")
    return {"path": "/", "httponly": True, "samesite": lax, "secure": secure}
