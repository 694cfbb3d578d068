"""Steps of a workflow: add, change, remove, reorder."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api.answers import step_read, workflow_read
from app.api.deps import Editor
from app.api.schemas import NewStep, Order, StepChange, StepRead, WorkflowRead
from app.core.db import transaction
from app.recordings import editing
from app.workflows import steps
from app.workflows.content import StepContent

router = APIRouter(prefix="/workflows/{workflow_id}", tags=["steps"])


@router.post("/steps", status_code=201)
def add_step(workflow_id: int, step: NewStep, actor: Editor) -> StepRead:
    """Add a step by hand, for example a `note`. The rules label it unless you do."""
    content = StepContent.model_validate(step.model_dump(exclude={"position", "label"}))
    with transaction() as session:
        view = editing.add(session, workflow_id, actor, content, position=step.position, words=step.label)
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


@router.post("/order")
def reorder_steps(workflow_id: int, order: Order, actor: Editor) -> WorkflowRead:
    """Put all steps into a new order."""
    with transaction() as session:
        steps.reorder(session, workflow_id, actor, order.step_ids, version=order.version)
        return workflow_read(session, workflow_id, actor)
