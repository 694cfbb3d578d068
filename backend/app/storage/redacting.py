"""Parts of a picture painted over for good: in the original's pixels, opaque, encoded anew as another picture."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Literal

from PIL import Image

from app.core.secret_tokens import new_id
from app.storage.frames import Box, Rectangle, Viewport, scale_of
from app.storage.images import EncodedImage, painted
from app.storage.models import Screenshot
from app.storage.service import Upload, blob_key
from app.storage.store import BlobStore

Unit = Literal["css", "fraction"]
"""`css`: CSS pixels of the viewport, like the boxes of elements. `fraction`: parts of the picture, from 0 to 1."""

INK = (32, 34, 40)


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture's size in pixels, and the viewport that it shows, as far as it is known."""

    size: tuple[int, int]
    viewport: Viewport | None

    @property
    def scale(self) -> float:
        return scale_of(self.size[0], self.viewport)


def in_picture(boxes: Sequence[Box], unit: Unit, frame: Frame) -> list[Rectangle]:
    """The boxes in the picture's pixels, whether they lie inside or not."""
    across, down = frame.size if unit == "fraction" else (frame.scale, frame.scale)
    return [(box.x * across, box.y * down, (box.x + box.width) * across, (box.y + box.height) * down) for box in boxes]


def carried_over(areas: Sequence[Rectangle], source: Frame, target: Frame) -> list[Rectangle]:
    """The same places of the page in another picture.

    By the viewports where both are known. Else pictures of one size show the same places alike, and of others we know
    no more than the proportions.
    """
    if source.viewport is not None and target.viewport is not None:
        across = down = target.scale / source.scale
    else:
        across, down = target.size[0] / source.size[0], target.size[1] / source.size[1]
    return [(left * across, top * down, right * across, bottom * down) for left, top, right, bottom in areas]


def inside(areas: Sequence[Rectangle], size: tuple[int, int]) -> list[tuple[int, int, int, int]]:
    """The whole pixels that they touch, cut to the picture; without those of which nothing is inside."""
    cut = [
        (max(0, floor(left)), max(0, floor(top)), min(size[0], ceil(right)), min(size[1], ceil(bottom)))
        for left, top, right, bottom in areas
        if right > left and bottom > top
    ]
    return [area for area in cut if area[2] > area[0] and area[3] > area[1]]


def burn(original: bytes, areas: Sequence[tuple[int, int, int, int]]) -> EncodedImage:
    """The picture with these areas painted over. Nothing of what was under them has a part in the result."""

    def paint(picture: Image.Image) -> None:
        for area in areas:
            picture.paste((*INK, 255) if picture.mode == "RGBA" else INK, area)

    return painted(original, paint)


def take_in_burnt(blobs: BlobStore, screenshot: Screenshot, areas: Sequence[tuple[int, int, int, int]]) -> Upload:
    """Put the painted picture into the store, for a row of its own.

    Its `sha256` is of what is stored: the bytes that were once sent lead to nothing any more.
    """
    image = burn(blobs.get(screenshot.blob), areas)
    content, identity = hashlib.sha256(image.data).hexdigest(), new_id()
    blob = blob_key(content, identity, image.media_type)
    blobs.put(blob, image.data)
    hidden = [*(screenshot.hidden or ()), *areas]
    return Upload(identity, content, blob, image.media_type, image.width, image.height, len(image.data), hidden)
