"""Pictures of steps in every size, drawn while the labeler thinks, so that the first reader need not wait."""

from collections.abc import Callable
from functools import partial

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import AppError
from app.labeling.protocol import Picture
from app.storage import service as storage
from app.storage.models import Screenshot
from app.storage.store import get_store
from app.workflows.content import Box, StepContent, Viewport

log = structlog.get_logger(__name__)

Shots = dict[str, Screenshot]
"""Rows of screenshots by their ids."""


def of_steps(session: Session, contents: list[StepContent]) -> Shots:
    """The screenshots that these steps show."""
    ids = {content.screenshot_id for content in contents if content.screenshot_id}
    return {row.id: row for row in session.scalars(select(Screenshot).where(Screenshot.id.in_(ids)))} if ids else {}


def reader(content: StepContent, shots: Shots) -> Callable[[Picture], bytes | None]:
    """What reads the picture of a step when it is wanted."""
    return partial(_read, content, shots.get(content.screenshot_id or ""))


def make(contents: list[StepContent], shots: Shots, stopped: Callable[[], bool]) -> None:
    """Draw what is missing. A picture that cannot be drawn fails no run: it is tried again when somebody opens it."""
    for content in contents:
        screenshot = shots.get(content.screenshot_id or "")
        if screenshot is None:
            continue
        if stopped():
            return
        try:
            storage.make_variants(get_store(), screenshot, *_place(content))
        except (AppError, OSError, ValueError) as error:
            log.warning("pictures_not_made", screenshot_id=screenshot.id, error=type(error).__name__)


def _read(content: StepContent, screenshot: Screenshot | None, size: Picture) -> bytes | None:
    if screenshot is None:
        return None
    try:
        return storage.open_variant(get_store(), screenshot, size, *_place(content)).data
    except AppError as error:
        log.warning("picture_not_read", screenshot_id=screenshot.id, error=type(error).__name__)
        return None


def _place(content: StepContent) -> tuple[Box | None, Viewport | None]:
    return content.target.box if content.target else None, content.page.viewport
