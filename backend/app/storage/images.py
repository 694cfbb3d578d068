"""Uploaded pictures: told apart by content, measured before they are decoded, decoded with limits, encoded anew."""

import io
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageOps

from app.core.errors import AppError, InvalidInput, TooLarge

MediaType = Literal["image/webp", "image/png", "image/jpeg"]
Format = Literal["PNG", "JPEG", "WEBP"]

WEBP_MAX_SIDE = 16_383
ANY_SIZE = 2**40
"""Originals were measured when they came in; a limit that is lowered later does not hide them."""
JPEG_MAX_SCANS = 100
"""An honest progressive JPEG has about ten; each scan costs a pass over the whole picture."""

TRANSPARENT = ("RGBA", "LA", "PA", "La", "RGBa")

_decoding = threading.BoundedSemaphore(max(2, min(4, os.cpu_count() or 2)))
"""A decoded picture takes 4 bytes a pixel: without a bound, every request thread would hold one at a time."""


class ImageTooLarge(TooLarge):
    """The picture has more bytes than this server takes. Send a smaller one, or raise MAX_SCREENSHOT_BYTES."""


class ImageTooManyPixels(TooLarge):
    """The picture has more pixels than this server takes. Send a smaller one, or raise MAX_SCREENSHOT_PIXELS."""


class UnsupportedImage(AppError):
    """The file is not a PNG, JPEG or WebP picture, whatever its name says. Send one of these."""

    status_code = 415


class BrokenImage(InvalidInput):
    """The picture is cut off or damaged and cannot be read. Save it again and send the new file."""


@dataclass(frozen=True)
class EncodedImage:
    """A picture as a file: its bytes, and its size in pixels."""

    data: bytes
    media_type: MediaType
    width: int
    height: int


def re_encode(data: bytes, *, max_bytes: int, max_pixels: int) -> EncodedImage:
    """The picture alone: turned upright, first frame, without metadata or anything hidden before or after it.

    PNG and lossless WebP become lossless WebP (at its fastest setting as quick as PNG and 40 % smaller on pages),
    lossy WebP stays lossy WebP, JPEG stays JPEG.
    """
    if len(data) > max_bytes:
        raise ImageTooLarge(
            f"The picture has {len(data):,} bytes, this server takes {max_bytes:,}. Send a smaller one, "
            "or raise MAX_SCREENSHOT_BYTES."
        )
    kind = sniff(data)
    with _decoding:
        picture = decode(data, kind, max_pixels=max_pixels)
        return _encode(picture, lossy=_is_lossy(data, kind), kind=kind)


def painted(data: bytes, paint: Callable[[Image.Image], None]) -> EncodedImage:
    """A picture that we stored ourselves after `paint` drew on it (in RGB or RGBA), encoded anew in its own format."""
    kind = sniff(data)
    with _decoding:
        picture = decode(data, kind, max_pixels=ANY_SIZE)
        if picture.mode == "L":
            picture = picture.convert("RGB")
        paint(picture)
        return _encode(picture, lossy=_is_lossy(data, kind), kind=kind)


def sniff(data: bytes) -> Format:
    """The format by its first bytes; refuses every other."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if not data:
        raise UnsupportedImage("The file is empty. Send a PNG, JPEG or WebP picture.")
    raise UnsupportedImage


def decode(data: bytes, kind: Format, *, max_pixels: int) -> Image.Image:
    """The first frame as RGB, RGBA or L, upright; its pixels are counted from the header before any is decoded."""
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as opened:
            _check_pixels(*opened.size, max_pixels)
            if kind == "JPEG" and data.count(b"\xff\xda") > JPEG_MAX_SCANS:
                raise BrokenImage
            opened.load()
            return _plain(_upright(opened))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ImageTooManyPixels from error
    except AppError:
        raise
    except Exception as error:
        raise BrokenImage from error


def measure(data: bytes) -> EncodedImage:
    """A picture that we stored ourselves, with the size that its header tells."""
    kind = sniff(data)
    with Image.open(io.BytesIO(data), formats=[kind]) as opened:
        return EncodedImage(data, _media_type(kind), *opened.size)


def encode_webp(picture: Image.Image, *, quality: int, method: int = 0, lossless: bool = False) -> EncodedImage:
    """WebP without metadata. `method` 0 is the fastest, 6 the smallest."""
    target = io.BytesIO()
    picture.save(target, "WEBP", quality=quality, method=method, lossless=lossless)
    return EncodedImage(target.getvalue(), "image/webp", *picture.size)


def decoding_slot() -> threading.BoundedSemaphore:
    """To be held while pictures are decoded, so that memory stays bounded whatever the number of threads."""
    return _decoding


def _check_pixels(width: int, height: int, max_pixels: int) -> None:
    if width * height > max_pixels:
        raise ImageTooManyPixels(
            f"The picture has {width:,} × {height:,} pixels, this server takes {max_pixels:,} in all. "
            "Send a smaller one, or raise MAX_SCREENSHOT_PIXELS."
        )


def _is_lossy(data: bytes, kind: Format) -> bool:
    return kind == "JPEG" or (kind == "WEBP" and b"VP8L" not in data[:65_536])


def _upright(picture: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # noqa: BLE001 - damaged metadata is dropped with the rest of it, the pixels are good
        return picture


def _plain(picture: Image.Image) -> Image.Image:
    """8 bits a channel, no palette; transparency only where there is some; nothing kept beside the pixels."""
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")  # 16-bit grey
    if picture.mode in TRANSPARENT or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        if picture.getchannel("A").getextrema() == (255, 255):
            picture = picture.convert("RGB")
    elif picture.mode == "1":
        picture = picture.convert("L")
    elif picture.mode not in ("RGB", "L"):
        picture = picture.convert("RGB")
    picture.info = {}
    return picture


def _encode(picture: Image.Image, *, lossy: bool, kind: Format) -> EncodedImage:
    target = io.BytesIO()
    if kind == "JPEG":
        picture.save(target, "JPEG", quality=92, subsampling=0)  # 4:4:4, or coloured text gets fringes
        return EncodedImage(target.getvalue(), "image/jpeg", *picture.size)
    if max(picture.size) > WEBP_MAX_SIDE:
        picture.save(target, "PNG", compress_level=3)
        return EncodedImage(target.getvalue(), "image/png", *picture.size)
    return encode_webp(picture, quality=90 if lossy else 0, lossless=not lossy)


def _media_type(kind: Format) -> MediaType:
    types: dict[Format, MediaType] = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
    return types[kind]
