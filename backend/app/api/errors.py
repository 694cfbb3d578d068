"""One form for every error: `{"error": …, "detail": …, "request_id": …}`, and facts that belong to it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from app.api.middleware import SECURITY_HEADERS
from app.core.errors import AppError, InvalidInput
from app.core.validation import explain, fields

log = structlog.get_logger(__name__)


class InternalError(AppError):
    """Something went wrong on this server. Its log has more under this request's number."""


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


def request_id(request: Request) -> str:
    """The number of this request, which is in its log lines and audit events too."""
    found: str = request.state.request_id
    return found


def _named(status: int) -> str:
    try:
        return "".join(word.capitalize() for word in HTTPStatus(status).phrase.replace("-", " ").split())
    except ValueError:
        return "HttpError"


def install(app: FastAPI) -> None:
    """Make `app` answer every error in the one form."""

    @app.exception_handler(AppError)
    def on_app_error(request: Request, error: AppError) -> JSONResponse:
        return render(request, error)

    @app.exception_handler(RequestValidationError)
    def on_invalid_request(request: Request, error: RequestValidationError) -> JSONResponse:
        problems: Any = error.errors()
        return render(request, InvalidInput(explain(problems), fields=fields(problems)))

    @app.exception_handler(HTTPException)
    def on_http_error(request: Request, error: HTTPException) -> JSONResponse:
        body = {"error": _named(error.status_code), "detail": error.detail, "request_id": request_id(request)}
        return JSONResponse(body, error.status_code, error.headers)

    @app.exception_handler(OperationalError)
    @app.exception_handler(PoolTimeout)
    def on_database_error(request: Request, error: Exception) -> JSONResponse:
        log.error("database_unavailable", error=type(error).__name__)
        return render(request, DatabaseUnavailable(), {"Retry-After": "5"})

    @app.exception_handler(Exception)
    def on_defect(request: Request, error: Exception) -> JSONResponse:
        log.error("unhandled_error", exc_info=error)
        # Answered outside of every middleware, so what they add has to be added here.
        return render(request, InternalError(), {**SECURITY_HEADERS, "X-Request-Id": request_id(request)})
