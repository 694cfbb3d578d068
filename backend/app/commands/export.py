"""`workflow-platform export`."""

import sys
from pathlib import Path

import click

from app.commands.output import Output, options
from app.commands.surroundings import acting
from app.core.errors import InvalidInput
from app.guides import service as guides
from app.guides.export import Export
from app.guides.formats import FORMATS


class CannotWrite(InvalidInput):
    """The file cannot be written."""


@click.command("export")
@click.argument("workflow_id", metavar="ID", type=click.IntRange(min=1))
@click.option(
    "--format",
    "kind",
    required=True,
    type=click.Choice(sorted(FORMATS)),
    help="zip is what an import takes back whole.",
)
@click.option("-o", "--output", "path", required=True, help="A file; - is stdout.")
@options
def command(output: Output, workflow_id: int, kind: str, path: str) -> None:
    """Write a workflow's guide into a file."""
    with acting() as (session, actor):
        export = guides.export(session, workflow_id, actor, kind)
    if path == "-":
        for piece in export.data:
            sys.stdout.buffer.write(piece)
        return
    size = _write(export, Path(path))
    output.show({"path": path, "bytes": size, "media_type": export.media_type}, f"Written: {path} ({size:,} bytes)")


def _write(export: Export, path: Path) -> int:
    """Write beside the file and put it in its place when it is whole."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            for piece in export.data:
                file.write(piece)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CannotWrite(f"{path} cannot be written: {error.strerror}") from None
    return path.stat().st_size
