"""`workflow-platform doctor`."""

import sys
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial

import click

from app.commands import checks
from app.commands.checks import Finding, look
from app.commands.output import Output, options
from app.commands.surroundings import join_running_up
from app.core.config import Settings, get_settings
from app.labeling.ocr import INSTALL

COLOURS = {"ok": "green", "warning": "yellow", "failed": "red"}


@click.command("doctor")
@click.option("--worker", is_flag=False, flag_value="", metavar="[NAME]", help="Only: do this machine's workers work?")
@options
def command(output: Output, worker: str | None) -> None:
    """Check everything that a bug report would ask for. Exit code 1 if something failed."""
    before = get_settings()
    if worker is None:
        join_running_up()
        findings = list(examine(get_settings()))
    else:
        findings = checks.workers_here(before, worker or None)
    if output.as_json:
        output.show({"checks": [asdict(finding) for finding in findings], "settings": shown(before)})
    else:
        for finding in findings:
            _print(finding)
        click.secho("\nSettings that differ from the defaults", bold=True)
        click.echo("\n".join(f"  {name}={value}" for name, value in shown(before).items()) or "  none")
    if any(finding.state == "failed" for finding in findings):
        sys.exit(1)


def examine(settings: Settings) -> Iterator[Finding]:
    """Every check, the parts that others need first."""
    yield look("versions", checks.python, "Install the dependencies again: make up")
    yield look("user", checks.user, "Say on which system this happens.")
    folder = f"Make {settings.data_dir} writable for this user, or set DATA_DIR to another folder."
    yield look("data folder", partial(checks.data_folder, settings), folder)
    reach = "Check DATABASE_URL, that the server runs, and that this user may connect."
    yield look("database", checks.database, reach)
    yield look("clock", checks.clock, reach)
    try:
        yield from checks.redis(settings)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong is what this reports
        mend = 'Start one with "make up", or set REDIS_URL to a Redis or Valkey that runs.'
        yield Finding("broker", "failed", f"nothing answers: {error}", mend)
    yield look("storage", partial(checks.storage, settings), "Check STORAGE_URL and the keys that belong to it.")
    if settings.ocr:
        yield look("ocr", checks.ocr, INSTALL)
    yield look("worker", checks.worker, 'Mend the database first: "workflow-platform migrate".')
    yield look("budget", checks.budget, 'Mend the database first: "workflow-platform migrate".')
    yield look("port", partial(checks.port, settings), "Check HOST and PORT.")


def shown(settings: Settings) -> dict[str, str]:
    """Settings that were changed; of secrets, only that they are set, and no passwords in addresses."""
    changed = settings.model_dump(exclude_defaults=True)
    return {name.upper(): _without_password(str(value)) for name, value in changed.items()}


def _without_password(value: str) -> str:
    """`scheme://user:password@host` without the password."""
    scheme, found, rest = value.partition("://")
    login, at, host = rest.rpartition("@")
    if not found or not at or ":" not in login:
        return value
    return f"{scheme}://{login.partition(':')[0]}:***@{host}"


def _print(finding: Finding) -> None:
    click.echo(f"{click.style(f'{finding.state:8}', fg=COLOURS[finding.state])}{finding.check}: {finding.found}")
    if finding.mend is not None:
        click.echo(f"{'':8}→ {finding.mend}")
