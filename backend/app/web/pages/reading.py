"""The page of a reader without an account, and the same for somebody who is signed in."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal
from urllib.parse import quote

import structlog
from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.background import BackgroundTask

from app.core.db import transaction
from app.core.secret_tokens import digest
from app.core.unlisted import HEADERS
from app.guides import markdown, reading
from app.guides.reading import ReadingStep
from app.storage import service as storage
from app.storage.store import get_store
from app.storage.variants import Size, variant_key
from app.web import readers, wording
from app.web.rendering import render
from app.web.visitors import SignedIn
from app.workflows import service as workflows
from app.workflows import shares, views
from app.workflows.models import Share
from app.workflows.shares import LinkDead

log = structlog.get_logger(__name__)

router = APIRouter()

ScreenshotId = Annotated[str, Path(max_length=64, pattern="^[A-Za-z0-9_-]+$")]
PictureOf = Callable[[ReadingStep, str], str]


@router.api_route("/s/{secret}", methods=["GET", "HEAD"])
def read_by_link(request: Request, secret: str, embed: Annotated[str, Query(max_length=10)] = "") -> Response:
    """The guide that a link leads to. Nothing is asked or kept of who reads it, and no cookie is set."""
    try:
        with transaction(read_only=True) as session:
            opened = shares.open_(session, secret)
            page = reading.read(session, opened.workflow)
    except LinkDead:
        return _dead(request)
    address = f"/s/{quote(secret)}"
    answer = render(
        request,
        "reader.html",
        page=page,
        archived=opened.workflow.status == "archived",
        embed=bool(embed),
        **_marks(digest(f"reader:{secret}")[:16]),
        picture_of=_pictures_at(address),
        markdown_at=f"{address}/guide.md",
    )
    answer.headers.update(_headers(opened.share.embed_origins or [] if embed else []))
    if readers.is_reading(request.method, request.headers):
        answer.background = BackgroundTask(_count, opened.share)
    return answer


@router.get("/s/{secret}/guide.md")
def read_as_markdown(request: Request, secret: str) -> Response:
    """Its text, to be copied."""
    try:
        with transaction(read_only=True) as session:
            page = reading.read(session, shares.open_(session, secret).workflow)
    except LinkDead:
        return _dead(request)
    return Response(markdown.render(page.guide), media_type="text/plain; charset=utf-8", headers=_headers([]))


@router.get("/s/{secret}/pictures/{screenshot_id}")
def see_picture(
    request: Request,
    secret: str,
    screenshot_id: ScreenshotId,
    step: int,
    size: Literal["page", "crop", "thumb"] = "page",
) -> Response:
    """A picture of the guide with the element outlined, never the original; `step` is the step's place."""
    with transaction(read_only=True) as session:
        try:
            found = shares.picture(session, secret, screenshot_id, position=step)
        except LinkDead:
            return Response(status_code=404, headers=HEADERS)
    size_: Size = size
    etag = f'"{variant_key(found.screenshot.blob, size_, found.box, found.viewport).rpartition("/")[2]}"'
    headers = {
        **HEADERS,
        "ETag": etag,
        "Cache-Control": "private, no-cache",  # kept by the browser, asked about each time: a link can be revoked
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": "inline",
    }
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    picture = storage.open_variant(get_store(), found.screenshot, size_, found.box, found.viewport)
    return Response(picture.data, media_type=picture.media_type, headers=headers)


@router.get("/workflows/{workflow_id}/read")
def read_signed_in(request: Request, workflow_id: int, visitor: SignedIn) -> Response:
    """The guide as its readers see it, for somebody who may see the workflow."""
    with transaction(read_only=True) as session:
        workflow = workflows.get(session, workflow_id, visitor.actor)
        page = reading.read(session, workflow)
    return render(
        request,
        "reader.html",
        visitor,
        page=page,
        archived=workflow.status == "archived",
        embed=False,
        **_marks(f"workflow-{workflow_id}"),
        picture_of=_pictures_of_team,
        markdown_at=f"/api/v1/workflows/{workflow_id}/export?format=markdown",
    )


def _dead(request: Request) -> Response:
    answer = render(request, "link_dead.html", status_code=404)
    answer.headers.update(_headers([]))
    return answer


def _headers(frame_ancestors: list[str]) -> Mapping[str, str]:
    return {**HEADERS, "Content-Security-Policy": readers.policy(frame_ancestors)}


def _count(share: Share) -> None:
    """After the answer was sent: a reader does not wait for it, and reads on if it fails."""
    try:
        with transaction(durable=False) as session:
            views.count(session, share)
    except SQLAlchemyError as error:
        log.warning("view_not_counted", share=share.id, error=type(error).__name__)


def _marks(key: str) -> dict[str, Any]:
    """By what a reader's browser knows the guide again, and a step wherever it is moved to: neither opens anything."""
    return {"key": key, "mark_of": lambda step: digest(f"{key}:{step.guide.id}")[:10]}


def _pictures_at(address: str) -> PictureOf:
    def picture_of(step: ReadingStep, size: str) -> str:
        shown = step.picture
        return f"{address}/pictures/{shown.screenshot_id}?step={shown.position}&size={size}" if shown else ""

    return picture_of


def _pictures_of_team(step: ReadingStep, size: str) -> str:
    return wording.picture(step.picture.screenshot_id, size, step.guide.id) if step.picture else ""
