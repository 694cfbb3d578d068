"""`/mcp`: the MCP server over HTTP, for who brings an API token. Nothing is kept from one request to the next."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from app.accounts import service as accounts
from app.accounts import tokens
from app.accounts.actor import Actor
from app.accounts.permissions import require
from app.core.db import single_query, transaction
from app.core.errors import AppError, Unauthenticated

if TYPE_CHECKING:
    from mcp.server.mcpserver import Context

PATH = "/mcp"
MOST_BYTES = 500_000


class NotStarted(AppError):
    """This server is just starting or stopping. Try again in a moment."""

    status_code = 503


class _Door:
    """An ASGI application of its own, so that the SDK answers as it likes."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        request.state.actor = await run_in_threadpool(_find_actor, request)
        if request.method != "POST":  # no sessions, so nothing to listen to and nothing to end
            raise HTTPException(405, headers={"Allow": "POST"})
        manager = getattr(request.app.state, "agents", None)
        if manager is None:
            raise NotStarted
        await manager.handle_request(scope, receive, send)


def install(app: FastAPI) -> None:
    """Add the route. What answers is there from the start of `running` to its end."""
    app.router.routes.append(Route(PATH, _Door(), include_in_schema=False))


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[None]:
    """Have it answer; to be entered when logging is configured."""
    from mcp.server.transport_security import TransportSecuritySettings  # noqa: PLC0415 - 28 MB, for a server alone

    from app.agents.server import build  # noqa: PLC0415

    logging.getLogger("mcp").setLevel(logging.WARNING)
    server = build(_whose)
    server.streamable_http_app(
        json_response=True,
        stateless_http=True,
        max_request_body_size=MOST_BYTES,
        # Against pages that reach a server of this machine by another name: they have no token.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    manager = server.session_manager
    async with manager.run():
        app.state.agents = manager
        try:
            yield
        finally:
            app.state.agents = None


def _find_actor(request: Request) -> Actor:
    """The API token's person. Cookies count for nothing here: another site could make a browser send them."""
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer":
        raise Unauthenticated
    address = request.client.host if request.client else None
    with single_query() as session:
        actor = tokens.actor_of(session, secret.strip(), request_id=request.state.request_id, address=address)
    if actor is None:
        raise Unauthenticated
    if actor.needs_touch:
        with transaction() as session:
            accounts.touch(session, actor)
    require(actor, "read")
    return actor


def _whose(ctx: "Context[Any, Any]") -> Actor:
    request = ctx.request_context.request
    if not isinstance(request, Request):
        raise Unauthenticated
    actor: Actor = request.state.actor
    return actor
