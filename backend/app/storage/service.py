"""Screenshots: take in, show, delete. Nothing here commits; whoever opened the transaction does.

A picture is put into the store before its row is written, and erased after the deletion of its row is committed:
no row ever lacks its picture. What a crash in between leaves behind belongs to no row, and `sweep` erases it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, null, select, update
from sqlalchemy import delete as delete_rows
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.secret_tokens import new_id
from app.storage import model_pictures
from app.storage.frames import Box, Viewport
from app.storage.images import EncodedImage, MediaType, measure, re_encode
from app.storage.landmarks import Landmark, Seen
from app.storage.models import Screenshot
from app.storage.store import BlobNotFound, BlobStore, StorageFull, StorageUnavailable
from app.storage.variants import SIZES, Size, render_variants, variant_key, variants_prefix

FILE_ENDINGS: dict[MediaType, str] = {"image/webp": "webp", "image/png": "png", "image/jpeg": "jpg"}
AT_ONCE = 500


@dataclass(frozen=True)
class Upload:
    """A picture that is checked and in the store, and has no row yet."""

    id: str
    sha256: str
    blob: str
    media_type: MediaType
    width: int
    height: int
    bytes: int
    hidden: Sequence[Sequence[int]] | None = None
    """Where it was painted over, if it was: see `Screenshot.hidden`."""


def store(
    session: Session, blobs: BlobStore, *, owner_id: int, data: bytes, max_bytes: int, max_pixels: int
) -> tuple[Screenshot, bool]:
    """The screenshot of these bytes, and whether it is new: one person's same bytes are one screenshot."""
    known = find(session, owner_id=owner_id, data=data)
    if known is not None:
        return known, False
    return record(session, blobs, take_in(blobs, data, max_bytes=max_bytes, max_pixels=max_pixels), owner_id=owner_id)


def find(session: Session, *, owner_id: int, data: bytes) -> Screenshot | None:
    """This person's screenshot of these bytes. It counts as sent just now, so that no purge takes it away meanwhile."""
    same = (Screenshot.owner_id == owner_id) & (Screenshot.sha256 == hashlib.sha256(data).hexdigest())
    return session.scalars(
        update(Screenshot).where(same).values(created_at=now()).returning(Screenshot),
        execution_options={"populate_existing": True},
    ).one_or_none()


def take_in(blobs: BlobStore, data: bytes, *, max_bytes: int, max_pixels: int) -> Upload:
    """The slow part, to be done before a transaction is opened: check, re-encode, put into the store."""
    image = re_encode(data, max_bytes=max_bytes, max_pixels=max_pixels)
    identity, content = new_id(), hashlib.sha256(image.data).hexdigest()
    blob = blob_key(content, identity, image.media_type)
    blobs.put(blob, image.data)
    sent = hashlib.sha256(data).hexdigest()
    return Upload(identity, sent, blob, image.media_type, image.width, image.height, len(image.data))


def blob_key(content: str, identity: str, media_type: MediaType) -> str:
    """Where an original is kept. The content's hash lets a backup be verified; the id keeps one row's erasure from
    taking another row's picture."""
    return f"{content[:2]}/{content}-{identity}.{FILE_ENDINGS[media_type]}"


