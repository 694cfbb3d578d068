"""The pictures of an export: each step's own, with its element outlined, read when its turn comes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.guides.model import Guide, GuideImage
from app.storage import service as storage
from app.storage.images import EncodedImage
from app.storage.models import Screenshot
from app.storage.store import BlobNotFound, BlobStore, get_store

Kind = Literal["page", "crop"]
"""The whole page, 1024 pixels wide, or the surroundings of the element, 640 × 400; as WebP."""

JPEG_QUALITY = 88


@dataclass(frozen=True, slots=True)
class StepPicture:
    """A step's picture. `read` gives None if it is gone from the store: it is left out then."""

    name: str
    """`step-03`; of a note, which has no number, `note-04` by its place."""
    alt: str
    read: Callable[[Kind], EncodedImage | None]


Pictures = Mapping[int, StepPicture]
"""By the steps' ids, in their order."""


def of(session: Session, guide: Guide, told: Callable[[], None] = lambda: None) -> Pictures:
    """The pictures of a guide. They need no session, and may be read after the transaction; `told` hears of each."""
    shown = {step.image.screenshot_id for step in guide.steps if step.image}
    rows = {row.id: row for row in session.scalars(select(Screenshot).where(Screenshot.id.in_(shown)))}
    digits = max(2, len(str(len(guide.steps))))
    found: dict[int, StepPicture] = {}
    for place, step in enumerate(guide.steps, 1):
        if step.image is None or step.image.screenshot_id not in rows:
            continue
        name = f"step-{step.number:0{digits}}" if step.number else f"note-{place:0{digits}}"
        found[step.id] = StepPicture(name, step.alt, _reader(rows[step.image.screenshot_id], step.image, told))
    return found


def _reader(
    screenshot: Screenshot, image: GuideImage, told: Callable[[], None]
) -> Callable[[Kind], EncodedImage | None]:
    def read(kind: Kind) -> EncodedImage | None:
        told()
        try:
            return storage.open_variant(get_store(), screenshot, kind, image.box, image.viewport)
        except BlobNotFound:
            return None

    return read


def original(store: BlobStore, blob: str, told: Callable[[], None]) -> Callable[[], bytes | None]:
    """How to read a picture as it was stored, without anything drawn into it."""

    def read() -> bytes | None:
        told()
        try:
            return store.get(blob)
        except BlobNotFound:
            return None

    return read


def as_jpeg(image: EncodedImage) -> bytes:
    """For what cannot take WebP. The colours of thin letters are kept (4:4:4)."""
    return _encoded(image, "JPEG", quality=JPEG_QUALITY, subsampling=0, optimize=True)


def as_png(image: EncodedImage) -> bytes:
    """For what takes PNG alone."""
    return _encoded(image, "PNG")


def _encoded(image: EncodedImage, form: str, **options: int | bool) -> bytes:
    written = BytesIO()
    with Image.open(BytesIO(image.data)) as picture:
        picture.convert("RGB").save(written, form, **options)
    return written.getvalue()
