"""Errors as the API words them."""

from typing import Any
from uuid import uuid4

from tests.doubles.stage import Refusal

STATUS = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}
TYPE = {status: kind for kind, status in STATUS.items()}
SPEND_LIMIT = "enforced_spend_limit_reached"


class ApiError(Refusal):
    """`details`: what stands beside `type` and `message`, such as an `error_code`."""

    def __init__(
        self,
        kind: str,
        message: str,
        *,
        status: int | None = None,
        details: dict[str, Any] | None = None,
        retry_after: float | None = None,
    ) -> None:
        error: dict[str, Any] = {"type": kind, "message": message}
        if details is not None:
            error["details"] = details
        headers = {} if retry_after is None else {"retry-after": f"{retry_after:g}"}
        super().__init__(status or STATUS[kind], {"type": "error", "error": error, "request_id": None}, headers)


def invalid(message: str, details: dict[str, Any] | None = None) -> ApiError:
    """A 400."""
    return ApiError("invalid_request_error", message, details=details)


def not_found(message: str) -> ApiError:
    return ApiError("not_found_error", message)


def not_played(what: str) -> ApiError:
    """What the real API knows and this double does not."""
    return ApiError("api_error", f"The double does not play {what}.", status=501)


def rate_limited(limit: str, retry_after: float | None) -> ApiError:
    what = limit.replace("_", " ")
    message = f"This request would exceed the rate limit of your organization for {what} per minute."
    error = ApiError("rate_limit_error", message, retry_after=retry_after)
    error.outcome = "rate_limited"
    return error


def spend_limit() -> ApiError:
    """The 429 that no waiting mends."""
    message = "You have reached your specified API usage limits."
    return ApiError("rate_limit_error", message, details={"error_code": SPEND_LIMIT})


def new_id(prefix: str) -> str:
    return f"{prefix}_01{uuid4().hex[:22]}"
