"""Signing in with a password or by a link, and out."""

from typing import Annotated, TypedDict

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts import links, oidc, session_cookie, sessions
from app.accounts.errors import SignInLinkSpent, TooManyAttempts, WrongCredentials
from app.core.config import get_settings
from app.core.db import transaction
from app.web.i18n import gettext as _
from app.web.i18n import ngettext
from app.web.rendering import render
from app.web.returning import own_page
from app.web.visitors import SentOurForm, check_origin, client_address, find_visitor, forget, keep_signed_in

router = APIRouter()


@router.get("/sign-in")
def show_sign_in(request: Request, next: str = "/") -> Response:  # noqa: A002 - the parameter's usual name
    """The form; who is signed in goes on."""
    if find_visitor(request):
        return RedirectResponse(own_page(next), 303)
    return _form(request, next)


@router.post("/sign-in")
def sign_in(
    request: Request,
    email: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",  # noqa: A002 - as above
) -> Response:
    """Check the password."""
    check_origin(request)
    try:
        secret, _actor = sessions.sign_in(email, password, **circumstances(request))
    except (WrongCredentials, TooManyAttempts) as error:
        page = _form(request, next, status_code=error.status_code, email=email[:254], problem=_explained(error))
        if wait := error.facts.get("retry_after"):
            page.headers["Retry-After"] = str(wait)
        return page
    return welcome(secret, own_page(next))


@router.get("/sign-in/{secret}")
def show_sign_in_link(request: Request, secret: str) -> Response:  # noqa: ARG001 - of no use before the button
    """A button. Opening the link spends nothing, because mail programs and chats open links to look at them."""
    return render(request, "sign_in_link.html", problem=None)


@router.post("/sign-in/{secret}")
def use_sign_in_link(request: Request, secret: str) -> Response:
    """Spend the link."""
    check_origin(request)
    try:
        with transaction() as session:
            session_secret, _actor = links.use(session, secret, **circumstances(request))
    except SignInLinkSpent as error:
        return render(request, "sign_in_link.html", status_code=error.status_code, problem=error.detail)
    return welcome(session_secret, "/")


@router.post("/sign-out")
def sign_out(visitor: SentOurForm) -> Response:
    """End this browser's session."""
    with transaction() as session:
        sessions.sign_out(session, visitor.actor)
    response = RedirectResponse("/sign-in", 303)
    forget(response)
    return response


def _form(
    request: Request, asked: str, *, status_code: int = 200, email: str = "", problem: str | None = None
) -> Response:
    settings = get_settings()
    return render(
        request,
        "sign_in.html",
        status_code=status_code,
        next=own_page(asked),
        email=email,
        problem=problem,
        takes_password=settings.password_sign_in,
        provider=settings.oidc_name if oidc.is_configured(settings) else None,
    )


class Circumstances(TypedDict):
    """Arguments of whatever starts a session."""

    address: str | None
    request_id: str | None
    replacing: str | None


def circumstances(request: Request) -> Circumstances:
    """Where a sign-in comes from."""
    return {
        "address": client_address(request),
        "request_id": request.state.request_id,
        "replacing": request.cookies.get(session_cookie.name()),
    }


def welcome(secret: str, page: str) -> Response:
    """Go on, signed in."""
    response = RedirectResponse(page, 303)
    keep_signed_in(response, secret)
    return response


def _explained(error: WrongCredentials | TooManyAttempts) -> str:
    if isinstance(error, WrongCredentials):
        return _("The email address or the password is wrong.")
    wait = int(error.facts.get("retry_after", 60))
    text = ngettext(
        "Too many tries. Wait %(num)s second, then try again.",
        "Too many tries. Wait %(num)s seconds, then try again.",
        wait,
    )
    return text % {"num": wait}
