"""Long lists in pages: a cursor is the place of the last item that was given, in a form that promises nothing."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.core.errors import InvalidInput

LARGEST_ID = 2**63 - 1
MAX_CURSOR = 2_000
"""Characters."""
T = TypeVar("T")


class BrokenCursor(InvalidInput):
    """This cursor was not made by this server: leave it out to begin with the first page."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items, and the cursor that gets the ones after them (None: these were the last)."""

    items: list[T]
    next_cursor: str | None


def cursor_after(last_id: int) -> str:
    """The cursor of the page that follows the item with this number, in a list by number."""
    return _written(str(last_id))


def id_before(cursor: str) -> int:
    """The number that a cursor holds."""
    return _number(_read(cursor))


def cursor_at(order: str, value: str, last_id: int) -> str:
    """The cursor of the page that follows the item with this value and number, in a list of this order."""
    return _written(json.dumps([order, value, str(last_id)], ensure_ascii=False, separators=(",", ":")))


def place_at(order: str, cursor: str) -> tuple[str, int]:
    """The value and the number that a cursor of a list of this order holds."""
    try:
        held = json.loads(_read(cursor))
    except ValueError as error:
        raise BrokenCursor from error
    if not isinstance(held, list) or len(held) != 3 or not all(isinstance(part, str) for part in held):
        raise BrokenCursor
    of_order, value, number = held
    if of_order != order or "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise BrokenCursor  # databases take neither
    return value, _number(number)


def page_of(found: Sequence[T], limit: int, cursor_of: Callable[[T], str]) -> Page[T]:
    """The first `limit` of what was found, one more than which was asked for to know whether there is more."""
    more = cursor_of(found[limit - 1]) if len(found) > limit else None
    return Page(list(found[:limit]), more)


def _written(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str) -> str:
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise BrokenCursor from error


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 19 and 0 < int(text) <= LARGEST_ID):
        raise BrokenCursor
    return int(text)
