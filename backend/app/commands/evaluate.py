"""`workflow-platform eval`."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from app.commands.output import Output, options
from app.core.errors import AppError
from app.labeling.evaluation import sets, table
from app.labeling.evaluation.labelers import LABELERS
from app.labeling.evaluation.page import html
from app.labeling.evaluation.results import ALL, Result, evaluate


class SecretsLeaked(AppError):
    """A label says a secret."""


@click.command("eval")
@click.option(
    "--labeler",
    "names",
    multiple=True,
    default=("rules",),
    type=click.Choice(sorted(LABELERS)),
    help="Whose labels; given several times, they stand side by side.",
)
@click.option("--html", "page", type=click.Path(dir_okay=False, path_type=Path), help="Write a page with pictures.")
@options
def command(output: Output, names: tuple[str, ...], page: Path | None) -> None:
    """Measure labels against steps that people labelled. Exit code 1 if a label says a secret."""
    workflows = sets.load().workflows
    results = [evaluate(name, LABELERS[name](), workflows) for name in dict.fromkeys(names)]
    if page:
        page.write_text(html(results), "utf-8")
    if output.as_json:
        output.show({"labelers": [_facts(result) for result in results]})
    else:
        for result in results:
            _print(result)
        if page:
            click.echo(f"Every step with its picture: {page}")
    if leaked := {result.labeler: result.total.leaked for result in results if result.total.leaked}:
        raise SecretsLeaked(f"Secrets stand in labels: {', '.join(f'{n} of {name}' for name, n in leaked.items())}.")


def _facts(result: Result) -> dict[str, Any]:
    kinds = {kind: asdict(one) for kind, one in result.by_kind().items()}
    return {"labeler": result.labeler, "kinds": kinds, ALL: asdict(result.total)}


def _print(result: Result) -> None:
    from rich.box import SIMPLE  # noqa: PLC0415 - only people want tables
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    drawn = Table(title=result.labeler, title_justify="left", title_style="bold", box=SIMPLE, padding=(0, 1, 0, 0))
    for number, head in enumerate(table.SHORT):
        drawn.add_column(head, justify="right" if number else "left", no_wrap=True)
    *kinds, total = table.rows(result)
    for row in kinds:
        drawn.add_row(*row)
    drawn.add_section()
    drawn.add_row(*total, style="bold")
    Console(width=max(Console().width, 100)).print(drawn)
