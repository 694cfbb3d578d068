"""Settings: one's own password, and the language of the pages."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts import own_password, session_cookie
from app.core.errors import AppError
from app.web import i18n
from app.web.complaints import explained
from app.web.rendering import render
from app.web.returning import own_page
from app.web.visitors import SentOurForm, SignedIn, Visitor, check_origin

router = APIRouter()

YEAR_SECONDS = 31_536_000


@router.get("/settings")
def choose_settings(visitor: SignedIn) -> Response:
    """The first page of the settings that is the visitor's business."""
    return RedirectResponse("/settings/people" if visitor.actor.may("admin") else "/settings/account", 303)


@router.get("/settings/account")
def show_account(request: Request, visitor: SignedIn, done: str = "") -> Response:
    """Who one is, and a form for the password."""
    return _page(request, visitor, done=done == "password")


@router.post("/settings/account")
def change_password(
    request: Request,
    visitor: SentOurForm,
    present: Annotated[str, Form()] = "",
    new: Annotated[str, Form()] = "",
) -> Response:
    """Set one's own password."""
    try:
        own_password.change(visitor.actor, present=present, new=new)
    except AppError as error:
        return _page(request, visitor, error=error)
    return RedirectResponse("/settings/account?done=password", 303)


@router.post("/language")
def choose_language(
    request: Request,
    language: Annotated[str, Form(max_length=20)] = "",
    next: Annotated[str, Form()] = "/",  # noqa: A002 - the parameter's usual name
) -> Response:
    """Remember the language in this browser for a year."""
    check_origin(request)
    response = RedirectResponse(own_page(next), 303)
    if language in i18n.LANGUAGES:
        response.set_cookie(i18n.COOKIE, language, max_age=YEAR_SECONDS, **session_cookie.rules())
    return response


def _page(request: Request, visitor: Visitor, *, done: bool = False, error: AppError | None = None) -> Response:
    return render(
        request,
        "settings_account.html",
        visitor,
        status_code=error.status_code if error else 200,
        here="account",
        has_password=own_password.has_one(visitor.actor),
        done=done,
        problem=explained(error) if error else None,
        wrong=error.facts.get("field", "new") if error else None,
    )
