"""`workflow-platform users`."""

import click
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.models import Role, User
from app.commands.output import Output, options
from app.commands.surroundings import acting
from app.core.errors import NotFound


class NobodyWithThisAddress(NotFound):
    """Nobody here has this email address: see "workflow-platform users list"."""


@click.group("users")
def command() -> None:
    """Add people, and let them in or out."""


@command.command("create")
@click.argument("email")
@click.option("--name", help="How others see this person; the address if not given.")
@click.option("--role", type=click.Choice([role.value for role in Role]), default="editor", show_default=True)
@options
def create(output: Output, email: str, name: str | None, role: str) -> None:
    """Add a person, and print a link that signs them in once."""
    with acting() as (session, actor):
        user = accounts.users.create(session, email=email, name=name or email, role=Role(role), by=actor)
        link = accounts.links.url(accounts.links.create(session, user))
        facts = {"id": user.id, "email": user.email, "role": user.role, "sign_in": link}
    output.show(facts, f"{facts['email']} may sign in, once, at {link}")


@command.command("link")
@click.argument("email")
@options
def link(output: Output, email: str) -> None:
    """Print a link that signs a person in once."""
    with acting() as (session, _):
        address = accounts.links.url(accounts.links.create(session, _find(session, email)))
    output.show({"sign_in": address}, address)


@command.command("reset-password")
@click.argument("email")
@click.password_option(help="Asked for if not given, so that it need not stand in the shell's history.")
@options
def reset_password(output: Output, email: str, password: str) -> None:
    """Set a person's password, and sign them out everywhere."""
    with acting() as (session, actor):
        accounts.users.reset_password(session, _find(session, email).id, password, by=actor)
    output.show({"email": email, "reset": True}, f"{email} has a new password.")


@command.command("list")
@options
def list_(output: Output) -> None:
    """List everybody, the disabled too."""
    with acting() as (session, _):
        rows = [
            {
                "id": user.id,
                "email": user.email,
                "name": user.name,
                "role": user.role,
                "created_at": user.created_at,
                "disabled_at": user.disabled_at,
            }
            for user in accounts.users.list_(session)
        ]
    output.table(rows, empty="There is nobody.")


@command.command("disable")
@click.argument("email")
@options
def disable(output: Output, email: str) -> None:
    """Shut a person out: their sessions, links and tokens end."""
    with acting() as (session, actor):
        accounts.users.disable(session, _find(session, email).id, by=actor)
    output.show({"email": email, "disabled": True}, f"{email} is shut out.")


def _find(session: Session, email: str) -> User:
    user = accounts.users.by_email(session, email)
    if user is None:
        raise NobodyWithThisAddress(f'Nobody here has the address {email}: see "workflow-platform users list".')
    return user
