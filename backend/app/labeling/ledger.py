"""The ledger of calls: a row before each call, completed after it, so that a crash leaves a trace of what was paid."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.config import Settings
from app.labeling import budget
from app.labeling.models import LabelingRun, ModelCall
from app.labeling.prices import cost_usd
from app.labeling.protocol import Asked, Labeler, PermanentLabelError, Reply, Tokens, TransientLabelError

PROVIDERS = {"claude": "anthropic"}
"""By whose price list the calls of a labeler are reckoned."""
OUTCOMES = {"end": "answered", "truncated": "truncated", "refused": "refused"}


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
    return Entry(call_id, run_id, model, PROVIDERS.get(labeler.name), most, moment, batch)


def close(session: Session, entry: Entry, reply: Reply) -> None:
    """Complete the row of a call that was answered; adds it to its run's counters."""
    cost = reply.cost_usd
    if cost is None:
        cost = cost_usd(entry.model, reply.tokens, provider=entry.provider, batch=entry.batch)
    tokens = reply.tokens
    _complete(session, entry, OUTCOMES[reply.stop], tokens=tokens, request_id=reply.request_id, cost=cost)
    run = LabelingRun
    counters = {
        "calls": run.calls + 1,
        "input_tokens": run.input_tokens + tokens.input,
        "output_tokens": run.output_tokens + tokens.output,
        "cost_usd": run.cost_usd + (cost or 0.0),
    }
    session.execute(update(run).where(run.id == entry.run_id).values(**counters))


def fail(session: Session, entry: Entry, error: TransientLabelError | PermanentLabelError) -> None:
    """Complete the row of a call that brought nothing. One that was sent and not answered may have been paid for."""
    cost = None if error.outcome == "unreachable" else 0.0
    _complete(session, entry, error.outcome, tokens=Tokens(), request_id=error.request_id, cost=cost)


def entry_of(row: ModelCall) -> Entry:
    """An open row that was written down earlier, by a worker that may be gone."""
    provider = PROVIDERS.get(row.labeler)
    return Entry(row.id, row.run_id or 0, row.model, provider, row.reserved_usd, row.started_at, row.batch)


def never_made(session: Session, entry: Entry, outcome: str) -> None:
    """The call was not made after all, and cost nothing: `expired`, `cancelled`, `rejected`."""
    _complete(session, entry, outcome, tokens=Tokens(), request_id=None, cost=0.0)


def mark(session: Session, call_ids: list[int], outcome: str) -> None:
    """Say what became of answered calls when they were read: `malformed`."""
    session.execute(update(ModelCall).where(ModelCall.id.in_(call_ids)).values(outcome=outcome))


def _complete(
    session: Session, entry: Entry, outcome: str, *, tokens: Tokens, request_id: str | None, cost: float | None
) -> None:
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
    done = session.execute(update(ModelCall).where(*open_row).values(**values))
    if done.rowcount and cost is not None:  # type: ignore[attr-defined]
        budget.settle(session, reserved_usd=entry.reserved_usd, cost_usd=cost, moment=entry.started_at)
