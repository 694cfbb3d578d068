"""Answers that are put together from several rooms."""

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.api.schemas import LabelRead, RunRead, StepRead, WorkflowRead, WorkflowSummary
from app.labeling import runs
from app.labeling.models import LabelingRun
from app.workflows import service as workflows
from app.workflows import steps
from app.workflows.steps import StepView


def step_read(view: StepView) -> StepRead:
    """A step with the label that it shows."""
    step = view.step
    return StepRead.model_validate(
        {
            **{name: getattr(step, name) for name in _STEP_FIELDS},
            "label": LabelRead.model_validate(view.label) if view.label else None,
            "proposals": view.proposals,
        }
    )


_STEP_FIELDS = tuple(name for name in StepRead.model_fields if name not in {"label", "proposals"})


def run_read(run: LabelingRun) -> RunRead:
    """A run with its waiting and running times."""
    return RunRead.model_validate(runs.facts(run))


def workflow_read(session: Session, workflow_id: int, actor: Actor) -> WorkflowRead:
    """A workflow with its steps and its newest run, if `actor` may see it."""
    workflow = workflows.get(session, workflow_id, actor)
    views = steps.listed(session, workflow_id)
    run = runs.newest(session, workflow_id)
    return WorkflowRead(
        **{name: getattr(workflow, name) for name in _WORKFLOW_FIELDS},
        total_steps=len(views),
        screenshot_id=next((view.step.screenshot_id for view in views if view.step.screenshot_id), None),
        steps=[step_read(view) for view in views],
        labeling=run_read(run) if run else None,
    )


_WORKFLOW_FIELDS = tuple(
    name for name in WorkflowRead.model_fields if name not in {"steps", "labeling", "total_steps", "screenshot_id"}
)


def workflow_summary(found: workflows.WorkflowSummary) -> WorkflowSummary:
    """A workflow in a list."""
    return WorkflowSummary(
        **{name: getattr(found.workflow, name) for name in _SUMMARY_FIELDS},
        total_steps=found.steps,
        screenshot_id=found.screenshot_id,
    )


_SUMMARY_FIELDS = tuple(name for name in WorkflowSummary.model_fields if name not in {"total_steps", "screenshot_id"})
