"""Tasks recorded again over workflows that are there already: compared, taken over, or not."""

import hashlib

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request, Response

from app.accounts import idempotency
from app.accounts.actor import Actor
from app.api.answers import run_read
from app.api.deps import FILE_BODY, Editor, JsonBody, SentFile
from app.api.forms import Listed
from app.api.rerecording_schemas import (
    Application,
    AppliedRead,
    ComparisonRead,
    HiddenRead,
    HideRequest,
    RerecordingRead,
    comparison_read,
)
from app.api.routes.workflows import RECORDING_BODY, IdempotencyKey, parse_recording
from app.core import preferences
from app.core.config import get_settings
from app.core.db import transaction
from app.guides import made_files
from app.labeling.runs import PRIORITIES
from app.recordings import rerecording
from app.recordings import service as recordings
from app.tasks.publishing import publish
from app.workflows.rerecording import comparing, hiding, storing

router = APIRouter(prefix="/workflows/{workflow_id}/recordings", tags=["recordings"])


@router.post("", status_code=201, response_model=ComparisonRead, openapi_extra=RECORDING_BODY)
async def record_again(
    request: Request, workflow_id: int, actor: Editor, body: JsonBody, idempotency_key: IdempotencyKey = None
) -> Response:
    """Keep a new recording of the workflow's task beside it, and compare them. Nothing of the workflow changes."""
    lanes: CapacityLimiter = request.app.state.upload_lanes
    made = await to_thread.run_sync(_record, workflow_id, actor, body, idempotency_key, limiter=lanes)
    return Response(made.model_dump_json(), 201, media_type="application/json")


def _record(workflow_id: int, actor: Actor, body: bytes, idempotency_key: str | None) -> ComparisonRead:
    prepared = recordings.prepare(parse_recording(body), preferences.current())
    fingerprint = hashlib.sha256(b"recordings of %d\n%b" % (workflow_id, body)).hexdigest()
    with transaction() as session:
        known = idempotency.find(session, actor, idempotency_key, fingerprint) if idempotency_key else None
        if known is None:
            known = rerecording.store(session, actor, workflow_id, prepared).id
            if idempotency_key:
                idempotency.remember(session, actor, idempotency_key, fingerprint, known)
        return comparison_read(comparing.compare(session, workflow_id, actor, known))


@router.post("/file", status_code=201, openapi_extra=FILE_BODY)
def import_again(workflow_id: int, actor: Editor, file: SentFile) -> ComparisonRead:
    """The same with a file in any format that can be imported; it must hold one recording."""
    data = file.read(get_settings().max_import_bytes + 1)
    known = rerecording.store_file(actor, workflow_id, data)
    with transaction(read_only=True) as session:
        return comparison_read(comparing.compare(session, workflow_id, actor, known))


@router.get("")
def list_recordings(workflow_id: int, actor: Editor) -> Listed[RerecordingRead]:
    """New recordings of the workflow's task, newest first. Those that were decided about are kept for some days."""
    with transaction(read_only=True) as session:
        found = comparing.listed(session, workflow_id, actor)
        return Listed(items=[RerecordingRead.model_validate(each) for each in found])


@router.get("/{recording_id}")
def compare(workflow_id: int, recording_id: int, actor: Editor) -> ComparisonRead:
    """The comparison, as the workflow and the recording are now."""
    with transaction(read_only=True) as session:
        return comparison_read(comparing.compare(session, workflow_id, actor, recording_id))


@router.post("/{recording_id}/apply")
def apply(workflow_id: int, recording_id: int, wanted: Application, actor: Editor) -> AppliedRead:
    """Take over what you choose, as one edit, which can be undone. Words that people wrote stay. 409 with the new
    `basis` if the workflow changed since the comparison: look at it again."""
    with transaction() as session:
        done = rerecording.apply(session, workflow_id, actor, recording_id, wanted.wanted())
        answer = AppliedRead(
            changed=[each["step"] for each in done.applied.changed],
            added=done.applied.added,
            removed=done.applied.removed,
            labeling=run_read(done.run) if done.run else None,
        )
    if done.run:
        publish(done.run.id, workflow_id, PRIORITIES[done.run.mode])
    return answer


@router.post("/{recording_id}/steps/{position}/redactions")
def hide(workflow_id: int, recording_id: int, position: int, wanted: HideRequest, actor: Editor) -> HiddenRead:
    """Paint over parts of a new picture before it is taken over, opaque, and destroy the old one. This cannot be
    undone."""
    picture = hiding.hide(
        actor, workflow_id, recording_id, position, boxes=wanted.boxes, unit=wanted.unit, outdate=made_files.outdate
    )
    return HiddenRead(screenshot_id=picture)


@router.delete("/{recording_id}", status_code=204)
def dismiss(workflow_id: int, recording_id: int, actor: Editor) -> Response:
    """Take nothing over: the workflow stays as it is."""
    with transaction() as session:
        storing.dismiss(session, workflow_id, actor, recording_id)
    return Response(status_code=204)
