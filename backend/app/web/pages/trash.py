"""What was deleted, until it is put back or its time is over. Both are done by `organising.do_to_many`."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.core import preferences
from app.core.db import transaction
from app.core.pages import MAX_CURSOR
from app.web import notices
from app.web.rendering import render
from app.web.visitors import SignedIn
from app.workflows import trash

router = APIRouter()

PAGE = 30


@router.get("/trash")
def show_trash(
    request: Request, visitor: SignedIn, cursor: Annotated[str | None, Query(max_length=MAX_CURSOR)] = None
) -> Response:
    """What the visitor may put back, the last deleted first."""
    with transaction(read_only=True) as session:
        page = trash.listed(session, visitor.actor, limit=PAGE, cursor=cursor)
        notice = notices.shown(session, request, visitor.actor)
        days = preferences.settings(session).trash_days
    response = render(
        request,
        "trash.html",
        visitor,
        rows=page.items,
        days=int(days) if days >= 1 else days,
        notice=notice,
        cursor=cursor,
        next_cursor=page.next_cursor,
    )
    if notice:
        notices.forget(response)
    return response
