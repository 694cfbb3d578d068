"""`workflow-platform mcp`."""

import click

from app.accounts import tokens
from app.accounts.actor import Actor
from app.commands.output import Output, options
from app.core.db import single_query
from app.core.errors import Unauthenticated


@click.command("mcp")
@click.option(
    "--token",
    envvar="WORKFLOW_PLATFORM_TOKEN",
    required=True,
    help="An API token, from `workflow-platform tokens create --name agent --scope read`. Better given as the "
    "environment variable WORKFLOW_PLATFORM_TOKEN: everybody on this machine can read command lines.",
)
@options
def command(_output: Output, token: str) -> None:
    """Let an AI agent on this machine read the guides (MCP over stdio).

    It sees what the token's person may see.

    It reads the database itself and needs no running server. An agent's program starts it; see docs/mcp.md.
    """
    from app.agents.server import build  # noqa: PLC0415 - takes a while

    _holder(token)
    build(lambda _ctx: _holder(token)).run("stdio")


def _holder(token: str) -> Actor:
    """Asked anew for each call: a token may be revoked meanwhile."""
    with single_query() as session:
        actor = tokens.actor_of(session, token)
    if actor is None:
        raise Unauthenticated('This API token is not valid (any more). "workflow-platform tokens create" makes one.')
    return actor
