"""Runs whose calls are made as one batch of the provider's, at half the price: submit, look now and then, collect.

    submitting ── the provider has it ──▶ submitted ── ended ──▶ collected
         │ its number was lost in a crash     │
         └──── found again, or given up       └── the run is over ──▶ cancelled

While the provider works, the run rests: it holds neither a lease nor a worker. What is collected is booked and labelled
chunk by chunk, as other answers are; what expired goes into the next batch.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Literal, cast
from uuid import uuid4

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.db import transaction
from app.labeling import asking, calls, chunks, leases, ledger, recovery
from app.labeling.answers.shape import step_key
from app.labeling.asking import Model
from app.labeling.batches import Batches, BatchFailure, BatchLook
from app.labeling.chunks import Planned
from app.labeling.desk import SPEND_LIMIT_SECONDS, ChunkDesk
from app.labeling.job import Job, MustRest
from app.labeling.ledger import Entry
from app.labeling.models import LabelingBatch, ModelCall
from app.labeling.prompt.question import Question
from app.labeling.protocol import Asked, Chunk, ChunkResult, PermanentLabelError, Reply, TransientLabelError

log = structlog.get_logger(__name__)

MOST_TRIES = 3
CLOCKS_DIFFER = timedelta(minutes=5)
"""Between us and the provider, when a batch is looked for by its time."""


def work(job: Job, batches: Batches, planned: Sequence[Planned]) -> None:
    """Do what can be done now. Raises MustRest while the provider works."""
    with transaction(read_only=True) as session:
        batch = _open(session, job.lease.run_id)
    if batch is not None and batch.state == "submitting":
        batch = _found_again(job, batches, batch)
    if batch is not None:
        planned = _collect(job, batches, batch, planned)
    if planned:
        _submit(job, batches, planned)
        raise _rest(job)


def _rest(job: Job) -> MustRest:
    return MustRest(
        job.settings.label_batch_poll_seconds,
        "Waiting for the provider's batch: half the price, usually within an hour, at most a day.",
    )


def _open(session: Session, run_id: int) -> LabelingBatch | None:
    open_ = (LabelingBatch.run_id == run_id, LabelingBatch.state.in_(("submitting", "submitted")))
    return session.scalars(select(LabelingBatch).where(*open_).order_by(LabelingBatch.id.desc())).first()


def _submit(job: Job, batches: Batches, planned: Sequence[Planned]) -> None:
    if any(chunk.attempts >= MOST_TRIES for chunk in planned):
        raise PermanentLabelError(
            f"The provider let {MOST_TRIES} batches expire or fail. Retry, or acknowledge and label without a batch."
        )
    nonce = uuid4().hex
    questions: dict[str, Question] = {}
    asked: list[tuple[Planned, Chunk, Asked]] = []
    for one in planned:
        chunk = job.material.chunk(one.step_ids)
        if chunk.steps:
            questions[f"{nonce}-{one.id}"], about = asking.whole(chunk, _model(job))
            asked.append((one, chunk, about))
        else:
            calls.commit(job, one, ChunkResult(()))
    if not questions:
        return
    with transaction() as session:
        _write_down(session, job, nonce, asked)
    try:
        look = batches.submit(questions)
    except PermanentLabelError as error:
        _refused(job, nonce, error)
        raise
    with transaction() as session:
        _submitted(session, nonce, look)
    log.info("batch_submitted", run_id=job.lease.run_id, requests=len(questions), batch=look.provider_id)


def _write_down(session: Session, job: Job, nonce: str, asked: Sequence[tuple[Planned, Chunk, Asked]]) -> None:
    lease = job.lease
    leases.fence(session, lease)
    session.add(LabelingBatch(run_id=lease.run_id, nonce=nonce, state="submitting", requests=len(asked)))
    for one, chunk, about in asked:
        key = chunks.key_of(chunk, job.labeler)
        chunks.count_attempt(session, one.id, key=key)
        ledger.open_(
            session,
            about,
            job.labeler,
            settings=job.settings,
            run_id=lease.run_id,
            workflow_id=lease.workflow_id,
            chunk_id=one.id,
            chunk_key=key,
            batch=True,
        )


def _refused(job: Job, nonce: str, error: PermanentLabelError) -> None:
    """The provider has said that it did not take the batch: nothing of it is under way."""
    with transaction() as session:
        leases.fence(session, job.lease)
        _undo(session, job.lease.run_id, nonce, "rejected")
    if error.outcome == "spend_limit" and job.limiter is not None:
        job.limiter.block(str(error), SPEND_LIMIT_SECONDS)


def _undo(session: Session, run_id: int, nonce: str, outcome: Literal["rejected", "cancelled"]) -> None:
    """It never got to the provider: no request of it was made, nor counts as tried."""
    for chunk_id, entry in _entries(session, run_id).items():
        ledger.never_made(session, entry, outcome)
        chunks.uncount_attempt(session, chunk_id)
    session.execute(delete(LabelingBatch).where(LabelingBatch.nonce == nonce))


def _submitted(session: Session, nonce: str, look: BatchLook) -> None:
    values = {"provider_id": look.provider_id, "submitted_at": now(), "expires_at": look.expires_at}
    session.execute(update(LabelingBatch).where(LabelingBatch.nonce == nonce).values(state="submitted", **values))


def _found_again(job: Job, batches: Batches, batch: LabelingBatch) -> LabelingBatch | None:
    """A worker died between handing the batch over and writing its number down. None: it never got there."""
    look = _search(batches, batch)
    if look is not None and not look.ended:
        raise _rest(job)
    with transaction() as session:
        leases.fence(session, job.lease)
        if look is None:
            _undo(session, batch.run_id, batch.nonce, "cancelled")
            return None
        _submitted(session, batch.nonce, look)
        return session.get(LabelingBatch, batch.id, populate_existing=True)


def _search(batches: Batches, batch: LabelingBatch) -> BatchLook | None:
    """The batch at the provider's. Only the answers tell whose it is: one that has not ended may be another's."""
    with transaction(read_only=True) as session:
        known = set(session.scalars(select(LabelingBatch.provider_id).where(LabelingBatch.provider_id.is_not(None))))
    recent = batches.recent(batch.created_at - CLOCKS_DIFFER)
    may_be = [look for look in recent if look.provider_id not in known and look.requests == batch.requests]
    for look in may_be:
        if look.ended and any(name.startswith(batch.nonce) for name in batches.results(look.provider_id)):
            return look
    return next((look for look in may_be if not look.ended), None)


def _collect(job: Job, batches: Batches, batch: LabelingBatch, planned: Sequence[Planned]) -> Sequence[Planned]:
    """Label what was answered; the chunks that were not."""
    provider_id = batch.provider_id or ""
    if not batches.look(provider_id).ended:
        raise _rest(job)
    results = batches.results(provider_id)
    with transaction(read_only=True) as session:
        rows = _rows(session, batch.run_id)
    left: list[Planned] = []
    refusals: list[str] = []
    for one in planned:
        result = results.get(f"{batch.nonce}-{one.id}", BatchFailure("expired", "It is missing from the answers."))
        row = rows.get(one.id)
        _book(row, result)
        if isinstance(result, Reply):
            _label(job, one, result, row)
            continue
        left.append(one)
        if result.permanent:
            refusals.append(result.reason)
    with transaction() as session:
        leases.fence(session, job.lease)
        session.execute(update(LabelingBatch).where(LabelingBatch.id == batch.id).values(state="collected"))
    if refusals:
        raise PermanentLabelError(f"The provider did not accept the request ({refusals[0]}).")
    return left


def _label(job: Job, one: Planned, reply: Reply, row: ModelCall | None) -> None:
    """As an answer that came just now; what it lacks is asked for by ordinary calls."""
    chunk = job.material.chunk(one.step_ids)
    desk = ChunkDesk(job, one.id, chunks.key_of(chunk, job.labeler), [row.id] if row else [])
    asked = tuple(row.step_ids) if row else one.step_ids
    still = tuple(step.step_id for step in chunk.steps)
    first = reply if still == asked else _of_steps(reply, asked, still)
    result = asking.label(chunk, desk, _model(job), first=first) if chunk.steps else ChunkResult(())
    calls.commit(job, one, result)


def _of_steps(reply: Reply, asked: Sequence[int], still: Sequence[int]) -> Reply | None:
    """The answer with the keys that the steps have now that some are gone or moved; None: it cannot be read."""
    keys = {step_id: step_key(number) for number, step_id in enumerate(asked, 1)}
    try:
        given = json.loads(reply.text)
        about_all = {key: value for key, value in given.items() if key not in keys.values()}
        of_steps = {step_key(number): given[keys[step_id]] for number, step_id in enumerate(still, 1)}
    except (ValueError, KeyError, AttributeError):
        return None
    return replace(reply, text=json.dumps(about_all | of_steps))


def _rows(session: Session, run_id: int) -> dict[int, ModelCall]:
    """The last request about each chunk, as the ledger has it."""
    made = (ModelCall.run_id == run_id, ModelCall.batch.is_(True))
    return {row.chunk_id or 0: row for row in session.scalars(select(ModelCall).where(*made).order_by(ModelCall.id))}


def _entries(session: Session, run_id: int) -> dict[int, Entry]:
    """Those of which is not known what became of them."""
    rows = _rows(session, run_id).items()
    return {chunk_id: ledger.entry_of(row) for chunk_id, row in rows if row.finished_at is None}


def _book(row: ModelCall | None, result: Reply | BatchFailure) -> None:
    """Twice counts once: a worker may have died after it."""
    if row is None or row.finished_at is not None:
        return
    entry = ledger.entry_of(row)
    with transaction() as session:
        if isinstance(result, Reply):
            ledger.close(session, entry, result)
        else:
            ledger.never_made(session, entry, result.outcome)


def _model(job: Job) -> Model:
    """The labeler of a run that goes to a batch calls a model."""
    return cast("Model", job.labeler)


def tend(batches: Batches) -> int:
    """Cancel abandoned batches, and book what they cost once they have ended; how many are still to be looked after."""
    with transaction(read_only=True) as session:
        found = recovery.abandoned_batches(session)
    left = 0
    for batch in found:
        try:
            left += not _ended(batches, batch)
        except (TransientLabelError, PermanentLabelError) as error:
            log.warning("batch_not_tended", batch=batch.provider_id, reason=str(error))
            left += 1
    return left


def _ended(batches: Batches, batch: LabelingBatch) -> bool:
    """Whether an abandoned batch has ended, and is booked; if not, it is cancelled."""
    look = batches.look(batch.provider_id) if batch.provider_id else _search(batches, batch)
    if look is None:
        with transaction() as session:
            _undo(session, batch.run_id, batch.nonce, "cancelled")
        return True
    if not look.ended:
        if batch.provider_id:  # else it may be another's, which is not ours to cancel
            batches.cancel(look.provider_id)
        return False
    results = batches.results(look.provider_id)
    with transaction(read_only=True) as session:
        rows = _rows(session, batch.run_id)
    for chunk_id, row in rows.items():
        _book(row, results.get(f"{batch.nonce}-{chunk_id}", BatchFailure("cancelled", "It is missing.")))
    with transaction() as session:
        values = {"state": "cancelled", "provider_id": look.provider_id}
        session.execute(update(LabelingBatch).where(LabelingBatch.id == batch.id).values(**values))
    return True
