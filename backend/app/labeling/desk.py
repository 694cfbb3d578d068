"""Where the calls of a chunk are made: each waits for its turn, is written down, made, booked.

wait for a turn ── too long ──────────────▶ the run rests
      │
write it down, reserve its cost ── over budget, lease lost ──▶ the turn is given back
      │
call ── the provider asks for a pause ──▶ all workers pause, then it waits for a turn again
      │ ── it failed again and again ───▶ all workers pause, then one finds out whether it is back
      │
book it, give the turn back
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

import structlog

from app.core import preferences, tracing
from app.core.clock import db_now
from app.core.db import transaction
from app.labeling import chunks, leases, ledger, measures
from app.labeling.job import Job, MustRest
from app.labeling.leases import LeaseLost
from app.labeling.ledger import Entry
from app.labeling.limiter import Estimate, Limiter, LimiterUnavailable, Turn
from app.labeling.patience import patiently
from app.labeling.protocol import Asked, PermanentLabelError, Reply, TransientLabelError

log = structlog.get_logger(__name__)

LONGEST_WAIT_SECONDS = 30.0
"""For a turn; a longer one is not worth a worker's place."""
LOOK_UP_SECONDS = 0.5
"""How long a wait goes on before it is looked whether there is something more urgent, or a reason to stop."""
LIMITER_AWAY_SECONDS = 15.0
LONGEST_PAUSE_SECONDS = 60.0
"""After an overload, if the provider does not say how long."""
SPEND_LIMIT_SECONDS = 1_800.0
PAUSES = frozenset({"rate_limited", "overloaded"})
FAILURES = frozenset({"overloaded", "provider_error", "unreachable"})
"""The provider did not do its part; whatever else it answers, it is there."""
MOST_PAUSES = 10
AWAY = "Redis is away: without it nobody knows how many calls are under way, so none is made."
USED_UP = "Waiting for its turn: the model's limits are used up."
FAILING = "The model failed again and again. It goes on by itself: one call at a time finds out whether it is back."

NOTHING = Estimate(0, 0)


