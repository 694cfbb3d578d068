"""Painting over parts of pictures for good, on one step or wherever the same place shows.

Read, paint, write: the slow part runs without a transaction, and what changed meanwhile is noticed before anything is
written. What cannot be undone is undone for nobody: the old pixels are destroyed.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import Actor
from app.core.addresses import clean_address
from app.core.db import transaction
from app.core.errors import AppError, InvalidInput
from app.storage import erasing, redacting
from app.storage.models import Screenshot
from app.storage.redacting import Frame, Unit
from app.storage.service import Upload
from app.storage.store import BlobNotFound, BlobStore, get_store
from app.workflows import edits, replaced_pictures, steps
from app.workflows.content import Box, Page
from app.workflows.errors import CannotUndo, MayNotChange
from app.workflows.models import Step, Workflow
from app.workflows.replaced_pictures import PictureChanged

On = Literal["step", "page", "workflow"]
"""Where the rectangles go: this step's picture, those of all steps on its page, those of all steps."""

Area = tuple[int, int, int, int]


class StepHasNoPicture(InvalidInput):
    """This step has no picture in which something could be hidden."""


class NothingToHide(InvalidInput):
    """None of these rectangles lies in the picture."""


class ViewportUnknown(InvalidInput):
    """How large the page was is not known of this step: send the rectangles as fractions of the picture."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be hidden. `screenshot_id`: the picture that the person looked at, if that is known."""

    boxes: Sequence[Box]
    unit: Unit = "css"
    on: On = "step"
    screenshot_id: str | None = None


@dataclass(frozen=True, slots=True)
class Redacted:
    """The pictures that the workflow's steps show now; how many workflows keep the old one, because they are another
    person's, who alone may change them."""

    pictures: dict[int, str]
    kept_elsewhere: int


Outdate = Callable[[Session, Collection[int]], Sequence[str]]
"""Makes files unreachable that were made of these workflows before, and tells which ones."""


@dataclass(frozen=True, slots=True)
class _Order:
    """Who wants what hidden where."""

    actor: Actor
    workflow_id: int
    step_id: int
    wanted: Wanted
    outdate: Outdate


@dataclass(frozen=True, slots=True)
class Painting:
    """One picture, and where it is painted over."""

    screenshot: Screenshot
    areas: list[Area]


def redact(actor: Actor, workflow_id: int, step_id: int, wanted: Wanted, *, outdate: Outdate) -> Redacted:
    """Paint over, give every step the new picture, destroy the old one. Opens its own transactions.

    Whoever uploaded a picture, and an admin, replaces it everywhere; others in all workflows that they may change.
    """
    order = _Order(actor, workflow_id, step_id, wanted, outdate)
    with transaction(read_only=True) as session:
        paintings = _plan(session, order)
    with painted(get_store(), paintings) as uploads, transaction() as session:
        result = _replace(session, order, uploads)
    erasing.settle(get_store(), briefly=True)
    return result


def page_key(step: Step) -> str | None:
    """What tells the step's page from others; None: nothing is known of it."""
    page = Page.model_validate(step.page)
    address = clean_address(page.url).partition("#")[0] if page.url else None
    return address or page.title


def chosen(steps_: Sequence[Step], step: Step, on: On) -> list[Step]:
    """The steps with pictures that `on` means, this one first."""
    key = page_key(step)
    others = [
        other
        for other in steps_
        if other.id != step.id
        and other.screenshot_id
        and (on == "workflow" or (on == "page" and key is not None and page_key(other) == key))
    ]
    return [step, *others]


def _plan(session: Session, order: _Order) -> list[Painting]:
    """Which pictures are painted over, and where. The first is that of the step itself."""
    wanted, step = order.wanted, steps.get(session, order.workflow_id, order.step_id, order.actor).step
    if not order.actor.may("write"):
        raise MayNotChange
    if step.screenshot_id is None:
        raise StepHasNoPicture
    if wanted.screenshot_id not in (None, step.screenshot_id):
        raise PictureChanged
    of_workflow = select(Step).where(Step.workflow_id == order.workflow_id).order_by(Step.position)
    meant = chosen(session.scalars(of_workflow).all(), step, wanted.on)
    rows = select(Screenshot).where(Screenshot.id.in_({each.screenshot_id for each in meant}))
    shots = {row.id: row for row in session.scalars(rows)}
    source = _frame(shots[step.screenshot_id], step)
    if wanted.unit == "css" and source.viewport is None:
        raise ViewportUnknown
    areas = redacting.in_picture(wanted.boxes, wanted.unit, source)
    paintings: dict[str, Painting] = {}
    for each in meant:
        shot = shots[each.screenshot_id or ""]
        if shot.id not in paintings:
            here = redacting.carried_over(areas, source, _frame(shot, each)) if each is not step else areas
            paintings[shot.id] = Painting(shot, redacting.inside(here, (shot.width, shot.height)))
    if not paintings[step.screenshot_id].areas:
        raise NothingToHide
    return [painting for painting in paintings.values() if painting.areas]


def _frame(screenshot: Screenshot, step: Step) -> Frame:
    return Frame((screenshot.width, screenshot.height), Page.model_validate(step.page).viewport)


@contextmanager
def painted(blobs: BlobStore, paintings: Sequence[Painting]) -> Iterator[dict[str, Upload]]:
    """The new pictures by the ids of the old ones; taken away again if what follows fails."""
    uploads: dict[str, Upload] = {}
    try:
        for painting in paintings:
            try:
                uploads[painting.screenshot.id] = redacting.take_in_burnt(blobs, painting.screenshot, painting.areas)
            except BlobNotFound as error:
                raise PictureChanged from error
        yield uploads
    except BaseException:
        for upload in uploads.values():
            with suppress(AppError):
                blobs.delete(upload.blob)
        raise


def _replace(session: Session, order: _Order, uploads: dict[str, Upload]) -> Redacted:
    actor, workflow_id = order.actor, order.workflow_id
    touched = replaced_pictures.lock(session, actor, uploads, workflow_id)
    if steps.get(session, workflow_id, order.step_id, actor).step.screenshot_id not in uploads:
        raise PictureChanged
    ids = [workflow.id for workflow in touched]
    replaced = replaced_pictures.replace(session, get_store(), actor, uploads, ids)
    erasing.owe(session, [*replaced.blobs, *order.outdate(session, ids)])
    for workflow in touched:
        _note(session, order, workflow, len(uploads), replaced.kept)
    shown = select(Step.id, Step.screenshot_id).where(Step.workflow_id == workflow_id)
    pictures = session.execute(shown.where(Step.screenshot_id.in_(replaced.new_ids))).all()
    return Redacted({step_id: screenshot_id or "" for step_id, screenshot_id in pictures}, replaced.kept)


def _note(session: Session, order: _Order, workflow: Workflow, pictures: int, kept: int) -> None:
    here = order.step_id if workflow.id == order.workflow_id else None
    edits.record(session, workflow, order.actor, "picture_redacted", step=here, pictures=pictures)
    audit.record(
        session,
        order.actor,
        "picture_redacted",
        f"workflow:{workflow.id}",
        step=here,
        on=order.wanted.on,
        boxes=len(order.wanted.boxes),
        pictures=pictures,
        kept_elsewhere=kept,
    )


@edits.undoes("picture_redacted")
def _nobody_can(_session: Session, _workflow: Workflow, _actor: Actor, _facts: dict[str, Any]) -> None:
    raise CannotUndo("What was hidden in a picture cannot come back: the pixels are destroyed.")
