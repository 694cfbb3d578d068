"""A small picture."""

import io

from PIL import Image


def png(shade: int) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (60, 40), (shade, shade, shade)).save(target, "PNG")
    return target.getvalue()
