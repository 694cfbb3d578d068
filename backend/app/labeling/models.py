"""Tables: labelling runs, their chunks, the calls made for them, what was spent.

A run: `queued → running → succeeded | partial | failed | cancelled`, or `needs_attention` when it was given up on and
a person has to look. `running` falls back to `queued` when its worker gives it back; another worker takes it over when
its lease ends.
A chunk: `pending → done | failed`; its labels are written in the transaction that closes it.
A model call: a row before it is made (`open`), completed after it; one that stays open was cut off by a crash.
A batch: `submitting → submitted → collected`, or `cancelled` when its run was over before; its calls are in the ledger.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, column_property, mapped_column

from app.core.clock import UtcDateTime, db_now, now
from app.core.db import Base, Json


class RunState(StrEnum):
    """See the module's docstring."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELLED = "cancelled"
    NEEDS_ATTENTION = "needs_attention"


ACTIVE = (RunState.QUEUED, RunState.RUNNING)
OPEN_BATCHES = ("submitting", "submitted")


def _where(condition: ColumnElement[bool]) -> dict[str, Any]:
    """An index over some rows only."""
    return {"sqlite_where": condition, "postgresql_where": condition}


Mode = Literal["interactive", "normal", "bulk", "batch"]
"""`interactive`: a person waits; `normal`: an upload; `bulk`: an import; `batch`: cheaper, within a day."""

ParkedFor = Literal["budget", "spend_limit"]


