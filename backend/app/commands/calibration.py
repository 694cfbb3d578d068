"""`workflow-platform eval --calibration`."""

from dataclasses import asdict
from typing import Any

import click

from app.commands.output import Output
from app.core import migrations
from app.core.config import get_settings
from app.core.db import get_engine, transaction
from app.labeling import calibration
from app.labeling.calibration import Report

NOTHING = (
    "Nobody has decided about a label of a model yet: none was accepted, rejected, edited, or published. "
    "Confidence can be judged once people have."
)


def show(output: Output) -> None:
    """Print whether confidence means something, by what is in the database."""
    if get_settings().migrate_on_start:
        migrations.ensure_current(get_engine())
    with transaction(read_only=True) as session:
        found = calibration.report(session)
    if output.as_json:
        output.show(_facts(found))
    elif not found.count:
        click.echo(NOTHING)
    else:
        _print(calibration.render(found))


def _facts(report: Report) -> dict[str, Any]:
    buckets = [asdict(bucket) | {"kept_share": bucket.kept_share} for bucket in report.buckets]
    return asdict(report) | {"buckets": buckets}


def _print(rows: list[tuple[str, str, str, str]]) -> None:
    from rich.console import Console  # noqa: PLC0415 - only people want tables
    from rich.table import Table  # noqa: PLC0415

    head, *lines = rows
    drawn = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for number, name in enumerate(head):
        drawn.add_column(name, justify="right" if number else "left")
    for line in lines:
        drawn.add_row(*line)
    Console(highlight=False).print(drawn)
