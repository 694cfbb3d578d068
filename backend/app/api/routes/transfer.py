"""Files in, guides out."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from app.api.answers import workflow_read
from app.api.deps import FILE_BODY, Editor, Reader, SentFile
from app.api.schemas import ImportRead
from app.core.config import get_settings
from app.core.db import transaction
from app.guides import service as guides
from app.labeling.runs import PRIORITIES
from app.recordings import importing
from app.tasks.publishing import publish

router = APIRouter(tags=["transfer"])


@router.post("/imports", status_code=201, openapi_extra=FILE_BODY)
def import_file(actor: Editor, file: SentFile) -> ImportRead:
    """Take a recording in any known format: our JSON or zip, or Chrome DevTools Recorder's JSON. What cannot be
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
    responses={200: {"content": {kind: {} for kind in ("text/markdown", "application/json", "application/zip")}}},
)
def export_workflow(
    workflow_id: int,
    actor: Reader,
    format_: Annotated[str, Query(alias="format", max_length=20, description="`markdown`, `json` or `zip`.")],
) -> StreamingResponse:
    """The guide as `markdown`, as `json`, or as `zip` with its pictures; an import takes the latter two back."""
    with transaction() as session:
        export = guides.export(session, workflow_id, actor, format_)
    return StreamingResponse(
        export.data,
        media_type=export.media_type,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{export.quoted_filename}"},
    )
