"""The list of workflows."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts.permissions import require
from app.core.config import BACKEND
from app.core.db import transaction
from app.core.errors import NotFound
from app.core.pages import MAX_CURSOR
from app.labeling import runs
from app.labeling.runs import PRIORITIES
from app.recordings import importing
from app.tasks.publishing import publish
from app.web import export_formats, library_view, notices
from app.web.library_view import Asked
from app.web.rendering import render
from app.web.visitors import SentOurForm, SignedIn
from app.workflows import service as workflows
from app.workflows.models import WorkflowStatus

router = APIRouter()

PAGE = 30
SAMPLE = BACKEND.parent / "samples" / "create-an-account.zip"


class NoSample(NotFound):
    """The sample is not among this server's files."""


@router.get("/")
def show_library(
    request: Request, visitor: SignedIn, cursor: Annotated[str | None, Query(max_length=MAX_CURSOR)] = None
) -> Response:
    """The workflows that the visitor may see, as the address asks for them; while one types, the list alone."""
    asked = Asked.of(request.query_params)
    here = asked.address(cursor=cursor)
    only_list = request.headers.get("hx-request-type") == "partial"
    if not only_list and "" in request.query_params.values():  # a form of plain HTML sends its empty fields
        return RedirectResponse(here, 303)
    with transaction(read_only=True) as session:
        page = workflows.search(
            session, visitor.actor, q=asked.q or None, sort=asked.sort, limit=PAGE, cursor=cursor, **asked.filters
        )
        busy = [row.workflow.id for row in page.items if row.workflow.status == WorkflowStatus.PROCESSING]
        offered = library_view.offers(session, visitor.actor)
        under_way = runs.active_among(session, busy) if busy else {}
        notice = None if only_list else notices.shown(session, request, visitor.actor)
    response = render(
        request,
        "_results.html" if only_list else "library.html",
        visitor,
        rows=page.items,
        runs=under_way,
        here=here,
        asked=asked,
        offered=offered,
        chips=library_view.chips(asked, offered),
        tabs=library_view.tabs(asked),
        orders=library_view.orders(asked),
        formats=export_formats.names(),
        notice=notice,
        has_sample=SAMPLE.is_file(),
        cursor=cursor,
        next_cursor=page.next_cursor,
    )
    if only_list:
        response.headers["HX-Replace-Url"] = here
    elif notice:
        notices.forget(response)
    return response


@router.get("/progress")
def show_progress(
    request: Request,
    visitor: SignedIn,
    id: Annotated[list[int] | None, Query(max_length=200)] = None,  # noqa: A002
) -> Response:
    """The states of these workflows, as their rows show them."""
    with transaction(read_only=True) as session:
        found = workflows.among(session, id or [], visitor.actor)
        under_way = runs.active_among(session, [workflow.id for workflow in found])
    return render(request, "_progress.html", visitor, workflows=found, runs=under_way)


@router.post("/samples")
def import_sample(visitor: SentOurForm) -> Response:
    """Take in the sample, and open it."""
    require(visitor.actor, "write")
    if not SAMPLE.is_file():
        raise NoSample
    imported = importing.import_file(visitor.actor, SAMPLE.read_bytes()).ingested
    for one in imported:
        publish(one.run_id, one.workflow_id, PRIORITIES["bulk"])
    return RedirectResponse(f"/workflows/{imported[0].workflow_id}", 303)
