"""`workflow-platform backup`."""

import signal
import sys
import time
from dataclasses import asdict
from pathlib import Path

import click

from app.backups import taking
from app.commands import progress
from app.commands.output import Output, options


@click.command("backup")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace a file that is there already.")
@click.option(
    "--allow-missing", is_flag=True, help="Go on although the store has lost a picture; its row is kept without it."
)
@options
def command(output: Output, path: Path, *, force: bool, allow_missing: bool) -> None:
    """Write everything into one file, while everything runs.

    Database and pictures of one moment, for any database and any store. The file holds hashes of passwords and tokens,
    and whatever was recorded: only you may read it.
    """
    end_cleanly()
    began = time.monotonic()
    show = progress.stages({"rows": "rows", "pictures": "pictures"}, as_json=output.as_json)
    taken = taking.take(path, show, replace=force, allow_missing=allow_missing)
    size, seconds = path.stat().st_size, round(time.monotonic() - began, 1)
    words = f"Written: {path} ({taken.rows:,} rows, {taken.pictures:,} pictures, {size:,} bytes, {seconds} s)"
    if taken.missing_pictures:
        words += f"\n{taken.missing_pictures:,} pictures were missing from the store and are not in it."
    output.show({"path": str(path), "bytes": size, "seconds": seconds, **asdict(taken)}, words)


def end_cleanly() -> None:
    """SIGTERM ends the command as an error does: nothing half-done stays."""
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
