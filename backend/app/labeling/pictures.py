"""Pictures of steps: for people, drawn while the rules work; for a model, with what it must not see painted over."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog
from PIL.Image import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import AppError
from app.labeling.outgoing import regions
from app.labeling.outgoing.regions import Hidden, Region
from app.labeling.protocol import Picture
from app.storage import service as storage
from app.storage.landmarks import Landmark, Seen
from app.storage.model_pictures import landmark_in
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


@dataclass(slots=True)
class ForModel:
    """Draws what a model may see of a step's screenshot when it is wanted. See `protocol.ChunkStep.picture`."""

    content: StepContent
    screenshot: Screenshot | None
    hidden: Hidden
    """Where to paint; None: nobody knows, so that nothing is shown."""
    whole: "Sequence[ForModel]" = field(repr=False)
    """Of all steps: a field that an earlier one filled must still be where it was."""
    drawn: dict[Picture, bytes] = field(default_factory=dict, repr=False)
    """Both come out of one decoding: the second waits here until it is asked for."""
    landmarks: dict[Box, Landmark] = field(default_factory=dict, repr=False)
    """What stands around places of this screenshot, as far as they were looked at."""
    wanted: set[Box] = field(default_factory=set, repr=False)
    """Places that later steps will ask for: looked at while the picture is decoded anyway."""

    def __call__(self, size: Picture) -> bytes | None:
        if self.screenshot is None or self.hidden is None:
            return None
        if size not in self.drawn:
            self.drawn = self._draw(self.screenshot, self.hidden)
        return self.drawn.pop(size, None)

    def _draw(self, screenshot: Screenshot, hidden: tuple[Region, ...]) -> dict[Picture, bytes]:
        try:
            pictures = storage.open_for_model(
                get_store(),
                screenshot,
                *_place(self.content),
                hidden=[region.box for region in hidden],
                earlier=[
                    self.whole[region.seen_at].seen(region.box) for region in hidden if region.seen_at is not None
                ],
                notice=self._notice,
            )
        except Exception as error:  # noqa: BLE001 - whatever goes wrong, what may show a secret stays here
            log.warning("picture_left_out", screenshot_id=screenshot.id, error=type(error).__name__)
            return {}
        return {kind: picture.data for kind, picture in pictures.items()}

    def seen(self, box: Box) -> Seen:
        """A place of this screenshot. ValueError: it is not there."""
        if self.screenshot is None:
            raise ValueError("the screenshot is gone")
        return Seen(self.screenshot.blob, box, lambda: self._landmark(box))

    def _notice(self, picture: Image) -> None:
        viewport = self.content.page.viewport
        if viewport is not None:
            self.landmarks |= {box: landmark_in(picture, box, viewport) for box in self.wanted}

    def _landmark(self, box: Box) -> Landmark:
        if self.screenshot is None or self.content.page.viewport is None:
            raise ValueError("the place is not known")
        if box not in self.landmarks:
            self.landmarks[box] = storage.landmark(get_store(), self.screenshot, box, self.content.page.viewport)
        return self.landmarks[box]


def for_model(contents: Sequence[StepContent], shots: Shots) -> list[ForModel]:
    """What draws the pictures of each step of one whole workflow."""
    whole: list[ForModel] = []
    for content, hidden in zip(contents, regions.plan(contents), strict=True):
        whole.append(ForModel(content, shots.get(content.screenshot_id or ""), hidden, whole))
        for region in hidden or ():
            if region.seen_at is not None:
                whole[region.seen_at].wanted.add(region.box)
    return whole


def original(content: StepContent, shots: Shots) -> bytes | None:
    """The whole screenshot as it was uploaded; None if the step has none, or it cannot be had now."""
    screenshot = shots.get(content.screenshot_id or "")
    if screenshot is None:
        return None
    try:
        return get_store().get(screenshot.blob)
    except AppError as error:
        log.warning("picture_not_read", screenshot_id=screenshot.id, error=error.name)
        return None


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


def _place(content: StepContent) -> tuple[Box | None, Viewport | None]:
    return content.target.box if content.target else None, content.page.viewport