def record(session: Session, blobs: BlobStore, upload: Upload, *, owner_id: int) -> tuple[Screenshot, bool]:
    """The row of an upload; the one that came first, if the same bytes were sent twice at once."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(Screenshot).values(
        id=upload.id,
        owner_id=owner_id,
        sha256=upload.sha256,
        blob=upload.blob,
        media_type=upload.media_type,
        width=upload.width,
        height=upload.height,
        bytes=upload.bytes,
        hidden=null() if upload.hidden is None else [list(area) for area in upload.hidden],
        created_at=now(),
    )
    statement = statement.on_conflict_do_update(
        index_elements=[Screenshot.owner_id, Screenshot.sha256],
        set_={"created_at": statement.excluded.created_at},
    )
    screenshot = session.scalars(statement.returning(Screenshot), execution_options={"populate_existing": True}).one()
    created = screenshot.id == upload.id
    if not created:
        blobs.delete(upload.blob)
    return screenshot, created


def open_variant(
    blobs: BlobStore,
    screenshot: Screenshot,
    size: Size | Literal["original"],
    box: Box | None = None,
    viewport: Viewport | None = None,
) -> EncodedImage:
    """The picture in this size; a variant that nobody made yet is made now, and kept. No box: `crop` is the page."""
    if size == "original":
        return measure(blobs.get(screenshot.blob))
    if size == "crop" and box is None:
        size = "page"
    with suppress(BlobNotFound):
        return measure(blobs.get(variant_key(screenshot.blob, size, box, viewport)))
    variant = render_variants(blobs.get(screenshot.blob), [size], box, viewport)[size]
    with suppress(StorageFull, StorageUnavailable):  # it can be shown all the same, and is made again next time
        _keep(blobs, screenshot, variant_key(screenshot.blob, size, box, viewport), variant)
    return variant


def make_variants(
    blobs: BlobStore, screenshot: Screenshot, box: Box | None = None, viewport: Viewport | None = None
) -> None:
    """Make ahead whatever `open_variant` could be asked for this step, out of one decoding."""
    sizes: tuple[Size, ...] = SIZES if box is not None else ("page", "thumb")
    keys = {size: variant_key(screenshot.blob, size, box, viewport) for size in sizes}
    missing = [size for size, key in keys.items() if not blobs.exists(key)]
    if missing:
        for size, variant in render_variants(blobs.get(screenshot.blob), missing, box, viewport).items():
            _keep(blobs, screenshot, keys[size], variant)


def open_for_model(
    blobs: BlobStore,
    screenshot: Screenshot,
    box: Box | None,
    viewport: Viewport | None,
    *,
    hidden: Sequence[Box],
    earlier: Sequence[Seen] = (),
    notice: model_pictures.Notice | None = None,
) -> dict[model_pictures.Kind, EncodedImage]:
    """What a model may see of the screenshot, the hidden regions painted over; drawn once, and kept.

    `earlier`: places of earlier screenshots that must lie here where they lay there. Empty if it is not known where in
    the picture the regions are. `notice` sees the whole picture, if it has to be decoded.
    Raises BrokenImage, BlobNotFound; ValueError: the page has moved.
    """
    drawing = model_pictures.plan((screenshot.width, screenshot.height), box, viewport, hidden)
    if drawing is None:
        return {}
    keys = {
        kind: drawing.key(screenshot.blob, kind, [f"{seen.blob} {seen.box}" for seen in earlier])
        for kind in drawing.frames
    }
    with suppress(BlobNotFound, StorageUnavailable):
        return {kind: measure(blobs.get(key)) for kind, key in keys.items()}
    landmarks = [seen.read() for seen in earlier]
    pictures = model_pictures.draw(blobs.get(screenshot.blob), drawing, landmarks, notice)
    with suppress(StorageFull, StorageUnavailable):  # they can be sent all the same, and are drawn again next time
        for kind, picture in pictures.items():
            _keep(blobs, screenshot, keys[kind], picture)
    return pictures


def landmark(blobs: BlobStore, screenshot: Screenshot, place: Box, viewport: Viewport) -> Landmark:
    """What stands around this place of the screenshot."""
    return model_pictures.landmark_of(blobs.get(screenshot.blob), place, viewport)


def delete(session: Session, screenshot_ids: Iterable[str]) -> list[str]:
    """Delete the rows; the blobs returned are to be given to `erase` once this is committed."""
    return _delete(session, Screenshot.id.in_(list(screenshot_ids)))


def purge_unused(session: Session, *, used: ColumnElement[bool], older_than: datetime) -> list[str]:
    """Delete rows that nothing shows. `used`: a condition that refers to `Screenshot.id`. Returns blobs for `erase`.

    A row that somebody is about to use is locked and stays. The deletion asks again whether a row is used: it sees
    what was committed before the locks were taken, which the statement that took them may not.
    """
    unused = (Screenshot.created_at < older_than) & ~used
    ids = session.scalars(select(Screenshot.id).where(unused).with_for_update(skip_locked=True)).all()
    chunks = [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
    return [blob for chunk in chunks for blob in _delete(session, Screenshot.id.in_(chunk) & ~used)]


def erase(blobs: BlobStore, keys: Iterable[str]) -> None:
    """Destroy originals with all their variants."""
    for key in keys:
        blobs.delete(key)
        blobs.delete_prefix(variants_prefix(key))


def sweep(session: Session, blobs: BlobStore, *, older_than: datetime, spare: tuple[str, ...] = ()) -> int:
    """Erase what no row of ours knows; returns how many files. `older_than` spares uploads that are still under way,
    `spare` what lies below these prefixes and belongs to others."""
    old = [blob.key for blob in blobs.list() if blob.modified < older_than and not blob.key.startswith(spare)]
    erased = 0
    for start in range(0, len(old), AT_ONCE):
        originals = {key: _original_of(key) for key in old[start : start + AT_ONCE]}
        known = set(session.scalars(select(Screenshot.blob).where(Screenshot.blob.in_(set(originals.values())))))
        for key in (key for key, original in originals.items() if original not in known):
            blobs.delete(key)
            erased += 1
    return erased


def _delete(session: Session, which: ColumnElement[bool]) -> list[str]:
    return list(session.scalars(delete_rows(Screenshot).where(which).returning(Screenshot.blob)))


def _keep(blobs: BlobStore, screenshot: Screenshot, key: str, variant: EncodedImage) -> None:
    blobs.put(key, variant.data)
    if not blobs.exists(screenshot.blob):  # erased while we were drawing: nothing of it may come back
        blobs.delete(key)


def _original_of(key: str) -> str:
    """The original's key, of an original or of a variant (`variants/<original>/<size>-<hash>.webp`)."""
    return key.removeprefix("variants/").rpartition("/")[0] if key.startswith("variants/") else key