class LabelingRun(Base):
    """One labelling of one workflow, or of some of its steps. Times of leases are on the database's clock."""

    __tablename__ = "labeling_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    workflow_id: Mapped[int] = mapped_column(ForeignKey("workflows.id", ondelete="CASCADE"))
    state: Mapped[RunState] = mapped_column(String(20), default=RunState.QUEUED)
    reason: Mapped[str | None] = mapped_column(Text)
    """Why it stands where it stands, in words for a person."""
    mode: Mapped[Mode] = mapped_column(String(20), default="normal")
    labeler: Mapped[str | None] = mapped_column(String(40))
    """Name of the labeler that worked on it last."""
    step_ids: Mapped[list[int] | None] = mapped_column(Json)
    """The steps asked for; None: all."""
    requested_by: Mapped[int | None] = mapped_column()
    request_id: Mapped[str | None] = mapped_column(String(64))
    """Of the request that asked for it: the same in the log of whoever works on it, however it gets there."""
    task_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    """The task that made this run, when it was started from a shell: a second delivery finds it again."""
    attempts: Mapped[int] = mapped_column(default=0)
    """Times that a worker took it up, counted before the work."""
    worker_deaths: Mapped[int] = mapped_column(default=0)
    """Times that its lease ended without a word from its worker."""
    total_steps: Mapped[int] = mapped_column(default=0)
    steps_labeled: Mapped[int] = mapped_column(default=0)
    steps_failed: Mapped[int] = mapped_column(default=0)
    calls: Mapped[int] = mapped_column(default=0)
    input_tokens: Mapped[int] = mapped_column(default=0)
    output_tokens: Mapped[int] = mapped_column(default=0)
    cost_usd: Mapped[float] = mapped_column(default=0.0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the reconciler looks at it next: for a queued run when a message is due, for a running one the end of
    its lease; None: nothing is to be done any more."""
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the message that should still be waiting was sent; None: there is none, and the run rests until `due_at`."""
    lease_token: Mapped[str | None] = mapped_column(String(64))
    """Fencing token: every write of the worker that holds the lease carries it."""
    parked_for: Mapped[ParkedFor | None] = mapped_column(String(20))
    """Why a run that needs attention may go on by itself once there is money again; None: it may not."""
    parked_usd: Mapped[float | None] = mapped_column()
    """What the call that did not fit into the budget might cost; kept when the run goes on."""
    cancel_requested_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stalled: Mapped[bool] = column_property(and_(state == RunState.RUNNING, due_at <= db_now()))
    """Whether its worker is gone, as the row was read: it is running, and its lease has ended."""

    __table_args__ = (
        Index(None, "workflow_id", "id"),
        Index("uq_labeling_runs_active", "workflow_id", unique=True, **_where(state.in_(ACTIVE))),
        Index("ix_labeling_runs_due", "due_at", **_where(due_at.is_not(None))),
        Index(None, "state", "id"),
        Index("ix_labeling_runs_waiting", "mode", "id", **_where(state == RunState.QUEUED)),
        Index("ix_labeling_runs_parked_for", "parked_for", **_where(parked_for.is_not(None))),
        {"sqlite_autoincrement": True},
    )


class LabelingChunk(Base):
    """Steps that go to the labeler together. What is done is never sent again."""

    __tablename__ = "labeling_chunks"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("labeling_runs.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column()
    step_ids: Mapped[list[int]] = mapped_column(Json)
    state: Mapped[Literal["pending", "done", "failed"]] = mapped_column(String(10), default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    """Calls begun for it, counted before each; what became of them is in the ledger."""
    key: Mapped[str | None] = mapped_column(String(64))
    """Hash of steps, pictures, prompt version and model of the last call."""
    error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("run_id", "number"),)


class ModelCall(Base):
    """The ledger: one call of a model. Never deleted with its run or workflow: what was paid stays known."""

    __tablename__ = "model_calls"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int | None] = mapped_column(index=True)
    workflow_id: Mapped[int | None] = mapped_column()
    chunk_id: Mapped[int | None] = mapped_column()
    chunk_key: Mapped[str | None] = mapped_column(String(64))
    """Hash of steps, pictures, prompt version and model."""
    sent_hash: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of what was sent: the same as `GET …/steps/{id}/sent` tells, as long as nothing changed."""
    step_ids: Mapped[list[int]] = mapped_column(Json)
    labeler: Mapped[str] = mapped_column(String(40))
    model: Mapped[str] = mapped_column(String(100))
    prompt_version: Mapped[str | None] = mapped_column(String(40))
    batch: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[str] = mapped_column(String(30), default="open")
    """`open`, `answered`, `truncated`, `refused`, `malformed`, `rate_limited`, `overloaded`, `provider_error`,
    `unreachable`, `rejected`, `spend_limit`, `expired`, `cancelled`, `lost`."""
    request_id: Mapped[str | None] = mapped_column(String(100))
    """The provider's number of the call."""
    input_tokens: Mapped[int] = mapped_column(default=0)
    """All of them, those read from and written to the cache too."""
    output_tokens: Mapped[int] = mapped_column(default=0)
    cache_read_tokens: Mapped[int] = mapped_column(default=0)
    cache_write_tokens: Mapped[int] = mapped_column(default=0)
    reserved_usd: Mapped[float] = mapped_column(default=0.0)
    """What the call may cost at most, as reckoned before it; counts as spent until it is known better."""
    cost_usd: Mapped[float | None] = mapped_column()
    """None: not known (yet)."""
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was known what became of it; None for one that is under way or lost."""

    __table_args__ = (
        Index(None, "started_at", "id"),
        Index("ix_model_calls_open", "started_at", **_where(outcome == "open")),
        {"sqlite_autoincrement": True},
    )


class Spend(Base):
    """What was spent, or is reserved, in a day or month (UTC): `2026-11-24`, `2026-11`."""

    __tablename__ = "spend"

    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    usd: Mapped[float] = mapped_column(default=0.0)


class LabelingBatch(Base):
    """A Message Batch of the provider's, made for one run."""

    __tablename__ = "labeling_batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(index=True)
    """Without a foreign key: a batch whose run is gone still has to be cancelled, and paid."""
    nonce: Mapped[str] = mapped_column(String(32), unique=True)
    """Begins every `custom_id` of the batch, so that one whose number got lost is known again."""
    provider_id: Mapped[str | None] = mapped_column(String(100))
    state: Mapped[Literal["submitting", "submitted", "collected", "cancelled"]] = mapped_column(String(12))
    requests: Mapped[int] = mapped_column()
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    __table_args__ = (Index("ix_labeling_batches_open", "id", **_where(state.in_(OPEN_BATCHES))),)
