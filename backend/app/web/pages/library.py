"""The list of workflows."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.core.db import transaction
from app.web.i18n import gettext as _
from app.web.rendering import render
from app.web.visitors import SignedIn
from app.web.wording import address
from app.workflows import service as workflows
from app.workflows.models import WorkflowStatus

router = APIRouter()

PAGE = 30
LONGEST_QUERY = 200


@router.get("/")
def show_library(
    request: Request,
    visitor: SignedIn,
    q: str = "",
    status: str = "",
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """The workflows that the visitor may see, newest first; while one types, the list alone."""
    q = q.strip()[:LONGEST_QUERY]
    chosen = WorkflowStatus(status) if status in set(WorkflowStatus) else None
    with transaction(read_only=True) as session:
        page = workflows.search(session, visitor.actor, q=q or None, status=chosen, limit=PAGE, cursor=cursor)
    only_list = request.headers.get("hx-request-type") == "partial"
    return render(
        request,
        "_results.html" if only_list else "library.html",
        visitor,
        rows=page.items,
        busy=any(row.workflow.status == WorkflowStatus.PROCESSING for row in page.items),
        here=address("/", q=q, status=chosen, cursor=cursor),
        q=q,
        status=chosen or "",
        filters=_filters(),
        cursor=cursor,
        next_cursor=page.next_cursor,
    )


def _filters() -> list[tuple[str, str]]:
    return [
        ("", _("All")),
        (WorkflowStatus.PROCESSING, _("Labelling")),
        (WorkflowStatus.DRAFT, _("Ready for review")),
        (WorkflowStatus.PUBLISHED, _("Published")),
        (WorkflowStatus.ARCHIVED, _("Archived")),
    ]
