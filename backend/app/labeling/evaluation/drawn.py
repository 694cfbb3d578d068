"""Pictures of the set's steps as a model gets them: drawn by what draws those of recordings, only nothing is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from app.labeling.evaluation import sets
from app.labeling.outgoing import regions
from app.labeling.outgoing.regions import Hidden, Region
from app.labeling.protocol import Picture
from app.storage import model_pictures
from app.storage.images import measure
from app.storage.landmarks import Landmark
from app.workflows.content import Box, StepContent

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class ForModel:
    """What a model may see of a step's picture. See `protocol.ChunkStep.picture`."""

    content: StepContent
    hidden: Hidden
    whole: "Sequence[ForModel]" = field(repr=False)
    drawn: dict[Picture, bytes] | None = field(default=None, repr=False)
    landmarks: dict[Box, Landmark] = field(default_factory=dict, repr=False)

    def __call__(self, size: Picture) -> bytes | None:
        if self.drawn is None:
            self.drawn = self._draw()
        return self.drawn.get(size)

    def _draw(self) -> dict[Picture, bytes]:
        original = sets.picture(self.content.screenshot_id)
        if original is None or self.hidden is None:
            return {}
        try:
            return self._painted(original, self.hidden)
        except Exception as error:  # noqa: BLE001 - as in a run: what may show a secret stays here
            log.warning("picture_left_out", screenshot_id=self.content.screenshot_id, error=type(error).__name__)
            return {}

    def _painted(self, original: bytes, hidden: tuple[Region, ...]) -> dict[Picture, bytes]:
        known, target = measure(original), self.content.target
        drawing = model_pictures.plan(
            (known.width, known.height),
            target.box if target else None,
            self.content.page.viewport,
            [region.box for region in hidden],
        )
        if drawing is None:
            return {}
        landmarks = [self.whole[region.seen_at].landmark(region.box) for region in hidden if region.seen_at is not None]
        return {kind: picture.data for kind, picture in model_pictures.draw(original, drawing, landmarks).items()}

    def landmark(self, box: Box) -> Landmark:
        """What stands around this place here. ValueError: nobody knows."""
        original, viewport = sets.picture(self.content.screenshot_id), self.content.page.viewport
        if original is None or viewport is None:
            raise ValueError("the place is not known")
        if box not in self.landmarks:
            self.landmarks[box] = model_pictures.landmark_of(original, box, viewport)
        return self.landmarks[box]


def for_model(contents: Sequence[StepContent]) -> list[ForModel]:
    """What draws the pictures of each step of one whole workflow."""
    whole: list[ForModel] = []
    for content, hidden in zip(contents, regions.plan(contents), strict=True):
        whole.append(ForModel(content, hidden, whole))
    return whole
