"""Facts that several programs write alike: moments, sizes, pictures in the text, lists of steps."""

import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import Any

from app.recordings.formats.cleaning import Notes
from app.recordings.formats.imported import InvalidRecording
from app.workflows.content import Box, Viewport
from app.workflows.errors import TooManySteps

_LARGEST_SIDE = 20_000
_FARTHEST = 100_000
_DATA_ADDRESS = re.compile(r"data:image/[a-z0-9.+-]+;base64,", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class WrittenPicture:
    """A screenshot that stands in the file's text, as base64."""

    text: str

    def read(self) -> bytes:
        """Its bytes."""
        return b64decode(self.text)


def picture(value: Any, notes: Notes) -> WrittenPicture | None:
    """The picture in base64 or in a `data:` address; None, with a warning, if it is none or too large."""
    if value is None or value == "":
        return None
    text = _DATA_ADDRESS.sub("", value, count=1) if isinstance(value, str) else ""
    most = notes.limits.max_screenshot_bytes
    if len(text) * 3 // 4 > most:
        notes.add(f"The picture has more than {most:,} bytes (MAX_SCREENSHOT_BYTES) and was left out.")
    elif len(text) % 4 or not _BASE64.fullmatch(text):
        notes.add("The picture is not base64 and was left out.")
    else:
        return WrittenPicture(text)
    return None


def moment(value: Any, notes: Notes) -> datetime | None:
    """When it happened: milliseconds since 1970, or a date and time with its zone (none means UTC)."""
    if value is None:
        return None
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value)
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    notes.add("The moment is no date and time and was left out.")
    return None


def viewport(value: Any, notes: Notes) -> Viewport | None:
    """The window's size `{"width": …, "height": …}`."""
    if value is None:
        return None
    sides = [value.get("width"), value.get("height")] if isinstance(value, dict) else []
    if len(sides) == 2 and all(type(side) is int and 1 <= side <= _LARGEST_SIDE for side in sides):
        return Viewport(width=sides[0], height=sides[1])
    notes.add("The size of the window is not one; it was left out.")
    return None


def box(value: Any, notes: Notes) -> Box | None:
    """Where the element was: `x` or `left`, `y` or `top`, `width`, `height`."""
    if value is None:
        return None
    sides = value if isinstance(value, dict) else {}
    numbers: list[Any] = [sides.get("x", sides.get("left")), sides.get("y", sides.get("top"))]
    numbers += [sides.get("width"), sides.get("height")]
    fit = all(type(number) in (int, float) and isfinite(number) and abs(number) <= _FARTHEST for number in numbers)
    if fit and numbers[2] >= 0 and numbers[3] >= 0:
        return Box(x=numbers[0], y=numbers[1], width=numbers[2], height=numbers[3])
    notes.add("The place of the element is not one; it was left out.")
    return None


def attributes(*sources: Mapping[str, Any], notes: Notes) -> dict[str, str | None]:
    """Attributes of an element from several places, the first that names one wins."""
    found: dict[str, str | None] = {}
    for source in sources:
        for key, value in source.items():
            name = notes.line(key, "attribute's name", 100)
            if name and name not in found and (text := notes.text(value, f"attribute {name!r}", 2_000)):
                found[name] = text
    if len(found) > (most := 60):
        notes.add(f"Of {len(found)} attributes, the first {most} were kept.")
    return dict(list(found.items())[:60])


def step_objects(value: Any, key: str, notes: Notes) -> list[dict[str, Any]]:
    """The steps of the file, each checked to be an object with a text at `key`. Raises before it looks at too many."""
    if not isinstance(value, list):
        raise InvalidRecording("steps: is not a list.")
    if len(value) > (most := notes.limits.max_steps):
        raise TooManySteps(f"The recording has {len(value):,} steps; at most {most:,} are taken (MAX_STEPS).")
    for index, step in enumerate(value):
        if not isinstance(step, dict):
            raise InvalidRecording(f"steps[{index}]: is not an object.")
        if not isinstance(step.get(key), str):
            raise InvalidRecording(f"steps[{index}].{key}: is missing or not text.")
    return value


def listed(numbers: Sequence[int]) -> str:
    """`step 3`, or `steps 3, 5, 8`, of many the first."""
    shown = ", ".join(map(str, numbers[:_SHOWN])) + (", …" if len(numbers) > _SHOWN else "")
    return f"step {shown}" if len(numbers) == 1 else f"steps {shown}"
