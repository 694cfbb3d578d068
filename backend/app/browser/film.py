"""The frames of a page's screencast, and which of them shows the page as it was at a moment.

A frame comes to us some tens of milliseconds after it was drawn, and a message of the page at some other time: only
their clocks say what was before what. Chrome's clock is the page's.
"""

import time
from collections import deque
from dataclasses import dataclass

KEPT = 120
"""Frames; more come in the time that a message takes only where something moves all the time."""
KEPT_MS = 5_000.0
SETTLED_MS = 700.0
"""Real time after which no frame comes that was drawn before a moment."""
MOST_MOMENTS = 500


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of the page; `at` in milliseconds since 1970, as the page's clock has it."""

    at: float
    data: bytes
    width: float
    """Of the viewport that it shows, in CSS pixels."""


@dataclass(slots=True)
class _Moment:
    """`born`: when the document began; what is older shows another."""

    at: float
    born: float
    asked_at: float
    before: Shot | None = None
    after: Shot | None = None
    stale: Shot | None = None

    def look(self, shot: Shot) -> None:
        if shot.at < self.born:
            self.stale = _later(self.stale, shot)
        elif shot.at <= self.at:
            self.before = _later(self.before, shot)
        elif self.after is None or shot.at < self.after.at:
            self.after = shot


class Film:
    """Of one page."""

    def __init__(self) -> None:
        self._shots: deque[Shot] = deque(maxlen=KEPT)
        self._moments: dict[str, _Moment] = {}

    def add(self, shot: Shot) -> None:
        """A frame has come."""
        self._shots.append(shot)
        while len(self._shots) > 1 and self._shots[1].at < shot.at - KEPT_MS:
            self._shots.popleft()
        for moment in self._moments.values():
            moment.look(shot)

    def mark(self, name: str, at: float, *, born: float) -> None:
        """The page as it was at this moment may be wanted, by this name."""
        moment = self._moments[name] = _Moment(at, born, time.monotonic() * 1000)
        for shot in self._shots:
            moment.look(shot)
        while len(self._moments) > MOST_MOMENTS:
            self._moments.pop(next(iter(self._moments)))

    def at(self, name: str) -> float | None:
        """When that moment was."""
        moment = self._moments.get(name)
        return moment.at if moment else None

    def settled(self, name: str) -> bool:
        """Whether no better picture of this moment can come."""
        moment = self._moments.get(name)
        if moment is None or (moment.before and moment.after):
            return True
        return time.monotonic() * 1000 - moment.asked_at > SETTLED_MS

    def picture(self, name: str) -> Shot | None:
        """The last frame at or before the moment; where there is none, the first after it."""
        moment = self._moments.get(name)
        return (moment.before or moment.after or moment.stale) if moment else None


def _later(one: Shot | None, other: Shot) -> Shot:
    return one if one is not None and one.at > other.at else other
