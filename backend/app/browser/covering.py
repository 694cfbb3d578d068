"""What must not be seen is painted over before a picture is kept: opaque, never blurred."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

from app.workflows.content import Box

COLOUR = (71, 85, 105)
MARGIN = 2
"""Pixels around each: the frame may have been drawn half a pixel off."""


def covered(png: bytes, boxes: Sequence[Box], viewport_width: float) -> bytes:
    """The picture with every box (CSS pixels of the viewport) filled; the same bytes if there is none."""
    if not boxes:
        return png
    with Image.open(io.BytesIO(png), formats=["PNG"]) as opened:
        picture = opened.convert("RGB")
    scale = picture.width / viewport_width if viewport_width else 1.0
    draw = ImageDraw.Draw(picture)
    for box in boxes:
        left, top = box.x * scale - MARGIN, box.y * scale - MARGIN
        right, bottom = (box.x + box.width) * scale + MARGIN, (box.y + box.height) * scale + MARGIN
        draw.rectangle((left, top, right, bottom), fill=COLOUR)
    target = io.BytesIO()
    picture.save(target, "PNG", compress_level=3)
    return target.getvalue()
