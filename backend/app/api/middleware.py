"""What every request gets: a number, security headers, a limit. Plain ASGI, so that streams stay streams."""

import re
from collections.abc import Mapping

import structlog
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.secret_tokens import new_id

GIVEN_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


_RAW_SECURITY_HEADERS = [(name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]


class RequestContext:
    """Gives each request a number (the caller's own, if it sent a sound one) and its answer the security headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if GIVEN_REQUEST_ID.fullmatch(given) else new_id()
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.setdefault("headers", [])
                given = dict(headers)
                missing = [header for header in _RAW_SECURITY_HEADERS if header[0] not in given]
                headers += [
                    header for header in missing if header[0] != b"x-frame-options" or not _may_be_framed(given)
                ]
                headers.append((b"x-request-id", request_id.encode()))
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _may_be_framed(headers: Mapping[bytes, bytes]) -> bool:
    """Whether an answer names others that may show it in a frame, which the older header has no words for."""
    _, named, ancestors = headers.get(b"content-security-policy", b"").partition(b"frame-ancestors ")
    return bool(named) and not ancestors.startswith(b"'none'")


def answer_headers(request_id: str) -> dict[str, str]:
    """What every answer carries."""
    return {"X-Request-Id": request_id, **SECURITY_HEADERS}


_NUMBER = re.compile(r"(?<=/)[0-9]+(?=/|$)")

Limit = tuple[int, str | None]
"""Bytes, and the name of the setting that says so."""


class BodyLimit:
    """Reads no more of a body than its address takes, whatever length was declared, and before anything is parsed."""

    def __init__(self, app: ASGIApp, *, usual: Limit, others: Mapping[str, Limit]) -> None:
        """`others`: the limits of addresses that have one of their own; `{id}` in them stands for any number."""
        self.app = app
        self.usual = usual
        self.others = others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most, setting = self.others.get(_NUMBER.sub("{id}", scope["path"]), self.usual)
        declared = Headers(scope=scope).get("content-length", "")
        named = f" ({setting})" if setting else ""
        too_large = HTTPException(413, f"The request is larger than the {most:,} bytes that are taken here{named}.")
        received = 0

        async def receive_within() -> Message:
            nonlocal received
            if declared.isdecimal() and (len(declared) > 19 or int(declared) > most):
                raise too_large
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                raise too_large
            return message

        await self.app(scope, receive_within, send)
