"""Files of a workflow, and those that take a while."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from app.core.db import transaction
from app.guides import jobs
from app.guides.export import as_attachment, begun
from app.guides.formats import FORMATS
from app.tasks.publishing import publish_export
from app.web.i18n import gettext as _
from app.web.rendering import render
from app.web.visitors import SentOurForm, SignedIn
from app.workflows import service as workflows

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Kind:
    """A format as a person chooses it."""

    format: str
    name: str
    use: str

    @property
    def at_once(self) -> bool:
        """Whether it is made while one waits: it has no pictures."""
        return not FORMATS[self.format].pictured


@router.get("/workflows/{workflow_id}/exports")
def show_exports(request: Request, workflow_id: int, visitor: SignedIn) -> Response:
    """What a workflow can be saved as, and what the visitor had prepared lately."""
    with transaction(read_only=True) as session:
        workflow = workflows.get(session, workflow_id, visitor.actor)
        prepared = jobs.of_workflow(session, workflow_id, visitor.actor)
    return render(
        request, "exports.html", visitor, workflow=workflow, prepared=prepared, groups=_groups(), names=_names()
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
    return render(request, "_export_job.html" if only_line else "export.html", visitor, job=job, names=_names())


@router.get("/exports/{export_id}/file")
def fetch(export_id: int, visitor: SignedIn) -> Response:
    """The file."""
    with transaction(read_only=True) as session:
        export = jobs.file(session, export_id, visitor.actor)
    return StreamingResponse(begun(export), media_type=export.media_type, headers=as_attachment(export))


def _groups() -> list[tuple[str, list[Kind]]]:
    return [
        (
            _("To read and to print"),
            [
                Kind("pdf", _("PDF"), _("To print and to send; searchable, and read aloud by screen readers")),
                Kind("html", _("Web page"), _("One file that opens in every browser, with its pictures")),
                Kind("docx", _("Word"), _("To edit and to put into documents of your own")),
            ],
        ),
        (
            _("For wikis and repositories"),
            [
                Kind("markdown-zip", _("Markdown with pictures"), _("A text and a folder of pictures, in a zip")),
                Kind("wiki", _("Wiki page"), _("A Markdown page and PNG pictures to attach to it, in a zip")),
                Kind("markdown", _("Markdown, text alone"), _("To paste anywhere")),
            ],
        ),
        (
            _("For agents and tests"),
            [
                Kind(
                    "skill", _("Agent skill"), _("SKILL.md with inputs and steps that an AI agent can follow, in a zip")
                ),
                Kind("playwright", _("Playwright test"), _("A script in TypeScript that does the steps in a browser")),
                Kind("devtools", _("DevTools Recorder"), _("A recording that Chrome’s developer tools play")),
            ],
        ),
        (
            _("To keep and to move"),
            [
                Kind("zip", _("Zip"), _("Everything, pictures included; can be imported again")),
                Kind("json", _("JSON"), _("The same without pictures, for programs")),
            ],
        ),
    ]


def _names() -> dict[str, str]:
    return {kind.format: kind.name for _title, kinds in _groups() for kind in kinds}
