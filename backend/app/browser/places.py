"""Where frames are in the page, and what in them must not be seen, at any moment of the recording."""

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from app.browser.messages import ChildFrame, Facts
from app.workflows.content import Box, Page

KEPT = 400
"""Facts of one frame; new ones come only when something moved."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a frame's upper left corner is in the page, and the way to it by the selectors of the frames around it."""

    x: float
    y: float
    way: tuple[str, ...]


@dataclass
class History:
    """What one frame said of itself, oldest first; moments in milliseconds."""

    times: list[float] = field(default_factory=list)
    facts: list[Facts] = field(default_factory=list)

    def add(self, at: float, facts: Facts) -> None:
        place = bisect_right(self.times, at)
        self.times.insert(place, at)
        self.facts.insert(place, facts)
        if len(self.times) > KEPT:
            del self.times[0], self.facts[0]

    def around(self, at: float) -> Iterable[Facts]:
        """Nearest first: what held at that moment, then what came after it, then what was before."""
        place = bisect_right(self.times, at)
        return [*self.facts[place - 1 : place], *self.facts[place:], *reversed(self.facts[: max(0, place - 1)])]

    def between(self, since: float, until: float) -> list[Facts]:
        """All that held at some time between the two."""
        first = max(0, bisect_right(self.times, since) - 1)
        return self.facts[first : bisect_right(self.times, until)]


class Places:
    """The frames of one context by whatever names them; `parents` says which is in which."""

    def __init__(self) -> None:
        self._histories: dict[Hashable, History] = {}

    def add(self, frame: Hashable, at: float, facts: Facts) -> None:
        self._histories.setdefault(frame, History()).add(at, facts)

    def token(self, frame: Hashable, at: float) -> str | None:
        """Of the document that was in the frame then."""
        return next((facts.token for facts in self._around(frame, at)), None)

    def page(self, frame: Hashable, at: float) -> Page | None:
        """What the frame said of its page then."""
        return next((facts.page for facts in self._around(frame, at)), None)

    def latest(self, frame: Hashable) -> tuple[float, Facts] | None:
        """What it said last, and when."""
        history = self._histories.get(frame)
        return (history.times[-1], history.facts[-1]) if history else None

    def place(self, lineage: Sequence[Hashable], at: float) -> Place | None:
        """Where the first of `lineage` was: a frame, the one around it, …, the page's own. None: nobody said."""
        x, y, way = 0.0, 0.0, []
        for child, parent in pairwise(lineage):
            found = self._in_parent(self.token(child, at), parent, at)
            if found is None:
                return None
            x, y = x + found.x, y + found.y
            way.append(found.selector)
        return Place(x, y, tuple(reversed(way)))

    def masks(self, frame: Hashable, since: float, until: float) -> list[Box]:
        """What had to be hidden in the frame at some time between the two, in its own pixels."""
        history = self._histories.get(frame)
        found = history.between(since, until) if history else []
        return [mask for facts in found if facts.token == found[-1].token for mask in facts.masks]

    def _in_parent(self, token: str | None, parent: Hashable, at: float) -> ChildFrame | None:
        return next(
            (child for facts in self._around(parent, at) for child in facts.frames if child.token == token), None
        )

    def _around(self, frame: Hashable, at: float) -> Iterable[Facts]:
        history = self._histories.get(frame)
        return history.around(at) if history else ()
