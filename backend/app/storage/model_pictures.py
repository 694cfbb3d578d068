"""Pictures of a step for a model: no larger than it can use, and opaque wherever something may have been typed.

What is painted over is painted over in the original's pixels, before anything is made smaller: no pixel of it has a
part in any pixel of the result.
"""

import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Literal

from PIL import Image, ImageDraw

from app.storage.frames import (
    HALO,
    HALO_WIDTH,
    MIN_SIDE_OUTLINED,
    RING,
    RING_RADIUS,
    RING_WIDTH,
    Box,
    Rectangle,
    Viewport,
    crop_around,
    element,
    grown,
    ring_inside,
    scale_of,
    seen,
    span,
)
from app.storage.images import ANY_SIZE, EncodedImage, decode, decoding_slot, sniff
from app.storage.landmarks import Landmark, landmark
from app.storage.variants import on_white, variants_prefix, view

Kind = Literal["crop", "page"]

RENDERING = "1"
"""Part of every key: raise it when the pictures are drawn differently, and they are made anew."""

PAGE_SIDE = 768
"""Pixels, at most: about 450 tokens for a wide page, less than 800 for any."""
QUALITY = 80

PAINT = (84, 88, 96)
PAINT_MARGIN = 4.0
"""CSS pixels painted around each region: boxes are rounded, glyphs overhang."""
MOST_MISFIT = 0.02
"""How much higher or lower than its viewport a picture may be, in parts of it. Else it shows something else (the whole
page, the browser's window), and nobody knows where the regions lie in it."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What one picture shows of the original, in the original's pixels."""

    region: Rectangle
    zoom: float


Notice = Callable[[Image.Image], None]


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that is to be known before anything is decoded."""

    size: tuple[int, int]
    frames: Mapping[Kind, Frame]
    element: Rectangle | None
    painted: tuple[tuple[int, int, int, int], ...]

    def key(self, blob: str, kind: Kind, seen_in: Sequence[str] = ()) -> str:
        """Key under which the picture is kept, among the variants of its original.

        `seen_in`: the screenshots whose landmarks it was held against.
        """
        facts = f"{RENDERING} {self.size} {self.frames[kind]} {self.element} {self.painted} {sorted(seen_in)}"
        return f"{variants_prefix(blob)}model-{kind}-{hashlib.sha256(facts.encode()).hexdigest()[:24]}.jpg"


def plan(size: tuple[int, int], box: Box | None, viewport: Viewport | None, hidden: Sequence[Box]) -> Drawing | None:
    """How to draw a screenshot of this size; None if it is not known where in it the hidden regions are."""
    scale = scale_of(size[0], viewport)
    margin = PAINT_MARGIN
    if hidden:
        if viewport is None:
            return None
        misfit = abs(size[1] / scale - viewport.height)
        if misfit > MOST_MISFIT * viewport.height:
            return None
        margin += misfit
    shown = element(box, scale, size) if box is not None else None
    frames: dict[Kind, Frame] = {}
    if shown is not None:
        region, zoom = crop_around(shown, scale, size)
        if region != (0, 0, *size):  # a crop that shows everything would be the page again
            frames["crop"] = Frame(region, zoom)
    frames["page"] = _page(size, shown)
    painted = tuple(sorted({_pixels(region, scale, margin) for region in hidden}))
    return Drawing(size, frames, shown, painted)


def draw(
    original: bytes, drawing: Drawing, landmarks: Sequence[Landmark] = (), notice: Notice | None = None
) -> dict[Kind, EncodedImage]:
    """All pictures out of one decoding. `notice` sees the picture before anything is painted over.

    `landmarks`: must stand in the picture, or the regions are not where they were. ValueError: they do not, or the
    original is not what the drawing was made for.
    """
    with decoding_slot():
        picture = on_white(decode(original, sniff(original), max_pixels=ANY_SIZE))
        if picture.size != drawing.size:
            raise ValueError(f"the picture has {picture.size} pixels, not {drawing.size}")
        if notice is not None:
            notice(picture)
        if not all(landmark.stands_in(picture) for landmark in landmarks):
            raise ValueError("the page has moved since something was entered")
        for region in drawing.painted:
            picture.paste(PAINT, region)
        return {kind: _draw(picture, frame, drawing.element) for kind, frame in drawing.frames.items()}


def landmark_of(original: bytes, box: Box, viewport: Viewport) -> Landmark:
    """What stands around this place of a screenshot."""
    with decoding_slot():
        return landmark_in(on_white(decode(original, sniff(original), max_pixels=ANY_SIZE)), box, viewport)


def landmark_in(picture: Image.Image, box: Box, viewport: Viewport) -> Landmark:
    """The same of a picture that is decoded already."""
    scale = scale_of(picture.width, viewport)
    return landmark(picture, _pixels(box, scale, 0.0), scale)


def _page(size: tuple[int, int], shown: Rectangle | None) -> Frame:
    """The whole width, and no more height than that: of a long page, the part around the element."""
    start, end = (shown[1], shown[3]) if shown is not None else (0.0, 0.0)
    top, height = span(start, end, min(size), size[1])
    return Frame((0, top, size[0], top + height), min(1.0, PAGE_SIDE / max(size[0], height)))


def _pixels(region: Box, scale: float, margin: float) -> tuple[int, int, int, int]:
    return (
        floor((region.x - margin) * scale),
        floor((region.y - margin) * scale),
        ceil((region.x + region.width + margin) * scale),
        ceil((region.y + region.height + margin) * scale),
    )


def _draw(picture: Image.Image, frame: Frame, shown: Rectangle | None) -> EncodedImage:
    smaller = view(picture, frame.region, frame.zoom)
    if shown is not None:
        _outline(smaller, seen(shown, frame.region, frame.zoom))
    target = io.BytesIO()
    smaller.save(target, "JPEG", quality=QUALITY)
    return EncodedImage(target.getvalue(), "image/jpeg", *smaller.size)


def _outline(picture: Image.Image, shown: Rectangle) -> None:
    """A coloured ring between two white lines."""
    if min(picture.size) < MIN_SIDE_OUTLINED:
        return
    inner = ring_inside(shown, picture.size)
    pen = ImageDraw.Draw(picture)
    for color, thickness, gap in ((HALO, RING_WIDTH + 2 * HALO_WIDTH, -HALO_WIDTH), (RING, RING_WIDTH, 0)):
        edge = grown(inner, gap + thickness)
        pen.rounded_rectangle([round(side) for side in edge], RING_RADIUS + thickness, None, color, round(thickness))
