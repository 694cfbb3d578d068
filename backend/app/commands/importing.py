"""`workflow-platform import`."""

from pathlib import Path

import click

from app.commands import progress
from app.commands.output import Output, options
from app.commands.surroundings import local_actor
from app.core.config import get_settings
from app.core.errors import AppError, TooLarge
from app.recordings.importing import Imported, import_file


class ImportFailed(AppError):
    """Not every file could be imported."""


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@options
def command(output: Output, files: tuple[Path, ...]) -> None:
    """Import recordings of this and of other programs.

    Read are our JSON and zip, Chrome DevTools Recorder's JSON, Playwright codegen's JSON Lines, JSON of workflow-use
    and of OverlayMVP, Markdown of Scribe and Tango; which one it is, is told by the content.

    A file that cannot be used is named; the others are imported all the same.
    """
    answers = [_import(file, output) for file in files]
    output.show({"files": answers})
    failed = [answer["file"] for answer in answers if "error" in answer]
    if failed:
        raise ImportFailed(f"{len(failed)} of {len(files)} files could not be imported: {', '.join(map(str, failed))}")


def _import(path: Path, output: Output) -> dict[str, object]:
    try:
        imported = take_in(path)
    except AppError as error:
        if not output.as_json:
            click.secho(f"{path}: {error.detail}", fg="red", err=True)
        return {"file": str(path), "error": error.name, "detail": error.detail}
    numbers = [one.workflow_id for one in imported.ingested]
    if not output.as_json:
        click.echo(f"{path}: workflow {', '.join(map(str, numbers))}")
        for warning in imported.warnings:
            click.secho(f"  {warning}", fg="yellow", err=True)
    return {"file": str(path), "workflows": numbers, "warnings": list(imported.warnings)}


def take_in(path: Path) -> Imported:
    """Import one file as the person at this machine, and wake a worker for it."""
    limit = get_settings().max_import_bytes
    if path.stat().st_size > limit:
        raise TooLarge(f"The file has more than the {limit:,} bytes that are taken (MAX_IMPORT_BYTES).")
    imported = import_file(local_actor(), path.read_bytes())
    for one in imported.ingested:
        progress.wake(one.run.id, one.workflow_id, "bulk")
    return imported
