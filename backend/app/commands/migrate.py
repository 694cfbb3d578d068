"""`workflow-platform migrate`."""

import click

from app.commands.output import Output, options
from app.core import migrations
from app.core.db import get_engine


@click.command("migrate")
@options
def command(output: Output) -> None:
    """Bring the database to the version that this program expects."""
    engine = get_engine()
    before = migrations.current(engine)
    migrations.ensure_current(engine)
    after = migrations.current(engine)
    words = (
        f"The database is at version {after}." if before == after else f"Migrated from {before or 'empty'} to {after}."
    )
    output.show({"before": before, "after": after}, words)
