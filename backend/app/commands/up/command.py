"""`workflow-platform up`."""

import sys

import click

from app.commands.output import Output, options
from app.commands.up import lock, voice
from app.commands.up.stack import Stack, require_port
from app.core.config import Settings, get_settings, override


@click.command("up")
@options
def command(output: Output) -> None:
    """Start everything, and keep it running until Ctrl-C.

    Where: HOST, PORT and DATA_DIR in the environment or in .env. A Valkey server is started unless REDIS_URL is set.
    """
    settings = get_settings()
    with lock.hold(settings.data_dir.resolve()) as held:
        require_port(settings)
        _fix(settings)
        Stack(get_settings(), held, voice.choose(as_json=output.as_json)).run()


def _fix(settings: Settings) -> None:
    """Say to every part what would otherwise depend on its current folder."""
    override(data_dir=str(settings.data_dir.resolve()), database_url=settings.database, storage_url=settings.storage)
    if settings.log_format == "auto":  # the parts write into a pipe, and it is we who may write to a terminal
        override(log_format="console" if sys.stdout.isatty() else "plain")
