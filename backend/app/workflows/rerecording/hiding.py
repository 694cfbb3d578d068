"""Parts of a new picture painted over before it is taken over: where they were in the old one, or elsewhere."""

from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import Actor
from app.core.db import transaction
from app.storage import erasing, redacting
from app.storage.models import Screenshot
from app.storage.redacting import Frame, Unit
from app.storage.store import get_store
from app.workflows import replaced_pictures
from app.workflows.content import Box
from app.workflows.redaction import NothingToHide, Outdate, Painting, StepHasNoPicture, ViewportUnknown, painted
from app.workflows.replaced_pictures import PictureChanged
from app.workflows.rerecording import comparing, storing
from app.workflows.rerecording.comparing import Row
from app.workflows.rerecording.errors import NoSuchRow, NothingHiddenBefore


def hide(
    actor: Actor,
    workflow_id: int,
    rerecording_id: int,
    position: int,
    *,
    boxes: Sequence[Box] | None = None,
    unit: Unit = "css",
    outdate: Outdate,
) -> str:
    """Paint over these parts of the picture (None: the same places as in the old one); the new picture's id.

    The old pixels are destroyed, wherever the picture shows. Opens its own transactions.
    """
    with transaction(read_only=True) as session:
        painting = _plan(session, _find(session, actor, workflow_id, rerecording_id, position), boxes, unit)
    with painted(get_store(), [painting]) as uploads, transaction() as session:
        touched = replaced_pictures.lock(session, actor, uploads, workflow_id)
        row = _find(session, actor, workflow_id, rerecording_id, position)
        if row.new is None or row.new.screenshot_id not in uploads:
            raise PictureChanged
        ids = [workflow.id for workflow in touched]
        replaced = replaced_pictures.replace(session, get_store(), actor, uploads, ids)
        erasing.owe(session, [*replaced.blobs, *outdate(session, ids)])
        audit.record(
            session,
            actor,
            "picture_redacted",
            f"workflow:{workflow_id}",
            rerecording=rerecording_id,
            position=position,
            boxes=len(painting.areas),
        )
        (picture,) = replaced.new_ids
    erasing.settle(get_store(), briefly=True)
    return picture


def hide_all(actor: Actor, workflow_id: int, rerecording_id: int, *, outdate: Outdate) -> int:
    """What is hidden in old pictures, in all new ones that are held for it; in how many."""
    with transaction(read_only=True) as session:
        comparison = comparing.compare(session, workflow_id, actor, rerecording_id)
        storing.require_open(comparison.rerecording)
        positions = [row.new.position for row in comparison.rows if row.new and row.held and row.hidden_before]
    if not positions:
        raise NothingHiddenBefore
    for position in positions:
        with suppress(NothingHiddenBefore):  # two steps show one picture: it was painted with the first
            hide(actor, workflow_id, rerecording_id, position, outdate=outdate)
    return len(positions)


def _find(session: Session, actor: Actor, workflow_id: int, rerecording_id: int, position: int) -> Row:
    comparison = comparing.compare(session, workflow_id, actor, rerecording_id)
    storing.require_open(comparison.rerecording)
    for row in comparison.rows:
        if row.new is not None and row.new.position == position:
            return row
    raise NoSuchRow(field="position")


def _plan(session: Session, row: Row, boxes: Sequence[Box] | None, unit: Unit) -> Painting:
    if row.new is None or row.new.screenshot_id is None or row.content is None:
        raise StepHasNoPicture
    shot = session.get_one(Screenshot, row.new.screenshot_id)
    if boxes is None:
        if not row.hidden_before:
            raise NothingHiddenBefore
        return Painting(shot, list(row.hidden_before))
    frame = Frame((shot.width, shot.height), row.content.page.viewport)
    if unit == "css" and frame.viewport is None:
        raise ViewportUnknown
    areas = redacting.inside(redacting.in_picture(boxes, unit, frame), frame.size)
    if not areas:
        raise NothingToHide
    return Painting(shot, areas)
