"""`workflow-platform tokens`."""

from datetime import timedelta

import click

from app.accounts import service as accounts
from app.accounts.permissions import Scope
from app.commands.output import Output, options
from app.commands.surroundings import acting
from app.core.clock import now


@click.group("tokens")
def command() -> None:
    """Make, list and revoke API tokens."""


@command.command("create")
@click.option("--name", required=True, help="What the token is for.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(sorted(accounts.SCOPES)),
    default=("read", "write"),
    show_default=True,
    help="What it allows; may be given several times.",
)
@click.option("--days", type=click.IntRange(min=1, max=36_500), help="Days for which it works; for ever if not given.")
@options
def create(output: Output, name: str, scopes: tuple[Scope, ...], days: int | None) -> None:
    """Make a token and print it, alone, on stdout. It is shown this once."""
    expires_at = None if days is None else now() + timedelta(days=days)
    with acting() as (session, actor):
        token, secret = accounts.tokens.create(session, actor, name=name, scopes=scopes, expires_at=expires_at)
        facts = {"id": token.id, "name": token.name, "scopes": token.scopes, "expires_at": expires_at, "token": secret}
    output.show(facts, secret)


@command.command("list")
@options
def list_(output: Output) -> None:
    """List everybody's tokens, newest first."""
    with acting() as (session, actor):
        rows = [
            {
                "id": token.id,
                "name": token.name,
                "begins_with": token.prefix,
                "scopes": token.scopes,
                "last_used_at": token.last_used_at,
                "expires_at": token.expires_at,
                "revoked_at": token.revoked_at,
            }
            for token in accounts.tokens.list_(session, actor)
        ]
    output.table(rows, empty="There are no tokens.")


@command.command("revoke")
@click.argument("token_id", metavar="ID", type=click.IntRange(min=1))
@options
def revoke(output: Output, token_id: int) -> None:
    """End a token at once."""
    with acting() as (session, actor):
        accounts.tokens.revoke(session, actor, token_id)
    output.show({"id": token_id, "revoked": True}, f"Token {token_id} is revoked.")
