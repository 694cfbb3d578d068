"""`workflow-platform usage`."""

from collections.abc import Iterable

import click

from app.commands.output import Output, options
from app.commands.surroundings import acting
from app.core import preferences
from app.labeling import usage, window
from app.labeling.budget import dollars
from app.labeling.usage import OfWorkflow, Spending, Sums, Usage

Row = tuple[str, Sums]


@click.command("usage")
@click.option("--from", "start", metavar="WHEN", help="A date (UTC) or a moment. Default: the month's first day.")
@click.option("--to", "end", metavar="WHEN", help="A date, which is included, or a moment, which is not. Default: now.")
@options
def command(output: Output, *, start: str | None, end: str | None) -> None:
    """Show what models were asked, what it cost, and what is left of the budget."""
    wanted = window.parse(start, end)
    with acting() as (session, actor):
        found = usage.read(session, actor, wanted, preferences.settings(session))
    if output.as_json:
        from app.api.usage_schemas import UsageRead  # noqa: PLC0415 - only programs need the API's form

        output.show(UsageRead.of(found).model_dump(mode="json", by_alias=True))
    else:
        _print(found)


def _print(found: Usage) -> None:
    from rich.console import Console  # noqa: PLC0415 - takes long to load

    console = Console(highlight=False)
    console.print(f"[bold]{found.window.start:%Y-%m-%d %H:%M} to {found.window.end:%Y-%m-%d %H:%M} UTC[/bold]")
    if not found.total.calls:
        console.print("No model was asked anything.")
    else:
        console.print(_table("Model", [*((each.model, each) for each in found.by_model), ("All", found.total)]))
        console.print(_table("Workflow", ((_name(each), each) for each in found.by_workflow)))
        console.print("Outcomes: " + ", ".join(f"{count:,} {name}" for name, count in found.by_outcome.items()))
    for name, spending in found.budget.items():
        console.print(f"Budget of this {name}: {words(spending)}")


def words(spending: Spending) -> str:
    """How a budget stands."""
    if spending.limit_usd is None or spending.left_usd is None:
        return f"unlimited; {dollars(spending.spent_usd)} spent or reserved"
    return f"{dollars(spending.left_usd)} of {dollars(spending.limit_usd)} left"


def _name(share: OfWorkflow) -> str:
    named = {
        "workflow": share.name or "",
        "deleted": f"deleted (number {share.workflow_id})",
        "hidden": "others' private ones",
        "others": "all others",
    }
    return named[share.kind]


def _table(heading: str, rows: Iterable[Row]) -> object:
    from rich.table import Table  # noqa: PLC0415 - takes long to load
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column(heading)
    for name in ("Calls", "Input tokens", "from the cache", "Output tokens", "US$"):
        table.add_column(name, justify="right")
    for name, sums in rows:
        numbers = (sums.calls, sums.input_tokens, sums.cache_read_tokens, sums.output_tokens)
        table.add_row(Text(name), *(f"{number:,}" for number in numbers), f"{sums.cost_usd:,.4f}")
    return table
