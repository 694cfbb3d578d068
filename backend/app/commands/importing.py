"""`workflow-platform import`."""

from pathlib import Path

import click

from app.commands import progress
from app.commands.output import Output, options
from app.commands.surroundings import local_actor
from app.core.config import get_settings
from app.core.db import transaction
from app.core.errors import AppError, TooLarge
from app.recordings.importing import Imported, import_file
from app.recordings.rerecording import store_file
from app.workflows.rerecording import comparing
from app.workflows.rerecording.comparing import KINDS


class ImportFailed(AppError):
    """Not every file could be imported."""


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--over", type=int, metavar="ID", help="Compare the one recording with this workflow instead.")
@options
def command(output: Output, files: tuple[Path, ...], over: int | None) -> None:
    """Import recordings of this and of other programs.

    Read are our JSON and zip, Chrome DevTools Recorder's JSON, Playwright codegen's JSON Lines, JSON of workflow-use
    and of OverlayMVP, Markdown of Scribe and Tango; which one it is, is told by the content.

    A file that cannot be used is named; the others are imported all the same.
    """
    if over is not None:
        if len(files) > 1:
            raise click.UsageError("--over takes one file: a workflow is recorded again once at a time.")
        _compare(files[0], over, output)
        return
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


def _compare(path: Path, workflow_id: int, output: Output) -> None:
    """Put the recording beside the workflow, and say where a person chooses what is taken over."""
    actor = local_actor()
    number = store_file(actor, workflow_id, _read(path))
    with transaction(read_only=True) as session:
        comparison = comparing.compare(session, workflow_id, actor, number)
    counts = {kind: comparison.count(kind) for kind in KINDS}
    where = f"{get_settings().base_url}/workflows/{workflow_id}/recordings/{number}"
    output.show({"workflow": workflow_id, "recording": number, "url": where, **counts})
    if not output.as_json:
        click.echo(f"{path}: {', '.join(f'{count} {kind}' for kind, count in counts.items())}")
        for warning in comparison.rerecording.warnings or ():
            click.secho(f"  {warning}", fg="yellow", err=True)
        click.echo(f"Nothing has changed yet. Choose what is taken over: {where}")


def take_in(path: Path) -> Imported:
    """Import one file as the person at this machine, and wake a worker for it."""
    imported = import_file(local_actor(), _read(path))
    for one in imported.ingested:
        progress.wake(one.run.id, one.workflow_id, "bulk")
    return imported


def _read(path: Path) -> bytes:
    limit = get_settings().max_import_bytes
    if path.stat().st_size > limit:
        raise TooLarge(f"The file has more than the {limit:,} bytes that are taken (MAX_IMPORT_BYTES).")
    return path.read_bytes()
