"""How fast all workers together may call: three buckets a minute and a number of calls in flight, kept in Redis.

- A call is granted when requests, input and output tokens all suffice and a place is free, or nothing is taken. A
  bucket holds half a minute's worth; an estimate that is larger waits until it is full, and leaves it in debt.
- A call that has to wait is told when its turn is, and those after it a later time: nobody wakes in vain, nobody is
  overtaken. Whoever does not come for the turn loses it a few seconds later, and those behind move up. A turn more than
  30 s away is told but not kept.
- Ordinary calls leave a reserve and a place for urgent ones, and stand back while an urgent one waits.
- What a provider says in its headers counts for ten minutes, if it is less than the settings. Where it says nothing,
  a pause slows everybody down by a tenth for as long.
- After five calls in a row at which the provider failed, whoever made them, nobody begins one for five seconds; then
  one is made alone. It ends the break, or doubles it, up to a minute.
- The clock is the server's. What a worker held that died comes free by itself.
"""

import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import redis
import structlog
from redis.backoff import ExponentialBackoff, NoBackoff
from redis.commands.core import Script
from redis.retry import Retry

from app.labeling.rates import Limits, Rates

log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 1.0
"""With one answer of Redis, or one try to connect."""
_SCRIPT = Path(__file__).with_name("limiter.lua").read_text(encoding="utf-8")
_UNSAID = Rates()


@dataclass(frozen=True, slots=True)
class Estimate:
    """Tokens that a call will take, or took."""

    input_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True)
class Turn:
    """May the call begin? If not, ask again after `wait_seconds`, with the same id, to keep the turn."""

    granted: bool
    wait_seconds: float = 0
    blocked: str | None = None
    """Why nobody may call at all until unblocked."""
    failing: bool = False
    """The provider failed again and again: nobody calls until one call has found out that it is back."""


class LimiterUnavailable(Exception):
    """Redis cannot be reached, so nobody knows whether a call may be made: it is not made."""


_AGAIN = Retry(ExponentialBackoff(base=0.25, cap=1), 3, supported_errors=(LimiterUnavailable,))
"""Over 2.5 s: a Redis that is started again costs no run its turn."""


class Limiter:
    """The limits of one scope, e.g. `claude:claude-haiku-5-5`; all with the same scope share them."""

    def __init__(self, redis_url: str, scope: str, limits: Limits, *, clock: Callable[[], float] | None = None) -> None:
        """`clock`: seconds, instead of the server's time."""
        self._url = redis_url
        self._keys = [f"limiter:{{{scope}}}:{part}" for part in ("state", "turns", "flight", "calls")]
        self._limits = limits
        self._clock = clock

    def take(self, call_id: str, estimate: Estimate, *, urgent: bool = False) -> Turn:
        """May the call begin now? `call_id` is new for every call, and kept with its estimate while asking again.

        Raises LimiterUnavailable; asked again, a grant whose answer was lost is given again.
        """
        asked = (call_id, estimate.input_tokens, estimate.output_tokens, int(urgent))
        answer = _AGAIN.call_with_retry(lambda: self._run("take", *asked), lambda _: None)
        granted, wait, blocked, failing = (*answer, "", 0)[:4]
        return Turn(bool(granted), float(wait), str(blocked) or None, bool(failing))

    def settle(
        self,
        call_id: str,
        estimate: Estimate,
        used: Estimate | None,
        rates: Rates | None = None,
        *,
        worked: bool | None = None,
    ) -> None:
        """The call is over, or its turn is not wanted any more: free its place, correct the estimate, learn.

        `used` None: unknown. `worked`: whether the provider did its part; None: it was not asked. Doing it twice is
        harmless. Never raises: the call is paid, its place comes free anyway.
        """
        used = used or estimate
        said = rates or _UNSAID
        self._tell(
            "settle",
            call_id,
            used.input_tokens - estimate.input_tokens,
            used.output_tokens - estimate.output_tokens,
            *_or_nothing(said.requests_limit, said.input_tokens_limit, said.output_tokens_limit),
            *_or_nothing(said.requests_remaining, said.input_tokens_remaining, said.output_tokens_remaining),
            "" if worked is None else int(worked),
        )

    def pause(self, seconds: float) -> None:
        """Nobody begins a call for so long, an hour at the most; a longer pause stays. Never raises."""
        self._tell("pause", seconds)

    def block(self, reason: str, seconds: float) -> None:
        """Nobody begins a call, and is told the reason. Never raises: the provider would refuse again."""
        self._tell("block", reason, seconds)

    def unblock(self) -> None:
        """Calls may begin again. Raises LimiterUnavailable."""
        self._run("unblock")

    def scarce(self) -> bool:
        """Whether in the last minute calls had to wait for requests; False if nobody knows."""
        try:
            return bool(self._run("scarce")[0])
        except LimiterUnavailable:
            return False

    def _tell(self, operation: str, *arguments: float | str) -> None:
        try:
            self._run(operation, *arguments)
        except LimiterUnavailable as error:
            log.warning("limiter_not_told", operation=operation, error=str(error))

    def _run(self, operation: str, *arguments: float | str) -> list[int | str]:
        now = self._clock() if self._clock else ""
        try:
            answer: list[int | str] = _script(self._url)(
                keys=self._keys, args=[operation, now, *self._configured, *arguments]
            )
        except (redis.RedisError, OSError) as error:
            raise LimiterUnavailable(f"{type(error).__name__}: {error}") from error
        return answer

    @cached_property
    def _configured(self) -> tuple[float, float, float, int]:
        limits = self._limits
        tokens = (limits.input_tokens_per_minute, limits.output_tokens_per_minute)
        return (limits.requests_per_minute, *tokens, limits.in_flight)


def _or_nothing(*values: float | None) -> list[float | str]:
    return [value if value is not None and math.isfinite(value) else "" for value in values]


@lru_cache(maxsize=4)
def _script(url: str) -> Script:
    """Loads itself again when the server has forgotten it."""
    client = redis.Redis.from_url(
        url,
        decode_responses=True,
        socket_connect_timeout=PATIENCE_SECONDS,
        socket_timeout=PATIENCE_SECONDS,
        # A connection that died while it rested says nothing of the server.
        retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
    )
    return client.register_script(_SCRIPT)


os.register_at_fork(after_in_child=_script.cache_clear)
