"""Calls of a model that is evaluated: made at once, without queue, limiter, ledger and budget, and only counted."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from app.core.errors import AppError
from app.labeling.budget import dollars
from app.labeling.ledger import PROVIDERS
from app.labeling.prices import cost_usd
from app.labeling.protocol import Asked, Labeler, PermanentLabelError, Reply, TransientLabelError

MOST_TRIES = 6
LONGEST_PAUSE_SECONDS = 60.0


class EvaluationStopped(AppError):
    """The model could not be evaluated."""

    status_code = 502


@dataclass(slots=True)
class Bill:
    """What the calls took."""

    calls: int = 0
    failed_calls: int = 0
    unreadable: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0
    without_a_price: int = 0
    """Calls of models that the price list does not know; they count as free."""
    left_to_the_rules: int = 0
    """Steps for which the model gave no label that can be used."""

    def words(self) -> str:
        """For a person."""
        cost = f"{dollars(self.cost_usd)}" if not self.without_a_price else f"{dollars(self.cost_usd)} (no price known)"
        return (
            f"{self.calls:,} calls ({self.failed_calls:,} failed, {self.unreadable:,} unreadable), "
            f"{self.input_tokens:,} tokens in, {self.output_tokens:,} out, cost: {cost}."
        )


@dataclass(slots=True)
class DirectDesk:
    """See `protocol.Desk`. One for all chunks, which are labelled in several threads."""

    labeler: Labeler
    bill: Bill = field(default_factory=Bill)
    stop: threading.Event = field(default_factory=threading.Event)
    """Set by the first call that no later one can do better than: none is made after it."""
    why: str | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def call(self, asked: Asked, send: Callable[[], Reply]) -> Reply:
        """Make the call, again after a pause if it may succeed then. Raises EvaluationStopped."""
        for tried in range(1, MOST_TRIES + 1):
            if self.stop.is_set():
                raise EvaluationStopped(self.why)
            try:
                reply = send()
            except PermanentLabelError as error:
                raise self._stopped(error.reason) from error
            except TransientLabelError as error:
                self._count_failed()
                if tried == MOST_TRIES or self._nobody_is_there(error):
                    raise self._stopped(error.reason) from error
                asked_for = 2.0**tried if error.delay_seconds is None else error.delay_seconds
                self.stop.wait(min(LONGEST_PAUSE_SECONDS, asked_for))
            else:
                self._book(reply)
                return reply
        raise AssertionError(f"unreachable, with {len(asked.step_ids)} steps")

    def unreadable(self) -> None:
        with self._lock:
            self.bill.unreadable += 1

    def left_to_the_rules(self, steps: int) -> None:
        """So many more."""
        with self._lock:
            self.bill.left_to_the_rules += steps

    def _nobody_is_there(self, error: TransientLabelError) -> bool:
        """Whether no call was ever answered: then the address is wrong rather than the network busy."""
        return error.outcome == "unreachable" and not self.bill.calls

    def _stopped(self, reason: str) -> EvaluationStopped:
        with self._lock:
            self.why = self.why or f"{reason} Until then: {self.bill.words()}"
        self.stop.set()
        return EvaluationStopped(self.why)

    def _count_failed(self) -> None:
        with self._lock:
            self.bill.failed_calls += 1

    def _book(self, reply: Reply) -> None:
        cost = reply.cost_usd
        if cost is None and self.labeler.model is not None:
            cost = cost_usd(self.labeler.model, reply.tokens, provider=PROVIDERS.get(self.labeler.name))
        with self._lock:
            bill = self.bill
            bill.calls += 1
            bill.input_tokens += reply.tokens.input
            bill.output_tokens += reply.tokens.output
            bill.cost_usd += cost or 0.0
            bill.without_a_price += cost is None
