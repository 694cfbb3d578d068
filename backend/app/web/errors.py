"""Errors as pages, for whoever opened one; programs keep getting the API's form."""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from app.core.errors import AppError
from app.web.i18n import gettext as _
from app.web.rendering import render
from app.web.visitors import SignInNeeded, find_visitor

Handler = Callable[[Request, Any], Response | Awaitable[Response]]

FOR_PROGRAMS = ("/api/", "/health/", "/metrics", "/openapi.json", "/static/")


def install(app: FastAPI) -> None:
    """Wrap the handlers that `app` has; install this after them."""
    for kind in (AppError, RequestValidationError, HTTPException, OperationalError, PoolTimeout, Exception):
        app.add_exception_handler(kind, _with_pages(app.exception_handlers[kind]))

    @app.exception_handler(SignInNeeded)
    def on_sign_in_needed(request: Request, _error: SignInNeeded) -> Response:
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        target = "/sign-in" if request.method != "GET" or asked == "/" else f"/sign-in?next={quote(asked)}"
        if request.headers.get("hx-request"):
            return Response(status_code=204, headers={"HX-Redirect": "/sign-in"})
        return RedirectResponse(target, 303)


def _with_pages(otherwise: Handler) -> Handler:
    async def handle(request: Request, error: Exception) -> Response:
        answer = otherwise(request, error)
        plain = await answer if inspect.isawaitable(answer) else answer
        if not _wants_page(request):
            return plain
        return await run_in_threadpool(_page, request, error, plain)

    return handle


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith(FOR_PROGRAMS)


def _page(request: Request, error: Exception, plain: Response) -> Response:
    status = plain.status_code
    headings = {
        403: _("You may not do this"),
        404: _("There is nothing here"),
        405: _("This page cannot be used like that"),
        409: _("Somebody was faster"),
        422: _("This cannot be used"),
        503: _("The database does not answer"),
    }
    detail = error.detail if isinstance(error, AppError) else _detail(status)
    try:
        visitor = find_visitor(request)
    except SQLAlchemyError:
        visitor = None
    page = render(
        request,
        "error.html",
        visitor,
        status_code=status,
        status=status,
        heading=headings.get(status, _("Something went wrong")),
        detail=detail,
        request_id=request.state.request_id,
    )
    for name, value in plain.headers.items():
        if not name.startswith(("content-length", "content-type", "www-authenticate")):
            page.headers[name] = value
    return page


def _detail(status: int) -> str:
    if status == 404:
        return _("The page was moved or deleted, or the address has a typing mistake, or you may not see it.")
    if status < 500:
        return _("The address, or what was sent to it, has a mistake.")
    return _("This is a fault of this server, not of yours. Try again in a moment.")
