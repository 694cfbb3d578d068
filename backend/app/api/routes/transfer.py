"""Files in, guides out."""

from fastapi import APIRouter, UploadFile

from app.api.answers import workflow_read
from app.api.deps import Editor
from app.api.schemas import ImportRead
from app.core.config import get_settings
from app.core.db import transaction
from app.labeling.runs import PRIORITIES
from app.recordings import importing
from app.tasks.publishing import publish

router = APIRouter(tags=["transfer"])


@router.post("/imports", status_code=201)
def import_file(actor: Editor, file: UploadFile) -> ImportRead:
    """Take a recording in any known format: our JSON or zip, or Chrome DevTools Recorder's JSON. What cannot be
    represented is said in `warnings`, with the step's number."""
    data = file.file.read(get_settings().max_import_bytes + 1)
    result = importing.import_file(actor, data)
    for ingested in result.ingested:
        publish(ingested.run.id, ingested.workflow_id, PRIORITIES["bulk"])
    with transaction(read_only=True) as session:
        imported = [workflow_read(session, one.workflow_id, actor) for one in result.ingested]
    return ImportRead(workflows=imported, warnings=list(result.warnings))
