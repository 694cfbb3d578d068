"""Errors as OpenAI words them."""

from typing import Any

from tests.doubles.stage import Refusal


class ApiError(Refusal):
    """`{"error": {message, type, param, code}}`"""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        param: str | None = None,
        code: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        error: dict[str, Any] = {"message": message, "type": kind, "param": param, "code": code}
        headers = {} if retry_after is None else {"retry-after": f"{retry_after:g}"}
        super().__init__(status, {"error": error}, headers)


def invalid(message: str, param: str | None = None, code: str | None = None) -> ApiError:
    """A 400."""
    return ApiError(400, message, param=param, code=code)
