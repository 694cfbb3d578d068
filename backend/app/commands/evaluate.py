"""`workflow-platform eval`."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from app.commands import calibration
from app.commands.output import Output, options
from app.core.config import get_settings
from app.core.errors import AppError, InvalidInput
from app.labeling.evaluation import sets, table
from app.labeling.evaluation.direct import Bill
from app.labeling.evaluation.labelers import LABELERS, ByModel
from app.labeling.evaluation.page import html
from app.labeling.evaluation.results import ALL, Result, evaluate
from app.labeling.evaluation.sets import GoldWorkflow

Evaluated = tuple[Result, Bill | None]


class SecretsLeaked(AppError):
    """A label says a secret."""


@click.command("eval")
@click.option(
    "--labeler",
    "names",
    multiple=True,
    default=("rules",),
    type=click.Choice(sorted(LABELERS)),
    help="Whose labels; given several times, they stand side by side. A model is asked for real, and costs.",
)
@click.option("--kind", "kinds", multiple=True, help="Only this kind of page, as the table names it; several times.")
@click.option("--html", "page", type=click.Path(dir_okay=False, path_type=Path), help="Write a page with pictures.")
@click.option(
    "--calibration",
    "confidence",
    is_flag=True,
    help="Instead: hold the confidence of labels of a model against what people did with them.",
)
@options
def command(
    output: Output, *, names: tuple[str, ...], kinds: tuple[str, ...], page: Path | None, confidence: bool
) -> None:
    """Measure labels against steps that people labelled. Exit code 1 if a label says a secret."""
    if confidence:
        calibration.show(output)
        return
    workflows = _of_kinds(kinds)
    found = [_evaluated(name, workflows) for name in dict.fromkeys(names)]
    results = [result for result, _ in found]
    if page:
        page.write_text(html(results), "utf-8")
    if output.as_json:
        output.show({"labelers": [_facts(*one) for one in found]})
    else:
        for one in found:
            _print(*one)
        if page:
            click.echo(f"Every step with its picture: {page}")
    if leaked := {result.labeler: result.total.leaked for result in results if result.total.leaked}:
        raise SecretsLeaked(f"Secrets stand in labels: {', '.join(f'{n} of {name}' for name, n in leaked.items())}.")


def _of_kinds(kinds: Sequence[str]) -> list[GoldWorkflow]:
    workflows = sets.load().workflows
    known = {workflow.kind for workflow in workflows}
    if unknown := set(kinds) - known:
        raise InvalidInput(f'No such kind of page: "{min(unknown)}". There are: {", ".join(sorted(known))}.')
    return [workflow for workflow in workflows if not kinds or workflow.kind in kinds]


def _evaluated(name: str, workflows: Sequence[GoldWorkflow]) -> Evaluated:
    settings = get_settings()
    labeler = LABELERS[name](settings)
    if not isinstance(labeler, ByModel):
        return evaluate(name, labeler, workflows), None
    calls = sum(labeler.calls(len(workflow.steps)) for workflow in workflows)
    steps = sum(len(workflow.steps) for workflow in workflows)
    click.echo(
        f"{name}: {steps:,} steps of {len(workflows):,} workflows for {labeler.labeler.model}, in {calls:,} calls, "
        "and one more wherever an answer cannot be used.",
        err=True,
    )
    return evaluate(name, labeler, workflows, at_once=settings.label_chunks_at_once), labeler.desk.bill


def _facts(result: Result, bill: Bill | None) -> dict[str, Any]:
    kinds = {kind: asdict(one) for kind, one in result.by_kind().items()}
    facts = {"labeler": result.labeler, "kinds": kinds, ALL: asdict(result.total)}
    return facts if bill is None else facts | {"bill": asdict(bill)}


def _print(result: Result, bill: Bill | None) -> None:
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
    if bill is not None:
        click.echo(f"Left to the rules: {bill.left_to_the_rules:,} steps.\n{bill.words()}")
