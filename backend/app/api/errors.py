"""One form for every error: `{"error": …, "detail": …, "request_id": …}`, and facts that belong to it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

import structlog
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic_core import ErrorDetails
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app.api import denials
from app.api.middleware import answer_headers
from app.core.errors import AppError, InvalidInput, TooLarge
from app.core.room import NoRoom, is_full
from app.core.validation import READ, explain, fields

log = structlog.get_logger(__name__)


class InternalError(AppError):
    """Something went wrong on this server. Its log has more under this request's number."""


class UnsupportedMediaType(AppError):
    """Send the body as JSON, with "Content-Type: application/json"."""

    status_code = 415


class BrokenBody(InvalidInput):
    """The body cannot be read: it is broken off, nested too deeply, or not what its Content-Type says."""


class DatabaseUnavailable(AppError):
    """The database does not answer. Try again in a moment."""

    status_code = 503


def render(request: Request, error: AppError, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The answer for `error`."""
    if error.status_code == 401:
        headers = {"WWW-Authenticate": "Bearer", **(headers or {})}
    if (wait := error.facts.get("retry_after")) is not None:
        headers = {"Retry-After": str(wait), **(headers or {})}
    body = {"error": error.name, "detail": error.detail, "request_id": request_id(request), **error.facts}
    return JSONResponse(body, error.status_code, headers)


def on_no_room(request: Request, error: Exception) -> JSONResponse:
    """A disk is full: that of the database, or the one where large uploads are put aside."""
    log.error("no_room", error=str(error))
    return render(request, NoRoom())


def request_id(request: Request) -> str:
    """The number of this request, which is in its log lines and audit events too."""
    found: str = request.state.request_id
    return found


def _placed(problem: dict[str, Any]) -> ErrorDetails:
    """The problem under the field's own name: whether it was in path, query or body goes without saying."""
    kind, *way = problem["loc"]
    found = {**problem, "loc": tuple(way) or (kind,)}
    if problem["type"] == "json_invalid":
        found |= {"loc": (kind,), "ctx": {"error": f"{problem['ctx']['error']} at character {way[0]}"}}
    return cast("ErrorDetails", found)


def _named(status: int) -> str:
    if status == 413:  # Python's own name for it depends on its version
        return TooLarge.__name__
    try:
        return "".join(word.capitalize() for word in HTTPStatus(status).phrase.replace("-", " ").split())
    except ValueError:
        return "HttpError"


def install(app: FastAPI) -> None:
    """Make `app` answer every error in the one form."""

    @app.exception_handler(AppError)
    async def on_app_error(request: Request, error: AppError) -> JSONResponse:
        if error.status_code == 403:
            await run_in_threadpool(denials.record, request, error)
        return render(request, error)

    @app.exception_handler(RequestValidationError)
    def on_invalid_request(request: Request, error: RequestValidationError) -> JSONResponse:
        if isinstance(error.body, bytes):  # FastAPI did not take it for JSON
            return render(request, UnsupportedMediaType())
        problems = [_placed(problem) for problem in error.errors()[:READ]]
        return render(request, InvalidInput(explain(problems), fields=fields(problems)))

    @app.exception_handler(HTTPException)
    def on_http_error(request: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == 400:  # FastAPI's, of a body that it cannot parse
            return render(request, BrokenBody())
        body = {"error": _named(error.status_code), "detail": error.detail, "request_id": request_id(request)}
        return JSONResponse(body, error.status_code, error.headers)

    _install_failures(app)


def _install_failures(app: FastAPI) -> None:
    """What goes wrong on our side: the database, a disk, a defect."""

    @app.exception_handler(OperationalError)
    @app.exception_handler(PoolTimeout)
    def on_database_error(request: Request, error: Exception) -> JSONResponse:
        if is_full(error):
            return on_no_room(request, error)
        log.error("database_unavailable", error=type(error).__name__)
        return render(request, DatabaseUnavailable(), {"Retry-After": "5"})

    @app.exception_handler(ClientDisconnect)
    def on_broken_off(request: Request, _: Exception) -> JSONResponse:
        """Nobody hears this answer, but the numbers tell a sender that went away from a defect of ours."""
        log.info("broken_off")
        return render(request, BrokenBody())

    @app.exception_handler(OSError)
    def on_system_error(request: Request, error: OSError) -> JSONResponse:
        if not is_full(error):
            raise error
        return on_no_room(request, error)

    @app.exception_handler(Exception)
    def on_defect(request: Request, error: Exception) -> JSONResponse:
        log.error("unhandled_error", exc_info=error)
        # This answer is made outside of our middleware, which would have given it its headers.
        return render(request, InternalError(), answer_headers(request_id(request)))
