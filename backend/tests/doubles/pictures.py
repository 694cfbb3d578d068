"""Kind and size of a picture from its first bytes, without decoding it."""

import binascii
import math
import struct
from dataclasses import dataclass

PATCH = 28
"""Pixels of a side of the square that costs a token."""
HEAD = 64 * 1024
"""Characters of base64 in which the size is looked for first."""
TAIL = 88
ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


class NotBase64(ValueError):
    """There are other characters in it, or too few."""


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


@dataclass(frozen=True, slots=True)
class _Bytes:
    head: bytes
    tail: bytes
    length: int


def measure(text: str) -> Size:
    """Of a picture in base64; raises NotBase64 or UnreadablePicture."""
    coded = text.encode()
    filled = coded.rstrip(b"=")
    if len(coded) % 4 or len(coded) - len(filled) > 2 or filled.translate(None, ALPHABET):
        raise NotBase64
    tail, length = binascii.a2b_base64(coded[-TAIL:]), len(filled) * 3 // 4
    for end in (HEAD, len(coded)):  # what stands before the size in a JPEG can be long
        try:
            return _measure(_Bytes(binascii.a2b_base64(coded[:end]), tail, length))
        except (struct.error, IndexError):
            continue
    raise UnreadablePicture


def _measure(data: _Bytes) -> Size:
    for (media_type, mark), read in _READERS.items():
        if data.head.startswith(mark):
            width, height = read(data)
            if 0 in (width, height):
                raise UnreadablePicture
            return Size(media_type, width, height)
    raise UnreadablePicture


def _png(data: _Bytes) -> tuple[int, int]:
    if not data.tail.endswith(b"IEND\xaeB`\x82"):
        raise UnreadablePicture
    width, height = struct.unpack_from(">II", data.head, 16)
    return width, height


def _gif(data: _Bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", data.head, 6)
    return width, height


def _webp(data: _Bytes) -> tuple[int, int]:
    head = data.head
    if head[8:12] != b"WEBP" or struct.unpack_from("<I", head, 4)[0] + 8 > data.length:
        raise UnreadablePicture
    if head[12:16] == b"VP8X":
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<HH", head, 26)
    return width & 0x3FFF, height & 0x3FFF


def _jpeg(data: _Bytes) -> tuple[int, int]:
    head, at = data.head, 2
    if b"\xff\xd9" not in data.tail:
        raise UnreadablePicture
    while head[at] == 0xFF:
        marker, length = head[at + 1], struct.unpack_from(">H", head, at + 2)[0]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack_from(">HH", head, at + 5)
            return width, height
        at += 2 + length
    raise UnreadablePicture


_READERS = {
    ("image/png", b"\x89PNG\r\n\x1a\n"): _png,
    ("image/jpeg", b"\xff\xd8\xff"): _jpeg,
    ("image/gif", b"GIF8"): _gif,
    ("image/webp", b"RIFF"): _webp,
}
