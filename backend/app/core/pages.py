"""Long lists in pages, newest first: a cursor is the last number that was given, in a form that promises nothing."""

import base64
import binascii
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.core.errors import InvalidInput

LARGEST_ID = 2**63 - 1
T = TypeVar("T")


class BrokenCursor(InvalidInput):
    """This cursor was not made by this server: leave it out to begin with the first page."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items, and the cursor that gets the ones after them (None: these were the last)."""

    items: list[T]
    next_cursor: str | None


def cursor_after(last_id: int) -> str:
    """The cursor of the page that follows the item with this number."""
    return base64.urlsafe_b64encode(str(last_id).encode()).decode().rstrip("=")


def id_before(cursor: str) -> int:
    """The number that a cursor holds."""
    try:
        number = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise BrokenCursor from error
    if not (number.isdecimal() and len(number) <= 19 and 0 < int(number) <= LARGEST_ID):
        raise BrokenCursor
    return int(number)
