"""Files in, guides out."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from app.api.answers import workflow_read
from app.api.deps import FILE_BODY, Editor, Reader, SentFile
from app.api.export_schemas import ExportRead, ExportRequest
from app.api.schemas import ImportRead
from app.core.config import get_settings
from app.core.db import transaction
from app.guides import jobs
from app.guides import service as guides
from app.guides.export import Export, as_attachment, begun
from app.guides.formats import FORMATS
from app.labeling.runs import PRIORITIES
from app.recordings import importing
from app.tasks.publishing import publish, publish_export

router = APIRouter(tags=["transfer"])

_KINDS = sorted({each.media_type.partition(";")[0] for each in FORMATS.values()})


@router.post("/imports", status_code=201, openapi_extra=FILE_BODY)
def import_file(actor: Editor, file: SentFile) -> ImportRead:
    """Take a recording in any known format: our JSON or zip, Chrome DevTools Recorder's JSON, Playwright codegen's JSON
    Lines, JSON of workflow-use or OverlayMVP, Markdown of Scribe or Tango; the content tells which. What cannot be
    represented is said in `warnings`, with the step's number."""
    data = file.read(get_settings().max_import_bytes + 1)
    result = importing.import_file(actor, data)
    for ingested in result.ingested:
        publish(ingested.run_id, ingested.workflow_id, PRIORITIES["bulk"])
    with transaction(read_only=True) as session:
        imported = [workflow_read(session, one.workflow_id, actor) for one in result.ingested]
    return ImportRead(workflows=imported, warnings=list(result.warnings))


@router.get(
    "/workflows/{workflow_id}/export",
    response_class=StreamingResponse,
    responses={200: {"content": {kind: {} for kind in _KINDS}}},
)
def export_workflow(
    workflow_id: int,
    actor: Reader,
    format_: Annotated[str, Query(alias="format", max_length=20, description=", ".join(f"`{f}`" for f in FORMATS))],
) -> StreamingResponse:
    """The guide as a file. `zip` and `json` are what an import takes back; the first with its pictures."""
    with transaction() as session:
        export = guides.export(session, workflow_id, actor, format_)
    return _as_file(export)


@router.post("/exports", status_code=202)
def request_export(actor: Reader, wanted: ExportRequest) -> ExportRead:
    """Make a file of one or several workflows in the background, where that takes a while."""
    with transaction() as session:
        job = jobs.request(session, actor, wanted.workflow_ids, wanted.format)
    publish_export(job.id)
    return ExportRead.model_validate(job)


@router.get("/exports/{export_id}")
def get_export(export_id: int, actor: Reader) -> ExportRead:
    """How far an export of one's own is."""
    with transaction(read_only=True) as session:
        return ExportRead.model_validate(jobs.get(session, export_id, actor))


@router.get(
    "/exports/{export_id}/file",
    response_class=StreamingResponse,
    responses={200: {"content": {kind: {} for kind in _KINDS}}},
)
def get_export_file(export_id: int, actor: Reader) -> StreamingResponse:
    """The file of an export that is done."""
    with transaction(read_only=True) as session:
        export = jobs.file(session, export_id, actor)
    return _as_file(export)


def _as_file(export: Export) -> StreamingResponse:
    return StreamingResponse(begun(export), media_type=export.media_type, headers=as_attachment(export))
