"""Texts of other programs are made fit for our schema, and each loss is noted."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from app.core.config import Settings
from app.core.validation import printable
from app.labeling.rules.wording import visible
from app.recordings.formats.imported import FileWarning
from app.recordings.schema import RecordingStep
from app.workflows.content import CLEAN
from app.workflows.errors import TooManySteps

_UNWANTED = re.compile(CLEAN.replace("^[^", "[").removesuffix("*$"))


def unknown_fields(names: Iterable[str]) -> str | None:
    """The warning that names them, if there are any."""
    names = sorted(names)
    listed = ", ".join(f'"{printable(name)}"' for name in names[:5])
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return f"Fields that are not known were left out: {listed}{more}." if names else None


class Notes:
    """The warnings of one import, in order, each once. `step` is the step that is being read, counted from 1."""

    def __init__(self, limits: Settings) -> None:
        self.limits = limits
        self.step: int | None = None
        self._warnings: dict[FileWarning, None] = {}

    def add(self, message: str) -> None:
        self._warnings[FileWarning(message, self.step)] = None

    def unknown_fields(self, names: Iterable[str]) -> None:
        if warning := unknown_fields(names):
            self.add(warning)

    def steps(
        self, entries: Sequence[dict[str, Any]], read: Callable[[int, dict[str, Any]], RecordingStep | None]
    ) -> list[RecordingStep]:
        """What can be shown of each entry, read with its place from 0. Raises `TooManySteps` as soon as there are."""
        most = self.limits.max_steps
        found: list[RecordingStep] = []
        for index, entry in enumerate(entries):
            self.step = index + 1
            step = read(index, entry)
            if step is None:
                continue
            if len(found) == most:
                raise TooManySteps(f"The recording has more than {most:,} steps (MAX_STEPS).")
            found.append(step)
        self.step = None
        return found

    @property
    def warnings(self) -> tuple[FileWarning, ...]:
        return tuple(self._warnings)

    def text(self, value: Any, what: str, most: int) -> str | None:
        """`value` as a text of at most `most` characters, or None if nothing of it is left."""
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            self.add(f"The {what} is not text and was left out.")
            return None
        cleaned = _UNWANTED.sub("", value)
        if cleaned != value:
            self.add(f"Control characters or text-direction overrides were removed from the {what}.")
        if len(cleaned) > (most := min(most, self.limits.max_text_characters)):
            self.add(f"The {what} was cut after {most:,} characters.")
            cleaned = cleaned[:most]
        return cleaned or None

    def line(self, value: Any, what: str, most: int) -> str | None:
        """`text` on one line, without spaces around it; None if nobody would see any of it."""
        text = self.text(" ".join(value.split()) if isinstance(value, str) else value, what, most)
        return text if text and visible(text).strip() else None
