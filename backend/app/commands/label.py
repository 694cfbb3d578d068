"""`workflow-platform label`."""

import click

from app.commands import progress
from app.commands.output import Output, options
from app.commands.surroundings import acting, local_actor
from app.core.db import transaction
from app.core.errors import AppError
from app.labeling import access, runs
from app.labeling.models import Mode, RunState
from app.workflows import service as workflows


class LabelingFailed(AppError):
    """Not every step could be labelled."""


@click.command("label")
@click.argument("workflow_id", metavar="ID", type=click.IntRange(min=1), required=False)
@click.option("--all", "everything", is_flag=True, help="Every workflow that is not archived.")
@click.option(
    "--mode",
    type=click.Choice(["interactive", "bulk", "batch"]),
    help="Before all else, after it, or within a day at half the price. Default: interactive; with --all: batch.",
)
@click.option("--wait", is_flag=True, help="Wait for the end, and show how far it is.")
@options
def command(output: Output, workflow_id: int | None, mode: Mode | None, *, everything: bool, wait: bool) -> None:
    """Label a workflow's steps anew, or those of all. What a person wrote stays."""
    if everything == (workflow_id is not None):
        raise click.UsageError("Name one workflow, or give --all.")
    if workflow_id is None:
        _label_everything(output, mode or "batch", wait=wait)
        return
    with acting() as (session, actor):
        workflow = workflows.get(session, workflow_id, actor, for_change=True)
        run = runs.request(session, workflow_id, mode=mode or "interactive", requested_by=actor.user_id)
        run_id, name = run.id, workflow.name
    progress.wake(run_id, workflow_id, mode or "interactive")
    if wait:
        progress.follow(run_id, progress.bar(name, as_json=output.as_json))
    with transaction(read_only=True) as session:
        run = runs.get(session, run_id)
        facts = runs.facts(run)
    if wait and run.state != RunState.SUCCEEDED:
        raise LabelingFailed(f"Run {run_id} is {run.state}: {run.reason or 'some steps could not be labelled'}")
    done = f"{run.steps_labeled} of {run.total_steps} steps of “{name}” labelled."
    output.show(facts, done if wait else f"Run {run_id} is queued.")


def _label_everything(output: Output, mode: Mode, *, wait: bool) -> None:
    if wait:
        raise click.UsageError("--wait goes with one workflow; `workflow-platform status` shows how far all are.")
    queued = access.request_all(local_actor(), mode=mode)
    output.show({"runs": queued, "mode": mode}, f"{queued} workflows will be labelled.")
