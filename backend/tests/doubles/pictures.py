"""Kind and size of a picture from its first bytes, without decoding it."""

import math
import struct
from dataclasses import dataclass

PATCH = 28
"""Pixels of a side of the square that costs a token."""


class UnreadablePicture(ValueError):
    """These bytes are no whole PNG, JPEG, GIF or WebP."""


@dataclass(frozen=True, slots=True)
class Size:
    """What the bytes say, whatever was claimed about them."""

    media_type: str
    width: int
    height: int

    @property
    def tokens(self) -> int:
        return math.ceil(self.width / PATCH) * math.ceil(self.height / PATCH)


def measure(data: bytes) -> Size:
    """Raises UnreadablePicture."""
    for (media_type, mark), read in _READERS.items():
        if data.startswith(mark):
            try:
                width, height = read(data)
            except (struct.error, IndexError) as error:
                raise UnreadablePicture from error
            return Size(media_type, width, height)
    raise UnreadablePicture


def _png(data: bytes) -> tuple[int, int]:
    if not data.endswith(b"IEND\xaeB`\x82"):
        raise UnreadablePicture
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _gif(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", data, 6)
    return width, height


def _webp(data: bytes) -> tuple[int, int]:
    if data[8:12] != b"WEBP" or struct.unpack_from("<I", data, 4)[0] + 8 > len(data):
        raise UnreadablePicture
    if data[12:16] == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if data[12:16] == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<HH", data, 26)
    return width & 0x3FFF, height & 0x3FFF


def _jpeg(data: bytes) -> tuple[int, int]:
    if b"\xff\xd9" not in data[-64:]:
        raise UnreadablePicture
    at = 2
    while data[at] == 0xFF:
        marker, length = data[at + 1], struct.unpack_from(">H", data, at + 2)[0]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        at += 2 + length
    raise UnreadablePicture


_READERS = {
    ("image/png", b"\x89PNG\r\n\x1a\n"): _png,
    ("image/jpeg", b"\xff\xd8\xff"): _jpeg,
    ("image/gif", b"GIF8"): _gif,
    ("image/webp", b"RIFF"): _webp,
}
