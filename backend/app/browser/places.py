"""Where the frames of a page are, and what in them must not be seen, at any moment of the recording.

A frame is known by the token of the document in it; which is in which, the documents around them say.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.browser.messages import ChildFrame, Facts
from app.workflows.content import Box, Page

KEPT = 400
"""Facts of one document; new ones come only when something moved."""
DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where a frame's upper left corner is in the page, the way to it by the selectors of the frames around it and by
    their numbers, and the document of the page itself."""

    x: float
    y: float
    way: tuple[str, ...]
    indexes: tuple[int, ...]
    root: str


@dataclass
class History:
    """What one document said of itself, oldest first; moments in milliseconds."""

    times: list[float] = field(default_factory=list)
    facts: list[Facts] = field(default_factory=list)
    children: set[str] = field(default_factory=set)
    """Every frame that was ever in it."""

    def add(self, at: float, facts: Facts) -> None:
        place = bisect_right(self.times, at)
        self.times.insert(place, at)
        self.facts.insert(place, facts)
        self.children.update(child.token for child in facts.frames)
        if len(self.times) > KEPT:
            del self.times[0], self.facts[0]

    def around(self, at: float) -> Iterable[Facts]:
        """Nearest first: what held at that moment, then what came after it, then what was before."""
        place = bisect_right(self.times, at)
        return [*self.facts[max(0, place - 1) : place], *self.facts[place:], *reversed(self.facts[: max(0, place - 1)])]

    def between(self, since: float, until: float) -> list[Facts]:
        """All that held at some time between the two."""
        first = max(0, bisect_right(self.times, since) - 1)
        return self.facts[first : bisect_right(self.times, until)]


class Places:
    """Of one page."""

    def __init__(self) -> None:
        self._histories: dict[str, History] = {}

    def add(self, at: float, facts: Facts) -> None:
        """A document has said how it is."""
        self._histories.setdefault(facts.token, History()).add(at, facts)

    def page(self, token: str, at: float) -> Page | None:
        """What the document said of its page then."""
        history = self._histories.get(token)
        return next((facts.page for facts in history.around(at)), None) if history else None

    def latest(self) -> tuple[float, Facts] | None:
        """What the newest document of the page itself has said last, and when."""
        tops = [history for history in self._histories.values() if history.facts[-1].top]
        newest = max(tops, key=lambda history: history.facts[-1].born, default=None)
        return (newest.times[-1], newest.facts[-1]) if newest else None

    def place(self, token: str, at: float) -> Place | None:
        """Where the frame with this document was; None: nobody has said."""
        x, y = 0.0, 0.0
        way: list[ChildFrame] = []
        for _ in range(DEEPEST):
            history = self._histories.get(token)
            if history is None:
                return None
            if history.facts[-1].top:
                way.reverse()
                return Place(x, y, tuple(each.selector for each in way), tuple(each.index for each in way), token)
            found = self._around(token, at)
            if found is None:
                return None
            token, child = found
            x, y = x + child.x, y + child.y
            way.append(child)
        return None

    def masks(self, root: str, since: float, until: float) -> list[Box] | None:
        """What had to be hidden at some time between the two, in pixels of the page whose document `root` is.

        None: something has to be hidden, and where it is nobody has said.
        """
        listed = set().union(*(history.children for history in self._histories.values()))
        for token, history in self._histories.items():
            if token not in listed and not history.facts[-1].top and _hides(history.between(since, until)):
                return None
        return list(self._within(root, (0, 0), (since, until), DEEPEST))

    def _within(self, token: str, at: tuple[float, float], when: tuple[float, float], depth: int) -> Iterable[Box]:
        history = self._histories.get(token)
        if history is None or depth == 0:
            return
        x, y = at
        for facts in history.between(*when):
            for mask in facts.masks:
                yield mask.model_copy(update={"x": mask.x + x, "y": mask.y + y})
            for child in facts.frames:
                yield from self._within(child.token, (x + child.x, y + child.y), when, depth - 1)

    def _around(self, token: str, at: float) -> tuple[str, ChildFrame] | None:
        for outer, history in self._histories.items():
            if token in history.children:
                for facts in history.around(at):
                    for child in facts.frames:
                        if child.token == token:
                            return outer, child
        return None


def _hides(facts: Iterable[Facts]) -> bool:
    return any(each.masks for each in facts)