@dataclass(slots=True)
class ChunkDesk:
    """See `protocol.Desk`."""

    job: Job
    chunk_id: int
    chunk_key: str
    answered: list[int] = field(default_factory=list)
    """Numbers of the ledger's rows, in the order of the calls."""

    def call(self, asked: Asked, send: Callable[[], Reply]) -> Reply:
        for pauses in range(1, MOST_PAUSES + 1):
            try:
                return self._once(asked, send, pauses)
            except TransientLabelError as error:
                if self.job.limiter is None or error.outcome not in PAUSES or pauses == MOST_PAUSES:
                    raise
                log.info("model_asks_for_a_pause", run_id=self.job.lease.run_id, outcome=error.outcome)
        raise AssertionError("unreachable")

    def unreadable(self) -> None:
        with transaction(durable=False) as session:
            ledger.mark(session, self.answered[-1:], "malformed")

    def _once(self, asked: Asked, send: Callable[[], Reply], pauses: int) -> Reply:
        """`pauses`: how often the model has asked for one, should it ask for one now."""
        estimate = Estimate(asked.estimate.input, asked.estimate.output)
        turn = self._take_turn(estimate)
        used: Estimate | None = NOTHING
        rates = worked = None
        try:
            entry = self._write_down(asked)
            try:
                reply = self._timed(send)
            except (TransientLabelError, PermanentLabelError) as error:
                self._hold_all_off(error, pauses)
                worked = error.outcome not in FAILURES
                rates = error.rates if isinstance(error, TransientLabelError) else None
                used = None if error.outcome == "unreachable" else NOTHING
                self._fail(entry, error)
                raise
            tokens = reply.tokens
            used, rates = Estimate(tokens.input - tokens.cache_read, tokens.output), reply.rates
            worked = True
        finally:
            if self.job.limiter is not None:
                self.job.limiter.settle(turn, estimate, used, rates, worked=worked)
        self._book(entry, reply)
        return reply

    @property
    def _model(self) -> str:
        return self.job.labeler.model or self.job.labeler.name

    def _timed(self, send: Callable[[], Reply]) -> Reply:
        began, outcome = time.perf_counter(), "crashed"
        facts: tracing.Attributes = {"run_id": self.job.lease.run_id, "gen_ai.request.model": self._model}
        try:
            with tracing.span("call_model", "client", attributes=facts):
                reply = send()
            outcome = ledger.OUTCOMES[reply.stop]
        except (TransientLabelError, PermanentLabelError) as error:
            outcome = error.outcome
            raise
        finally:
            took = time.perf_counter() - began
            measures.CALL_SECONDS.labels(self.job.labeler.name, self._model, outcome).observe(took)
        return reply

    def _hold_all_off(self, error: TransientLabelError | PermanentLabelError, pauses: int) -> None:
        """At once, before anything is written down: the next call of another worker may be about to begin."""
        if self.job.limiter is not None and isinstance(error, TransientLabelError) and error.outcome in PAUSES:
            self.job.limiter.pause(_pause_seconds(error, pauses))

    def _take_turn(self, estimate: Estimate) -> str:
        """Wait until the call may be made; its number at the limiter."""
        turn, job = uuid4().hex, self.job
        if job.limiter is None:
            return turn
        left, began, outcome = LONGEST_WAIT_SECONDS, time.perf_counter(), "given_up"
        try:
            while not (answer := self._ask_for_turn(job.limiter, turn, estimate)).granted:
                wait = max(answer.wait_seconds, 0.001)
                if wait > left:
                    raise MustRest(wait, FAILING if answer.failing else USED_UP)
                left -= wait
                self._wait(wait)
            outcome = "granted"
        except BaseException:
            job.limiter.settle(turn, estimate, NOTHING)  # the turn is free for another
            raise
        finally:
            waited = time.perf_counter() - began
            measures.LIMITER_WAIT_SECONDS.labels(job.labeler.name, self._model, outcome).observe(waited)
        return turn

    def _ask_for_turn(self, limiter: Limiter, turn: str, estimate: Estimate) -> Turn:
        try:
            answer = limiter.take(turn, estimate, urgent=self.job.lease.mode == "interactive")
        except LimiterUnavailable as error:
            raise MustRest(LIMITER_AWAY_SECONDS, AWAY) from error
        if answer.blocked:
            raise PermanentLabelError(answer.blocked, outcome="spend_limit", parked_for="spend_limit")
        return answer

    def _wait(self, seconds: float) -> None:
        job = self.job
        while seconds > 0:
            job.serve_urgent()
            if job.stop.wait(min(seconds, LOOK_UP_SECONDS)):
                raise MustRest(0, "Another part of this run has to stop.")
            if job.keeper.lost.is_set():
                raise LeaseLost
            seconds -= LOOK_UP_SECONDS

    def _write_down(self, asked: Asked) -> Entry:
        """In the transaction that also counts the attempt and renews the lease."""
        job = self.job
        with transaction() as session:
            leases.fence(session, job.lease, due_at=db_now(job.settings.lease_seconds))
            chunks.count_attempt(session, self.chunk_id, key=self.chunk_key)
            return ledger.open_(
                session,
                asked,
                job.labeler,
                settings=preferences.settings(session),  # a budget that was lowered meanwhile holds at once
                run_id=job.lease.run_id,
                workflow_id=job.lease.workflow_id,
                chunk_id=self.chunk_id,
                chunk_key=self.chunk_key,
            )

    def _book(self, entry: Entry, reply: Reply) -> None:
        def book() -> None:
            # Not waited for: the labels that follow are committed durably and take this along.
            with transaction(durable=False) as session:
                ledger.close(session, entry, reply)

        patiently(book)
        self.answered.append(entry.id)

    def _fail(self, entry: Entry, error: TransientLabelError | PermanentLabelError) -> None:
        def book() -> None:
            with transaction(durable=False) as session:
                ledger.fail(session, entry, error)
                if error.outcome in PAUSES:
                    chunks.uncount_attempt(session, self.chunk_id)

        patiently(book)
        if error.outcome == "spend_limit" and self.job.limiter is not None:
            self.job.limiter.block(str(error), SPEND_LIMIT_SECONDS)


def _pause_seconds(error: TransientLabelError, pauses: int) -> float:
    if error.delay_seconds is not None:
        return error.delay_seconds
    return min(LONGEST_PAUSE_SECONDS, 2.0**pauses) * random.uniform(0.5, 1)  # noqa: S311 - spreads load
