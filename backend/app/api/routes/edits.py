"""What people did to a workflow, undoing it, and the labels that a step ever had."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.api.answers import step_read
from app.api.deps import Editor, Reader
from app.api.edit_schemas import (
    ConfirmRequest,
    EditRead,
    PastLabelRead,
    UndoRequest,
    edit_read,
    past_label_read,
)
from app.api.forms import Listed
from app.api.schemas import StepRead
from app.core.db import transaction
from app.workflows import edits, label_history, steps

router = APIRouter(prefix="/workflows/{workflow_id}", tags=["edits"])


@router.get("/edits")
def list_edits(workflow_id: int, actor: Reader, limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> Listed[EditRead]:
    """What people did to this workflow, newest first; what was undone is among it."""
    with transaction(read_only=True) as session:
        found = edits.listed(session, workflow_id, actor, limit=limit)
        return Listed(items=[edit_read(edit) for edit in found])


@router.post("/undo")
def undo_edit(workflow_id: int, actor: Editor, wanted: UndoRequest | None = None) -> EditRead:
    """Undo an edit; without `edit_id`, your newest. 409 if something that was done since builds on it."""
    with transaction() as session:
        return edit_read(edits.undo(session, workflow_id, actor, wanted.edit_id if wanted else None))


@router.get("/steps/{step_id}/labels")
def list_labels(workflow_id: int, step_id: int, actor: Reader) -> Listed[PastLabelRead]:
    """Every label that the step ever had, newest first."""
    with transaction(read_only=True) as session:
        found = label_history.of_step(session, workflow_id, step_id, actor)
        return Listed(items=[past_label_read(past) for past in found])


@router.post("/steps/{step_id}/confirm")
def confirm_label(workflow_id: int, step_id: int, actor: Editor, wanted: ConfirmRequest | None = None) -> StepRead:
    """Say that the words which the step shows are right: they become yours, and the step counts as checked."""
    with transaction() as session:
        version = wanted.version if wanted else None
        return step_read(steps.confirm(session, workflow_id, step_id, actor, version=version))
