"""The ledger of calls: a row before each call, completed after it, so that a crash leaves a trace of what was paid."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, insert, or_, update
from sqlalchemy.orm import Session

from app.core import tallies
from app.core.clock import now
from app.core.config import Settings
from app.labeling import budget
from app.labeling.models import LabelingRun, ModelCall
from app.labeling.prices import cost_usd
from app.labeling.protocol import Asked, Labeler, PermanentLabelError, Reply, Tokens, TransientLabelError

PROVIDERS = {"claude": "anthropic"}
"""By whose price list the calls of a labeler are reckoned."""
OUTCOMES = {"end": "answered", "truncated": "truncated", "refused": "refused"}

LOST_AFTER = timedelta(hours=1)
BATCH_LOST_AFTER = timedelta(days=2)
"""A batch is answered within a day, or expires."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A call that is written down and under way."""

    id: int
    run_id: int
    model: str
    provider: str | None
    reserved_usd: float
    started_at: datetime
    batch: bool = False
    labeler: str = ""


def open_(
    session: Session,
    asked: Asked,
    labeler: Labeler,
    *,
    settings: Settings,
    run_id: int,
    workflow_id: int,
    chunk_id: int,
    chunk_key: str,
    batch: bool = False,
) -> Entry:
    """Write down a call that is about to be made, and reserve its cost. Raises budget.BudgetSpent."""
    model = labeler.model or labeler.name
    tokens = replace(asked.estimate, output=asked.room)
    most = cost_usd(model, tokens, provider=PROVIDERS.get(labeler.name), batch=batch) or 0.0
    moment = now()
    budget.reserve(session, most, moment=moment, settings=settings)
    values: dict[str, Any] = {
        "run_id": run_id,
        "workflow_id": workflow_id,
        "chunk_id": chunk_id,
        "chunk_key": chunk_key,
        "sent_hash": asked.sent_hash,
        "step_ids": list(asked.step_ids),
        "labeler": labeler.name,
        "model": model,
        "prompt_version": labeler.prompt_version,
        "batch": batch,
        "reserved_usd": most,
        "started_at": moment,
    }
    call_id = session.execute(insert(ModelCall).values(values).returning(ModelCall.id)).scalar_one()
    return Entry(call_id, run_id, model, PROVIDERS.get(labeler.name), most, moment, batch, labeler.name)


def close(session: Session, entry: Entry, reply: Reply) -> None:
    """Complete the row of a call that was answered and add it to its run's counters; doing it twice counts once."""
    cost = reply.cost_usd
    if cost is None:
        cost = cost_usd(entry.model, reply.tokens, provider=entry.provider, batch=entry.batch)
    tokens = reply.tokens
    if not _complete(session, entry, OUTCOMES[reply.stop], tokens=tokens, request_id=reply.request_id, cost=cost):
        return
    run = LabelingRun
    counters = {
        "calls": run.calls + 1,
        "input_tokens": run.input_tokens + tokens.input,
        "output_tokens": run.output_tokens + tokens.output,
        "cost_usd": run.cost_usd + (cost or 0.0),
    }
    # The run before the budget, as whoever writes a call down locks them: so nobody waits in a circle.
    session.execute(update(run).where(run.id == entry.run_id).values(**counters))
    _settle(session, entry, cost)
    _tally(session, entry, OUTCOMES[reply.stop], tokens, cost)


def fail(session: Session, entry: Entry, error: TransientLabelError | PermanentLabelError) -> None:
    """Complete the row of a call that brought nothing. One that was sent and not answered may have been paid for."""
    cost = None if error.outcome == "unreachable" else 0.0
    if _complete(session, entry, error.outcome, tokens=Tokens(), request_id=error.request_id, cost=cost):
        _settle(session, entry, cost)
        _tally(session, entry, error.outcome)


def entry_of(row: ModelCall) -> Entry:
    """An open row that was written down earlier, by a worker that may be gone."""
    provider = PROVIDERS.get(row.labeler)
    return Entry(row.id, row.run_id or 0, row.model, provider, row.reserved_usd, row.started_at, row.batch, row.labeler)


def never_made(session: Session, entry: Entry, outcome: str) -> None:
    """The call was not made after all, and cost nothing: `expired`, `cancelled`, `rejected`."""
    if _complete(session, entry, outcome, tokens=Tokens(), request_id=None, cost=0.0):
        _settle(session, entry, 0.0)
        _tally(session, entry, outcome)


def mark(session: Session, call_ids: list[int], outcome: str) -> None:
    """Say what became of answered calls when they were read: `malformed`. A tally never falls: it counts both."""
    changed = update(ModelCall).where(ModelCall.id.in_(call_ids)).values(outcome=outcome)
    _tally_all(session, session.execute(changed.returning(ModelCall.labeler, ModelCall.model)), outcome)


def give_up_on_lost(session: Session) -> int:
    """Mark the calls as `lost` that nobody will complete any more, and count them.

    What was reserved for them stays spent: they may have been paid for. Should one be completed after all, it counts.
    """
    call, moment = ModelCall, now()
    old = or_(
        and_(call.batch.is_(False), call.started_at < moment - LOST_AFTER),
        and_(call.batch.is_(True), call.started_at < moment - BATCH_LOST_AFTER),
    )
    # The first condition is the one that the index of open calls is made for.
    found = update(call).where(call.outcome == "open", call.started_at < moment - LOST_AFTER, old)
    lost = session.execute(found.values(outcome="lost").returning(call.labeler, call.model)).all()
    _tally_all(session, lost, "lost")
    return len(lost)


def _complete(
    session: Session, entry: Entry, outcome: str, *, tokens: Tokens, request_id: str | None, cost: float | None
) -> bool:
    """False: it was complete already."""
    values = {
        "outcome": outcome,
        "request_id": request_id,
        "input_tokens": tokens.input,
        "output_tokens": tokens.output,
        "cache_read_tokens": tokens.cache_read,
        "cache_write_tokens": tokens.cache_write,
        "cost_usd": cost,
        "finished_at": now(),
    }
    open_row = (ModelCall.id == entry.id, ModelCall.finished_at.is_(None))
    return bool(session.connection().execute(update(ModelCall).where(*open_row).values(**values)).rowcount)


def _settle(session: Session, entry: Entry, cost: float | None) -> None:
    """What a call cost replaces what was reserved for it; while that is not known, the reservation stays."""
    if cost is not None:
        budget.settle(session, reserved_usd=entry.reserved_usd, cost_usd=cost, moment=entry.started_at)


def _tally(session: Session, entry: Entry, outcome: str, tokens: Tokens = Tokens(), cost: float | None = None) -> None:  # noqa: B008 - frozen
    """After the budget, as everybody locks them."""
    model = (entry.labeler, entry.model)
    of_kind = {
        "input": tokens.input,
        "output": tokens.output,
        "cache_read": tokens.cache_read,
        "cache_write": tokens.cache_write,
    }
    amounts: dict[tallies.Key, float] = {("model_tokens", *model, kind): amount for kind, amount in of_kind.items()}
    tallies.add(session, amounts | {("model_calls", *model, outcome): 1, ("model_cost_usd", *model): cost or 0.0})


def _tally_all(session: Session, calls: Iterable[Any], outcome: str) -> None:
    counted = Counter((call.labeler, call.model) for call in calls)
    tallies.add(session, {("model_calls", *model, outcome): count for model, count in counted.items()})
