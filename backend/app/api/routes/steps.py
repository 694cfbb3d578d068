"""Steps of a workflow: add, change, remove, reorder, copy, merge; workflows split and joined."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api.answers import step_read, workflow_read
from app.api.deps import Editor
from app.api.schemas import Append, IfVersion, Merge, NewStep, Order, Split, StepChange, StepRead, WorkflowRead
from app.core.db import transaction
from app.labeling.runs import PRIORITIES
from app.recordings import editing, restructuring
from app.tasks.publishing import publish
from app.workflows import arranging, copying, merging, steps
from app.workflows.content import StepContent

UNCONDITIONAL = IfVersion()

router = APIRouter(prefix="/workflows/{workflow_id}", tags=["steps"])


@router.post("/steps", status_code=201)
def add_step(workflow_id: int, step: NewStep, actor: Editor) -> StepRead:
    """Add a step by hand, for example a `note`. The rules label it unless you do."""
    content = StepContent.model_validate(step.model_dump(exclude={"position", "label", "heading"}))
    with transaction() as session:
        view = editing.add(
            session, workflow_id, actor, content, position=step.position, words=step.label, heading=step.heading
        )
        return step_read(view)


@router.patch("/steps/{step_id}")
def change_step(workflow_id: int, step_id: int, change: StepChange, actor: Editor) -> StepRead:
    """Change what is sent; what is left out stays. A changed label is yours: no model ever replaces it."""
    with transaction() as session:
        view = editing.change(session, workflow_id, step_id, actor, version=change.version, changes=change)
        return step_read(view)


@router.delete("/steps/{step_id}", status_code=204)
def remove_step(
    workflow_id: int, step_id: int, actor: Editor, version: Annotated[int | None, Query(ge=1)] = None
) -> Response:
    """Remove a step; those behind it move up. With `version`, only if nobody changed it since."""
    with transaction() as session:
        steps.remove(session, workflow_id, step_id, actor, version=version)
    return Response(status_code=204)


@router.post("/steps/{step_id}/duplicate", status_code=201)
def duplicate_step(workflow_id: int, step_id: int, actor: Editor, given: IfVersion = UNCONDITIONAL) -> StepRead:
    """Put a copy of a step behind it, with all its labels."""
    with transaction() as session:
        copy = copying.duplicate(session, workflow_id, actor, step_id, version=given.version)
        return step_read(steps.get(session, workflow_id, copy, actor))


@router.post("/steps/merge")
def merge_steps(workflow_id: int, merge: Merge, actor: Editor) -> StepRead:
    """Make steps that stand in a row into one: it says all their sentences, and shows the picture of the one that is
    kept."""
    with transaction() as session:
        kept = merging.merge(
            session, workflow_id, actor, merge.step_ids, keep_picture=merge.keep_picture, version=merge.version
        )
        return step_read(steps.get(session, workflow_id, kept, actor))


@router.post("/order")
def reorder_steps(workflow_id: int, order: Order, actor: Editor) -> WorkflowRead:
    """Put all steps into a new order."""
    with transaction() as session:
        arranging.reorder(session, workflow_id, actor, order.step_ids, version=order.version)
        return workflow_read(session, workflow_id, actor)


@router.post("/split", status_code=201)
def split_workflow(workflow_id: int, split: Split, actor: Editor) -> WorkflowRead:
    """Move a step and all after it into a new workflow, with all their labels. The answer is the new one."""
    with transaction() as session:
        other, run = restructuring.split(
            session, workflow_id, actor, before_step_id=split.before_step_id, name=split.name, version=split.version
        )
        answer = workflow_read(session, other.id, actor)
    if run:
        publish(run.id, answer.id, PRIORITIES[run.mode])
    return answer


@router.post("/append")
def append_workflow(workflow_id: int, append: Append, actor: Editor) -> WorkflowRead:
    """Copy the steps of another workflow to the end of this one, or behind one of its steps. The other one stays."""
    with transaction() as session:
        added = restructuring.append(
            session,
            workflow_id,
            actor,
            append.workflow_id,
            after_step_id=append.after_step_id,
            version=append.version,
        )
        answer = workflow_read(session, workflow_id, actor)
    if added.run:
        publish(added.run.id, workflow_id, PRIORITIES[added.run.mode])
    return answer
