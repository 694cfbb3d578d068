"""Screenshots: upload and look."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from app.api.deps import FILE_BODY, Editor, Reader, SentFile
from app.api.schemas import ScreenshotRead
from app.core.config import get_settings
from app.core.db import transaction
from app.storage import service as storage
from app.storage.store import get_store
from app.storage.variants import Size as VariantSize
from app.storage.variants import variant_key
from app.workflows import pictures

router = APIRouter(prefix="/screenshots", tags=["screenshots"])

Size = Annotated[
    Literal["original", "page", "thumb", "crop"],
    Query(description="`page`, `thumb` and `crop` outline the step's element; `crop` is its surroundings."),
]

ScreenshotId = Annotated[str, Path(max_length=64, pattern="^[A-Za-z0-9_-]+$")]


@router.post(
    "",
    status_code=201,
    responses={200: {"model": ScreenshotRead, "description": "It was here already."}},
    openapi_extra=FILE_BODY,
)
def upload_screenshot(response: Response, actor: Editor, file: SentFile) -> ScreenshotRead:
    """Keep a PNG, JPEG or WebP picture. It is encoded anew, without its metadata; the same bytes again are the same
    screenshot."""
    settings = get_settings()
    data = file.read(settings.max_screenshot_bytes + 1)
    with transaction() as session:
        known = storage.find(session, owner_id=actor.user_id, data=data)
    if known is not None:
        response.status_code = 200
        return ScreenshotRead.model_validate(known)
    blobs = get_store()
    upload = storage.take_in(
        blobs, data, max_bytes=settings.max_screenshot_bytes, max_pixels=settings.max_screenshot_pixels
    )
    with transaction() as session:
        screenshot, created = storage.record(session, blobs, upload, owner_id=actor.user_id)
    response.status_code = 201 if created else 200
    return ScreenshotRead.model_validate(screenshot)


@router.get(
    "/{screenshot_id}",
    response_class=Response,
    responses={
        200: {"content": {"image/webp": {}, "image/png": {}, "image/jpeg": {}}},
        304: {"description": "As you have it."},
    },
)
def get_screenshot(
    request: Request,
    screenshot_id: ScreenshotId,
    actor: Reader,
    *,
    size: Size = "original",
    step_id: int | None = None,
    rerecorded_step_id: int | None = None,
) -> Response:
    """The picture, whole or smaller. Where several steps show it, `step_id` says whose element is outlined;
    `rerecorded_step_id` does so of a step of a new recording."""
    with transaction(read_only=True) as session:
        if rerecorded_step_id is None:
            found = pictures.find(session, actor, screenshot_id, step_id=step_id)
        else:
            found = pictures.find_rerecorded(session, actor, screenshot_id, rerecorded_step_id)
    # A picture under an id never changes, but who may see it does: kept by the browser, asked about each time.
    etag = f'"{_version(found, size)}"'
    headers = {
        "ETag": etag,
        "Cache-Control": "private, no-cache",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": "inline",
    }
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    picture = storage.open_variant(get_store(), found.screenshot, size, found.box, found.viewport)
    return Response(picture.data, media_type=picture.media_type, headers=headers)


def _version(found: pictures.StepPicture, size: VariantSize | Literal["original"]) -> str:
    if size == "original":
        return found.screenshot.id
    return variant_key(found.screenshot.blob, size, found.box, found.viewport).rpartition("/")[2]
