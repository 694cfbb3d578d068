"""Files of a workflow, and those that take a while."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from app.core.db import transaction
from app.guides import jobs
from app.guides.export import as_attachment, begun
from app.tasks.publishing import publish_export
from app.web import export_formats
from app.web.export_formats import names as format_names
from app.web.rendering import render
from app.web.visitors import SentOurForm, SignedIn
from app.workflows import service as workflows

router = APIRouter()


@router.get("/workflows/{workflow_id}/exports")
def show_exports(request: Request, workflow_id: int, visitor: SignedIn) -> Response:
    """What a workflow can be saved as, and what the visitor had prepared lately."""
    with transaction(read_only=True) as session:
        workflow = workflows.get(session, workflow_id, visitor.actor)
        prepared = jobs.of_workflow(session, workflow_id, visitor.actor)
    return render(
        request,
        "exports.html",
        visitor,
        workflow=workflow,
        prepared=prepared,
        groups=export_formats.groups(),
        names=export_formats.names(),
    )


@router.post("/workflows/{workflow_id}/exports")
def prepare(workflow_id: int, visitor: SentOurForm, format_: Annotated[str, Form(alias="format")] = "") -> Response:
    """Have a file made in the background."""
    with transaction() as session:
        job = jobs.request(session, visitor.actor, [workflow_id], format_)
    publish_export(job.id)
    return RedirectResponse(f"/workflows/{workflow_id}/exports", 303)


@router.get("/exports/{export_id}")
def show_export(request: Request, export_id: int, visitor: SignedIn) -> Response:
    """How far an export is; for a page that asks again and again, that line alone."""
    only_line = request.headers.get("hx-request-type") == "partial"
    with transaction(read_only=True) as session:
        job = jobs.get(session, export_id, visitor.actor)
    return render(request, "_export_job.html" if only_line else "export.html", visitor, job=job, names=format_names())


@router.get("/exports/{export_id}/file")
def fetch(export_id: int, visitor: SignedIn) -> Response:
    """The file."""
    with transaction(read_only=True) as session:
        export = jobs.file(session, export_id, visitor.actor)
    return StreamingResponse(begun(export), media_type=export.media_type, headers=as_attachment(export))
