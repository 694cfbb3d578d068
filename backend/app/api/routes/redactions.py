"""Hiding parts of pictures for good."""

from fastapi import APIRouter

from app.api.deps import Editor, Reader
from app.api.redaction_schemas import Redaction, RedactionDone, RedactionProposed, RedactionsProposed, StepPictureRead
from app.core.db import transaction
from app.guides import made_files
from app.workflows import redaction, redaction_proposals
from app.workflows.redaction import Wanted

router = APIRouter(prefix="/workflows/{workflow_id}/steps/{step_id}", tags=["redactions"])


@router.get("/redactions")
def list_redactions(workflow_id: int, step_id: int, actor: Reader) -> RedactionsProposed:
    """What could be hidden in the step's picture: fields, what the recorder marked, what looks like somebody's."""
    with transaction(read_only=True) as session:
        picture = redaction_proposals.look(session, workflow_id, step_id, actor)
    shot = picture.screenshot
    return RedactionsProposed(
        screenshot_id=shot.id,
        width=shot.width,
        height=shot.height,
        viewport=picture.viewport,
        items=[RedactionProposed.model_validate(each) for each in picture.proposed],
    )


@router.post("/redactions")
def redact_pictures(workflow_id: int, step_id: int, wanted: Redaction, actor: Editor) -> RedactionDone:
    """Paint the rectangles over, opaque, and destroy the old pictures. This cannot be undone."""
    order = Wanted(wanted.boxes, wanted.unit, wanted.on, wanted.screenshot_id)
    done = redaction.redact(actor, workflow_id, step_id, order, outdate=made_files.outdate)
    pictures = [StepPictureRead(step_id=step, screenshot_id=shot) for step, shot in done.pictures.items()]
    return RedactionDone(pictures=pictures, kept_elsewhere=done.kept_elsewhere)
