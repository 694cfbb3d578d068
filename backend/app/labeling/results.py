"""What a person's call of the labelling task works on, and what it returns."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.labeling import runs
from app.labeling.models import LabelingRun, RunState
from app.workflows.errors import WorkflowNotFound
from app.workflows.models import LabelState, Step, Workflow

STATUS = {RunState.SUCCEEDED: "success", RunState.PARTIAL: "partial_success"}


def run_for_task(session: Session, workflow_id: int, task_id: str) -> LabelingRun | None:
    """The run that this task made before, the active one, or a new one for what is not labelled; None: all is."""
    locked = select(Workflow.id).where(Workflow.id == workflow_id).with_for_update(key_share=True)
    if session.scalar(locked) is None:
        raise WorkflowNotFound(f"There is no workflow {workflow_id}.")
    if run := runs.by_task(session, task_id) or runs.active(session, workflow_id):
        return run
    open_ = session.scalars(
        select(Step.id).where(Step.workflow_id == workflow_id, Step.label_state != LabelState.LABELLED)
    ).all()
    return runs.request(session, workflow_id, step_ids=open_, task_id=task_id) if open_ else None


def of_run(session: Session, workflow_id: int, run_id: int | None) -> dict[str, Any]:
    """The task's result: of this run, or, without one, of the workflow as it stands."""
    run = None if run_id is None else session.get(LabelingRun, run_id)
    if run is None:
        return _standing(session, workflow_id)
    facts = runs.facts(run)
    message = f"{run.steps_labeled} of {run.total_steps} steps labelled"
    return {
        "workflow_id": workflow_id,
        "status": STATUS.get(run.state, "failed"),
        "message": f"{message}. {run.reason}" if run.reason else message,
        "total_steps": run.total_steps,
        "steps_labeled": run.steps_labeled,
        "steps_failed": run.steps_failed,
        "cost_usd": run.cost_usd,
        "seconds": facts["run_seconds"] or 0.0,
    }


def _standing(session: Session, workflow_id: int) -> dict[str, Any]:
    counted = session.execute(
        select(Step.label_state, func.count()).where(Step.workflow_id == workflow_id).group_by(Step.label_state)
    )
    counts = {state: number for state, number in counted}  # noqa: C416 - rows are no pairs for the type checker
    total, labelled = sum(counts.values()), counts.get(LabelState.LABELLED, 0)
    return {
        "workflow_id": workflow_id,
        "status": "success" if labelled == total else "partial_success",
        "message": f"{labelled} of {total} steps labelled",
        "total_steps": total,
        "steps_labeled": labelled,
        "steps_failed": counts.get(LabelState.FAILED, 0),
        "cost_usd": 0.0,
        "seconds": 0.0,
    }
