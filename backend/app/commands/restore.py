"""`workflow-platform restore`."""

import sys
import time
from dataclasses import asdict
from pathlib import Path

import click

from app.backups import restoring
from app.commands import progress
from app.commands.backup import end_cleanly
from app.commands.output import Output, options
from app.commands.up import lock
from app.core import migrations
from app.core.config import get_settings
from app.core.db import get_engine
from app.core.errors import Conflict
from app.tasks import heartbeat

STAGES = {"checking": "bytes", "pictures": "pictures", "rows": "rows", "search": "workflows"}


class NotConfirmed(Conflict):
    """Nobody said yes. Nothing was changed."""


@click.command("restore")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put the backup in the place of what is in this instance.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@options
def command(output: Output, path: Path, *, replace: bool, yes: bool) -> None:
    """Bring a backup into this instance, which must be empty.

    The file is checked as a whole before anything is changed. Everybody has to sign in again; labelling that was under
    way goes on from where it was.
    """
    end_cleanly()
    began = time.monotonic()
    if replace and not yes:
        _ask()
    restored = restoring.restore(path, progress.stages(STAGES, as_json=output.as_json), replace=replace)
    words = (
        f"Restored: {restored.rows:,} rows and {restored.pictures:,} pictures of {restored.taken_at}. "
        f"{restored.runs_queued} labellings that were under way wait for a worker."
    )
    output.show({"path": str(path), "seconds": round(time.monotonic() - began, 1), **asdict(restored)}, words)


def _ask() -> None:
    there = restoring.inhabitants(get_engine())
    if not there:
        return
    lost = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in sorted(there.items()))
    question = f"{get_engine().url.render_as_string()} holds {lost}. All of it goes."
    if alive := _alive():
        question += f" {alive} works on it: better stop that first. What it has under way is refused or lost."
    if not sys.stdin.isatty():
        raise NotConfirmed(f"{question} Give --yes if that is meant. Nothing was changed.")
    if not click.confirm(f"{question} Go on?", err=True):
        raise NotConfirmed


def _alive() -> str:
    """Who seems to work on this database."""
    running = lock.running(get_settings().data_dir.resolve())
    found = [f"up (process {running.pid})"] if running else []
    if migrations.current(get_engine()) == migrations.newest():
        found += [f"worker {name}" for name in heartbeat.alive()]
    return ", ".join(found)
