"""Calling the labeler for the chunks of a run, side by side, and writing each answer down as it comes."""

import random
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

import structlog
from sqlalchemy.exc import DBAPIError

from app.core.config import Settings
from app.core.db import transaction
from app.labeling import chunks, leases, pictures, progress
from app.labeling.chunks import Planned
from app.labeling.keeper import LeaseKeeper
from app.labeling.leases import Lease, LeaseLost
from app.labeling.patience import patiently
from app.labeling.protocol import (
    Chunk,
    ChunkResult,
    Labeler,
    PermanentLabelError,
    TransientLabelError,
    Usage,
)
from app.labeling.reading import Material

log = structlog.get_logger(__name__)

LONGEST_WAIT_HERE_SECONDS = 2.0
LONGEST_REST_SECONDS = 300.0
MAX_CALLS_A_CHUNK = 20


class MustRest(Exception):
    """The labeler wants to be left alone for longer than a worker should wait."""

    def __init__(self, seconds: float, reason: str) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.reason = reason


class LabelerCrashed(Exception):
    """The labeler raised what it never should."""


@dataclass(frozen=True, slots=True)
class Job:
    """A run that is being worked on."""

    lease: Lease
    labeler: Labeler
    material: Material
    keeper: LeaseKeeper
    settings: Settings
    stop: threading.Event = field(default_factory=threading.Event)
    """Set by the first chunk that cannot go on: none is begun after that, those under way are finished."""

    def must_stop(self) -> bool:
        """Whether nothing more is to be begun."""
        return self.stop.is_set() or self.keeper.lost.is_set()


def call_all(job: Job, planned: Sequence[Planned]) -> None:
    """Label and commit every chunk. Raises the gravest of what stopped it."""
    if not planned:
        return
    pool = ThreadPoolExecutor(job.settings.label_chunks_at_once, thread_name_prefix="label-chunk")
    try:
        futures: list[Future[None]] = [pool.submit(_one_chunk, job, chunk) for chunk in planned]
        pictures.make([step.content for step in job.material.steps], job.material.shots, job.must_stop)
        wait(futures)
    finally:
        job.stop.set()
        pool.shutdown(wait=False, cancel_futures=True)
    errors = [error for future in futures if (error := future.exception())]
    if errors:
        raise min(errors, key=_gravity)


def _gravity(error: BaseException) -> int:
    order = (LeaseLost, PermanentLabelError, LabelerCrashed, DBAPIError, MustRest)
    return next((rank for rank, kind in enumerate(order) if isinstance(error, kind)), -1)


def _one_chunk(job: Job, planned: Planned) -> None:
    try:
        calls_made = planned.attempts
        while not job.stop.is_set():
            if job.keeper.lost.is_set():
                raise LeaseLost
            calls_made += 1
            if _tried(job, planned, calls_made):
                return
    except BaseException:
        job.stop.set()
        raise


def _tried(job: Job, planned: Planned, calls_made: int) -> bool:
    """One call and its commit; False: call again."""
    chunk = job.material.chunk(planned.step_ids)
    _begin(job, planned, chunk)
    try:
        result = job.labeler.label(chunk) if chunk.steps else ChunkResult(())
    except TransientLabelError as error:
        _write_usage(job, error.usage)
        _wait_or_rest(job, error, calls_made)
        return False
    except PermanentLabelError:
        raise
    except Exception as error:
        raise LabelerCrashed(f"{type(error).__name__}: {error}") from error
    _commit(job, planned, result)
    progress.announce(job.lease.workflow_id, job.lease.run_id)
    return True


def _wait_or_rest(job: Job, error: TransientLabelError, calls_made: int) -> None:
    if calls_made >= MAX_CALLS_A_CHUNK:
        raise PermanentLabelError(f"Called {calls_made} times in vain; the last answer: {error.reason}")
    seconds = error.delay_seconds
    if seconds is None:
        seconds = min(LONGEST_REST_SECONDS, 2.0**calls_made) * random.uniform(0.5, 1)  # noqa: S311 - spreads load
    log.info("labeler_asks_for_a_pause", run_id=job.lease.run_id, seconds=round(seconds, 1), calls=calls_made)
    if seconds > LONGEST_WAIT_HERE_SECONDS:
        raise MustRest(seconds, error.reason)
    job.stop.wait(seconds)


def _begin(job: Job, planned: Planned, chunk: Chunk) -> None:
    key = chunks.key_of(chunk, job.labeler)

    def begin() -> None:
        with transaction() as session:
            chunks.begin(session, job.lease, planned.id, key=key, seconds=job.settings.lease_seconds)

    patiently(begin)


def _commit(job: Job, planned: Planned, result: ChunkResult) -> None:
    def commit() -> None:
        with transaction() as session:
            chunks.commit(session, job.lease, planned, result, job.labeler)

    patiently(commit)


def _write_usage(job: Job, usage: Usage) -> None:
    if usage.calls:
        with transaction() as session:
            leases.fence(session, job.lease, **leases.spent(usage))
