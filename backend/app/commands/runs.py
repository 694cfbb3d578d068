"""`workflow-platform runs`."""

from collections.abc import Callable, Sequence
from typing import Any

import click

from app.accounts.actor import Actor
from app.commands import progress
from app.commands.output import Output, options
from app.commands.surroundings import local_actor
from app.core.db import transaction
from app.core.errors import AppError
from app.labeling import access, runs
from app.labeling.access import Handled
from app.labeling.models import ParkedFor, RunState

AT_A_TIME = 100


class NotAllHandled(AppError):
    """Not every run could be handled."""


@click.group("runs")
def command() -> None:
    """List labellings; retry or acknowledge those that need attention."""


@command.command("list")
@click.option("--state", type=click.Choice([str(state) for state in RunState]), help="Only those that stand so.")
@click.option("--limit", type=click.IntRange(1, 1_000), default=50, show_default=True, help="At most so many.")
@options
def list_(output: Output, state: str | None, limit: int) -> None:
    """List labellings, newest first."""
    actor = local_actor()
    with transaction(read_only=True) as session:
        page = access.listed(session, actor, state=RunState(state) if state else None, limit=limit)
        facts = [runs.facts(run) for run in page.items]
    if output.as_json:
        output.show({"items": facts})
        return
    shown = ("id", "workflow_id", "state", "attempts", "steps_labeled", "total_steps", "created_at", "reason")
    output.table([{name: _stand(one, name) for name in shown} for one in facts], empty="There are none.")


def _stand(facts: dict[str, Any], name: str) -> Any:
    return "running (stalled)" if name == "state" and facts["stalled"] else facts[name]


def _which(function: Callable[..., None]) -> Callable[..., None]:
    """Runs by their numbers, or all that need attention."""
    parked = click.option(
        "--parked-for", type=click.Choice(["budget", "spend_limit"]), help="With --all: only those that wait for this."
    )
    everything = click.option("--all", "everything", is_flag=True, help="All that need attention.")
    return click.argument("run_ids", metavar="[ID]…", nargs=-1, type=click.IntRange(min=1))(
        everything(parked(function))
    )


@command.command("retry")
@_which
@options
def retry(output: Output, run_ids: tuple[int, ...], *, everything: bool, parked_for: ParkedFor | None) -> None:
    """Go on with labellings that were given up on, or try again what failed. Finished steps are not paid again."""
    handled = _each(access.retry_each, run_ids, everything=everything, parked_for=parked_for)
    for each in handled:
        # While the broker is away, one wait is enough: the reconciler sends the rest.
        if each.run and not progress.wake(each.run.id, each.run.workflow_id, each.run.mode):
            break
    _tell(output, handled, "queued")


@command.command("acknowledge")
@_which
@options
def acknowledge(output: Output, run_ids: tuple[int, ...], *, everything: bool, parked_for: ParkedFor | None) -> None:
    """Say that somebody has seen why labellings were given up on; the labels stay as they are."""
    _tell(output, _each(access.acknowledge_each, run_ids, everything=everything, parked_for=parked_for), "acknowledged")


def _each(
    handle: Callable[[Actor, Sequence[int]], list[Handled]],
    run_ids: tuple[int, ...],
    *,
    everything: bool,
    parked_for: ParkedFor | None,
) -> list[Handled]:
    if everything == bool(run_ids):
        raise click.UsageError("Name runs, or give --all.")
    if parked_for and not everything:
        raise click.UsageError("--parked-for goes with --all.")
    actor = local_actor()
    if run_ids:
        return handle(actor, list(dict.fromkeys(run_ids)))
    handled: list[Handled] = []
    cursor, more = None, True
    while more:
        with transaction(read_only=True) as session:
            page = access.waiting_for_a_person(session, actor, parked_for=parked_for, limit=AT_A_TIME, cursor=cursor)
        handled += handle(actor, page.items)
        cursor, more = page.next_cursor, page.next_cursor is not None
    return handled


def _tell(output: Output, handled: Sequence[Handled], done: str) -> None:
    items = [
        {
            "run_id": each.run_id,
            "run": runs.facts(each.run) if each.run else None,
            "error": each.error.name if each.error else None,
            "detail": each.error.detail if each.error else None,
        }
        for each in handled
    ]
    lines = [f"Run {each.run_id}: {each.error.detail if each.error else done}" for each in handled]
    output.show({"items": items}, "\n".join(lines) or "There are none.")
    if failed := [str(each.run_id) for each in handled if each.error]:
        raise NotAllHandled(f"{len(failed)} of {len(handled)} runs could not be handled: {', '.join(failed)}")
