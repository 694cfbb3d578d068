"""Rate limits as token buckets that refill continuously, and the headers that tell of them."""

import math
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.clock import rfc3339

NAMES = {"requests": "requests", "input_tokens": "input-tokens", "output_tokens": "output-tokens"}


@dataclass(frozen=True, slots=True)
class Rates:
    """A minute's worth of each, for each model by itself; `burst_…`: what a bucket holds (None: a minute's worth)."""

    requests: float = 1_000
    input_tokens: float = 2_000_000
    output_tokens: float = 400_000
    burst_requests: float | None = None
    burst_input_tokens: float | None = None
    burst_output_tokens: float | None = None


@dataclass(slots=True)
class Bucket:
    """Starts full; may go below nothing, since what an answer takes is not known before."""

    per_minute: float
    capacity: float
    since: float
    stored: float = field(init=False)

    def __post_init__(self) -> None:
        self.stored = self.capacity

    def level(self, now: float) -> float:
        return min(self.capacity, self.stored + (now - self.since) * self.per_minute / 60)

    def take(self, amount: float, now: float) -> None:
        self.stored, self.since = self.level(now) - amount, now

    def seconds_until(self, amount: float, now: float) -> float:
        """How long until it holds so much."""
        return max(0.0, (amount - self.level(now)) * 60 / self.per_minute)


class Limits:
    """The three buckets of a model."""

    def __init__(self, rates: Rates, now: float) -> None:
        self._rates = rates
        self.buckets = {name: self._bucket(name, now) for name in NAMES}

    def _bucket(self, name: str, now: float) -> Bucket:
        per_minute, burst = getattr(self._rates, name), getattr(self._rates, f"burst_{name}")
        return Bucket(per_minute, per_minute if burst is None else burst, now)

    def admit(self, input_tokens: int, output_tokens: int, now: float) -> tuple[str, float] | None:
        """None, and everything is taken; or which limit says no and for how many seconds, and nothing is taken.

        Output counts as it is produced: a request comes in while there is any room, and its answer is taken whole.
        """
        needs = {"requests": 1.0, "input_tokens": float(input_tokens), "output_tokens": 1.0}
        waits = {name: self.buckets[name].seconds_until(need, now) for name, need in needs.items()}
        longest = max(waits, key=lambda name: waits[name])
        if waits[longest] > 1e-6:
            return longest, waits[longest]
        for name, amount in (*needs.items(), ("output_tokens", output_tokens - 1.0)):
            self.buckets[name].take(amount, now)
        return None

    def headers(self, now: float) -> dict[str, str]:
        """Requests exactly, tokens to the nearest thousand; `reset` is when the bucket is full again."""
        headers = {}
        for name, written in NAMES.items():
            bucket = self.buckets[name]
            left = max(0.0, bucket.level(now))
            full = now + bucket.seconds_until(bucket.capacity, now)
            prefix = f"anthropic-ratelimit-{written}"
            headers[f"{prefix}-limit"] = str(round(bucket.per_minute))
            headers[f"{prefix}-remaining"] = str(math.floor(left) if name == "requests" else round(left / 1000) * 1000)
            headers[f"{prefix}-reset"] = rfc3339(math.ceil(full))
        return headers

    def levels(self, now: float) -> dict[str, Any]:
        """Exactly, for tests."""
        return {name: bucket.level(now) for name, bucket in self.buckets.items()}
