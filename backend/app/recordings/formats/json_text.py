"""Bytes to a JSON value: any of the encodings that programs save, with the place of a mistake."""

import codecs
import re
from typing import Any

from pydantic_core import from_json

from app.core.config import Settings
from app.recordings.formats.imported import BrokenJson, ImportTooLarge

_PICTURE = re.compile(rb'"screenshot"\s{0,9}:\s{0,9}"([^"]*)"')
"""A picture that stands in the text is one value, however long it is."""
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def parse(data: bytes, *, limits: Settings, name: str = "The file") -> Any:
    """The value in `data`. The parser bounds its depth, MAX_REQUEST_BYTES its size: values take far more memory."""
    size = len(data)
    if size > limits.max_request_bytes:
        size -= sum(len(match[1]) for match in _PICTURE.finditer(data))
    if size > limits.max_request_bytes:
        raise ImportTooLarge(
            f"{name} has {size:,} bytes of JSON; at most {limits.max_request_bytes:,} are taken (MAX_REQUEST_BYTES)."
        )
    try:
        return from_json(in_utf8(data, name), allow_inf_nan=False)
    except ValueError as error:
        raise BrokenJson(f"{name} is not valid JSON: {error}.") from None


def in_utf8(data: bytes, name: str = "The file") -> bytes:
    """The text without its byte order mark; UTF-16 is known by it."""
    if data.startswith(_UTF_16):
        try:
            return data.decode("utf-16").encode()
        except UnicodeError:
            raise BrokenJson(f"{name} begins like UTF-16 but is not valid UTF-16.") from None
    return data.removeprefix(codecs.BOM_UTF8)


def beginning(data: bytes, most: int) -> bytes:
    """The first bytes as UTF-8, without white space before them: enough to tell formats apart."""
    head = data[:most]
    if head.startswith(_UTF_16):
        head = head.decode("utf-16", errors="ignore").encode()
    return head.removeprefix(codecs.BOM_UTF8).lstrip()
