"""Pictures that the tests make: good ones, and the parts of bad ones."""

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageDraw


def page(width: int = 400, height: int = 300, *, background: str = "white", mode: str = "RGB") -> Image.Image:
    """Something like a page: flat areas, lines, text."""
    picture = Image.new("RGB", (width, height), background)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, width // 5, height), fill=(40, 60, 140))
    for row in range(20, height, 24):
        draw.text((width // 4, row), f"Row {row}", fill="gray")
    return picture if mode == "RGB" else picture.convert(mode)


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def pixel(picture: Image.Image, x: int, y: int) -> tuple[int, int, int, int]:
    """Red, green, blue, alpha."""
    red, green, blue, alpha = picture.convert("RGBA").crop((x, y, x + 1, y + 1)).tobytes()
    return red, green, blue, alpha


def png_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int, height: int, *chunks: bytes, depth: int = 8, color: int = 0) -> bytes:
    """A PNG with this header and these chunks after it, whether they fit or not."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + png_chunk(b"IEND", b"")


def webp_of_size(width: int, height: int) -> bytes:
    """A small WebP whose extended header claims another size."""
    claim = b"\x00" * 4 + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"VP8X" + struct.pack("<I", 10) + claim + encoded(page(16, 16), "WEBP", lossless=True)[12:]
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body
