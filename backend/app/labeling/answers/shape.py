"""What an answer is held against, and what is left of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.labeling.protocol import StepLabel


def step_key(number: int) -> str:
    """The key of a chunk's step, counted from 1: `s01`."""
    return f"s{number:02d}"


class OutgoingLike(Protocol):
    """What was sent of a chunk."""

    @property
    def document(self) -> Mapping[str, Any]:
        """As the model saw it. `steps` is a list of objects with `key` and whatever was told of the step; what is
        known of the whole workflow stands beside it."""

    def restore(self, key: str, text: str, *, quoted: bool = True) -> str:
        """The text with typed values in the places that stood for them; in quotes, unless it is a short name."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Every key of the chunk is either in `labels` or in `unusable`."""

    labels: dict[str, StepLabel] = field(default_factory=dict)
    unusable: dict[str, str] = field(default_factory=dict)
    """Why there is no label, in words for a person."""
    name: str | None = None
    description: str | None = None
    headings: dict[str, str] = field(default_factory=dict)
    malformed: bool = False
    """Nothing in it could be read: worth asking once more."""
