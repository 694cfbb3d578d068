"""Where a finished recording goes: into the local database, into a file, to a server."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from app.browser.recording import Recording
from app.commands.importing import take_in
from app.commands.output import Output
from app.commands.record.showing import sentences_of
from app.core.config import get_settings


@dataclass(frozen=True, slots=True)
class Destination:
    """Neither: the local database."""

    file: Path | None = None
    server: str | None = None
    token: str | None = None

    @classmethod
    def chosen(cls, file: Path | None, server: str | None, token: str | None) -> "Destination":
        """By the options; what they leave open, the settings say."""
        settings = get_settings()
        if file is not None:
            if server:
                raise click.UsageError("Give --output or --server, not both.")
            return cls(file=file)
        server = server or settings.record_server or None
        if server is None:
            return cls()
        if token is None and settings.record_token is not None:
            token = settings.record_token.get_secret_value()
        if not token:
            raise click.UsageError("A server wants a token: --token, or RECORD_TOKEN in the environment.")
        return cls(server=server, token=token)


def deliver(recording: Recording, to: Destination, output: Output) -> None:
    """Hand it on and say where it is. What was written as it went is removed only then."""
    facts: dict[str, Any] = {"steps": len(recording.content.steps), "warnings": recording.warnings}
    if to.file is not None:
        facts["path"] = where = str(recording.save(to.file))
    elif to.server is not None and to.token is not None:
        facts["url"] = where = recording.upload(to.server, to.token)
    else:
        facts["workflow"] = number = _into_the_database(recording, facts["warnings"])
        facts["url"] = where = f"{get_settings().base_url}/workflows/{number}"
    sentences = sentences_of(recording)
    recording.forget_journal()
    if not output.as_json:
        for number, sentence in enumerate(sentences, 1):
            click.echo(f"{click.style(f'{number:4}', fg='cyan')}  {sentence}")
        for warning in facts["warnings"]:
            click.secho(f"  {warning}", fg="yellow", err=True)
    output.show(facts, f"{click.style('Recorded', bold=True)}: {len(sentences)} steps, {where}")


def _into_the_database(recording: Recording, warnings: list[str]) -> int:
    """As `import` does it, from a file: one way in is enough."""
    folder = recording.folder
    assert folder is not None  # noqa: S101 - this command keeps a journal
    imported = take_in(recording.save(folder / "recording.zip"))
    warnings += imported.warnings
    return imported.ingested[0].workflow_id
