"""`workflow-platform label`."""

import click

from app.commands import progress
from app.commands.output import Output, options
from app.commands.surroundings import acting
from app.core.db import transaction
from app.core.errors import AppError
from app.labeling import runs
from app.labeling.models import RunState
from app.workflows import service as workflows


class LabelingFailed(AppError):
    """Not every step could be labelled."""


@click.command("label")
@click.argument("workflow_id", metavar="ID", type=click.IntRange(min=1))
@click.option("--wait", is_flag=True, help="Wait for the end, and show how far it is.")
@options
def command(output: Output, workflow_id: int, *, wait: bool) -> None:
    """Label a workflow's steps anew. What a person wrote stays."""
    with acting() as (session, actor):
        workflow = workflows.get(session, workflow_id, actor, for_change=True)
        run = runs.request(session, workflow_id, mode="interactive", requested_by=actor.user_id)
        run_id, name = run.id, workflow.name
    progress.wake(run_id, workflow_id, "interactive")
    if wait:
        progress.follow(run_id, progress.bar(name, as_json=output.as_json))
    with transaction(read_only=True) as session:
        run = runs.get(session, run_id)
        facts = runs.facts(run)
    if wait and run.state != RunState.SUCCEEDED:
        raise LabelingFailed(f"Run {run_id} is {run.state}: {run.reason or 'some steps could not be labelled'}")
    done = f"{run.steps_labeled} of {run.total_steps} steps of “{name}” labelled."
    output.show(facts, done if wait else f"Run {run_id} is queued.")
