"""Workflows: create, find, read, change, delete."""

import hashlib
from typing import Annotated

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import ValidationError

from app.accounts import idempotency
from app.accounts.actor import Actor
from app.api.answers import answer, created_workflow, workflow_read, workflow_summary
from app.api.deps import Editor, JsonBody, Reader
from app.api.forms import Listed
from app.api.schemas import WorkflowChange, WorkflowRead, WorkflowSummary
from app.core import preferences
from app.core.db import transaction
from app.core.errors import InvalidInput
from app.core.pages import MAX_CURSOR
from app.core.validation import details, explain, fields
from app.labeling.runs import PRIORITIES
from app.recordings import service as recordings
from app.recordings.editing import mask_changes
from app.recordings.schema import RecordingIn
from app.tasks.publishing import publish, tell_of_news
from app.workflows import service as workflows
from app.workflows import variables
from app.workflows.attention import Attention
from app.workflows.listing import Filters
from app.workflows.models import WorkflowStatus
from app.workflows.ordering import Sort
from app.workflows.tags import Tag

router = APIRouter(prefix="/workflows", tags=["workflows"])

RECORDING_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/RecordingIn"}}},
    }
}

IdempotencyKey = Annotated[
    str | None,
    Header(min_length=1, max_length=200, description="Sent again with the same body, it creates nothing again."),
]


class Chosen:
    """What a list is narrowed down to."""

    def __init__(
        self,
        *,
        status: WorkflowStatus | None = None,
        labels: Attention | None = None,
        owner: Annotated[int | None, Query(description="Number of a person.")] = None,
        site: Annotated[str | None, Query(max_length=255, description="Host of the first page.")] = None,
        folder: Annotated[int | None, Query(description="Number of a folder; 0: in none.")] = None,
        tag: Annotated[list[Tag] | None, Query(max_length=10, description="Several: all of them.")] = None,
    ) -> None:
        self.filters = Filters(status=status, labels=labels, owner=owner, site=site, folder=folder, tag=tag or ())


def parse_recording(body: bytes) -> RecordingIn:
    """The recording in `body`, straight from its bytes: half the time of parsing it first and checking it then."""
    try:
        return RecordingIn.model_validate_json(body)
    except ValidationError as error:
        problems = details(error)
        for problem in problems:
            problem["loc"] = problem["loc"] or ("body",)
        raise InvalidInput(explain(problems), fields=fields(problems)) from None


@router.post("", status_code=201, response_model=WorkflowRead, openapi_extra=RECORDING_BODY)
async def create_workflow(
    request: Request, actor: Editor, body: JsonBody, idempotency_key: IdempotencyKey = None
) -> Response:
    """Store a recording. Every step is labelled by the rules at once; better labels are made in the background."""
    lanes: CapacityLimiter = request.app.state.upload_lanes
    return await to_thread.run_sync(_create, actor, body, idempotency_key, limiter=lanes)


def _create(actor: Actor, body: bytes, idempotency_key: str | None) -> Response:
    prepared = recordings.prepare(parse_recording(body), preferences.current())
    fingerprint = hashlib.sha256(body).hexdigest()
    with transaction() as session:
        if idempotency_key and (known := idempotency.find(session, actor, idempotency_key, fingerprint)):
            return answer(workflow_read(session, known, actor))
        ingested = recordings.store(session, actor, prepared)
        if idempotency_key:
            idempotency.remember(session, actor, idempotency_key, fingerprint, ingested.workflow_id)
    publish(ingested.run_id, ingested.workflow_id, PRIORITIES["normal"])
    return answer(created_workflow(prepared, ingested, actor))


@router.get("")
def list_workflows(
    actor: Reader,
    chosen: Annotated[Chosen, Depends()],
    *,
    q: Annotated[
        str | None, Query(max_length=500, description="Words of names, labels, page titles, addresses.")
    ] = None,
    sort: Sort = Sort.NEWEST,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=MAX_CURSOR)] = None,
) -> Listed[WorkflowSummary]:
    """Workflows that you may see; with `q` those in which every word is found, under all conditions that are sent."""
    with transaction(read_only=True) as session:
        page = workflows.search(session, actor, q=q, sort=sort, limit=limit, cursor=cursor, **chosen.filters)
    return Listed(items=[workflow_summary(item) for item in page.items], next_cursor=page.next_cursor)


@router.get("/{workflow_id}")
def get_workflow(workflow_id: int, actor: Reader) -> WorkflowRead:
    """One workflow with its steps and the state of its labelling."""
    with transaction(read_only=True) as session:
        return workflow_read(session, workflow_id, actor)


@router.patch("/{workflow_id}")
def change_workflow(workflow_id: int, change: WorkflowChange, actor: Editor) -> WorkflowRead:
    """Change what is sent; what is left out stays."""
    with transaction() as session:
        variables.update_workflow(session, workflow_id, actor, version=change.version, changes=mask_changes(change))
        changed = workflow_read(session, workflow_id, actor)
    if change.status is WorkflowStatus.PUBLISHED:
        tell_of_news()
    return changed


@router.delete("/{workflow_id}", status_code=204)
def delete_workflow(workflow_id: int, actor: Editor) -> Response:
    """Delete a workflow of yours (an admin: any) with its steps, labels and runs."""
    with transaction() as session:
        workflows.delete(session, workflow_id, actor)
    return Response(status_code=204)
