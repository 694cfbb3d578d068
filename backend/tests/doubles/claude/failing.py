"""The faults of an API and of what stands between it and us, as answers."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from tests.doubles.claude import errors
from tests.doubles.faults import Struck
from tests.doubles.ledger import Call
from tests.doubles.stage import Reset, Stage


async def fail(stage: Stage, struck: Struck, call: Call) -> None:
    """The faults that come instead of an answer."""
    for kind in struck.names():
        if kind not in {"hang", "reset_before", *_ERRORS}:
            continue
        call.outcome = kind
        await stage.pass_gate(struck)
        if kind == "hang":
            await stage.hang()
        if kind == "reset_before":
            raise Reset
        raise _ERRORS[kind](struck.of(kind) or {})


def _scripted(details: dict[str, Any]) -> errors.ApiError:
    status = int(details["status"])
    code = details.get("error_code")
    return errors.ApiError(
        details.get("type") or errors.TYPE.get(status, "api_error"),
        details.get("message", "Scripted by the test."),
        status=status,
        details={"error_code": code} if code else None,
        retry_after=details.get("retry_after"),
    )


_ERRORS: dict[str, Callable[[dict[str, Any]], errors.ApiError]] = {
    "rate_limited": lambda details: errors.rate_limited("requests", details.get("retry_after")),
    "spend_limit": lambda _: errors.spend_limit(),
    "overloaded": lambda _: errors.ApiError("overloaded_error", "Overloaded"),
    "server_error": lambda _: errors.ApiError("api_error", "Internal server error"),
    "status": _scripted,
}


def spoil(response: web.Response, struck: Struck, call: Call) -> web.Response:
    """The faults of something between the API and us."""
    if struck.of("reset_after") is not None:
        call.outcome = "reset_after"
        raise Reset
    if struck.of("wrong_content_type") is not None:
        call.outcome = "wrong_content_type"
        return web.Response(text="<html><body>Please sign in to the network.</body></html>", content_type="text/html")
    if struck.of("broken_body") is not None:
        call.outcome = "broken_body"
        return web.Response(text=(response.text or "")[:-20], content_type="application/json")
    return response
