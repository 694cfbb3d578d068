"""A provider with a bucket of requests, and callers that share a limiter, on a clock that only the test moves."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Literal

from app.labeling.limiter import Estimate, Limiter
from app.labeling.rates import Limits, Rates

CALL = Estimate(2000, 200)
REFUSAL_SECONDS = 0.05


Tells = Literal["arrival", "answer", "nothing"]


@dataclass
class Clock:
    """Seconds."""

    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


def granted(limiter: Limiter, name: str, tries: int) -> int:
    """How many of so many small calls may begin."""
    return sum(limiter.take(f"{name}-{number}", Estimate(10, 10)).granted for number in range(tries))


def burst(url: str, name: str) -> int:
    """The same for a process of its own, with a bucket of eight."""
    return granted(Limiter(url, "test", Limits(16, 1e9, 1e9, 1000), clock=Clock()), name, 20)


@dataclass
class Provider:
    """Refuses what exceeds its bucket, which holds `holds` requests and fills at `per_minute`."""

    clock: Clock
    per_minute: float
    holds: float
    tells: Tells = "arrival"
    """When what its answers' headers say was so."""
    refused: int = 0
    served: int = 0
    level: float = field(init=False)
    at: float = field(init=False)

    def __post_init__(self) -> None:
        self.level, self.at = self.holds, self.clock.now

    def call(self) -> tuple[bool, Rates]:
        """Served or refused, and what the headers would say by now."""
        self._fill()
        served = self.level >= 1
        self.level -= served
        self.served += served
        self.refused += not served
        return served, self.rates()

    def rates(self) -> Rates:
        """What headers say that are written now."""
        self._fill()
        return Rates(self.per_minute, float(int(self.level)))

    def _fill(self) -> None:
        self.level = min(self.holds, self.level + (self.clock.now - self.at) * self.per_minute / 60)
        self.at = self.clock.now


@dataclass
class Crowd:
    """Callers, each of which makes one call after the other until `wanted` were served."""

    limiter: Limiter
    provider: Provider
    clock: Clock
    callers: int
    wanted: int
    call_seconds: float = 2.0
    takes: int = 0
    begun: list[float] = field(default_factory=list)
    _ids: Iterator[int] = field(default_factory=count)
    _events: list[tuple[float, int, str, tuple[bool, Rates] | None]] = field(default_factory=list)

    def run(self) -> float:
        """Seconds until all were served."""
        start = self.clock.now
        for _ in range(self.callers):
            self._at(0, self._new_call(), None)
        while self.provider.served < self.wanted:
            self.clock.now, _, call_id, answer = heapq.heappop(self._events)
            if answer:
                self._end(call_id, answer)
            else:
                self._try(call_id)
        return self.clock.now - start

    def _try(self, call_id: str) -> None:
        self.takes += 1
        turn = self.limiter.take(call_id, CALL)
        if not turn.granted:
            self._at(turn.wait_seconds, call_id, None)
            return
        self.begun.append(self.clock.now)
        answer = self.provider.call()
        self._at(self.call_seconds if answer[0] else REFUSAL_SECONDS, call_id, answer)

    def _end(self, call_id: str, answer: tuple[bool, Rates]) -> None:
        served, rates = answer
        if self.provider.tells != "arrival":
            rates = self.provider.rates() if self.provider.tells == "answer" else Rates()
        self.limiter.settle(call_id, CALL, CALL if served else Estimate(0, 0), rates)
        if not served:
            self.limiter.pause(1)
        self._at(0, self._new_call(), None)

    def _new_call(self) -> str:
        return f"call-{next(self._ids)}"

    def _at(self, seconds: float, call_id: str, answer: tuple[bool, Rates] | None) -> None:
        heapq.heappush(self._events, (self.clock.now + seconds, next(self._ids), call_id, answer))
