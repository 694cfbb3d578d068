"""Calling the labeler for the chunks of a run, side by side, and writing each answer down as it comes."""

import contextvars
import random
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

import structlog
from sqlalchemy.exc import DBAPIError

from app.core.db import transaction
from app.labeling import chunks, pictures, progress
from app.labeling.chunks import Planned
from app.labeling.desk import ChunkDesk
from app.labeling.job import Job, LabelerCrashed, MustRest
from app.labeling.leases import LeaseLost
from app.labeling.patience import patiently
from app.labeling.protocol import ChunkResult, PermanentLabelError, TransientLabelError

log = structlog.get_logger(__name__)

LONGEST_WAIT_HERE_SECONDS = 2.0
LONGEST_REST_SECONDS = 300.0
MAX_CALLS_A_CHUNK = 20
MOST_REJECTED = 3
"""Chunks of a run that the provider may refuse to take while the others go on: then it is not for what is in them."""


def call_all(job: Job, planned: Sequence[Planned]) -> None:
    """Label and commit every chunk. Raises the gravest of what stopped it."""
    if not planned:
        return
    pool = ThreadPoolExecutor(job.settings.label_chunks_at_once, thread_name_prefix="label-chunk")
    try:
        futures: list[Future[None]] = [
            # With the run's ids, for the log.
            pool.submit(contextvars.copy_context().run, _one_chunk, job, chunk)
            for chunk in planned
        ]
        if job.labeler.model is None:  # while a model works, its own pictures are enough to draw
            pictures.make([step.content for step in job.material.steps], job.material.shots, job.must_stop)
        if wait(futures, max(0.0, job.turn_ends - time.monotonic())).not_done:
            job.stop.set()
            wait(futures)
            raise MustRest(0, "Others had to wait: a long run is worked on in turns.")
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
            job.serve_urgent()
            if job.keeper.lost.is_set():
                raise LeaseLost
            calls_made += 1
            if _tried(job, planned, calls_made):
                return
    except PermanentLabelError as error:
        job.rejected.append(planned.id)
        if not error.of_chunk or len(job.rejected) >= MOST_REJECTED:
            job.stop.set()
        raise
    except BaseException:
        job.stop.set()
        raise


def _tried(job: Job, planned: Planned, calls_made: int) -> bool:
    """One call and its commit; False: call again."""
    chunk = job.material.chunk(planned.step_ids)
    key = chunks.key_of(chunk, job.labeler)
    try:
        result = job.labeler.label(chunk, ChunkDesk(job, planned.id, key)) if chunk.steps else ChunkResult(())
    except TransientLabelError as error:
        _wait_or_rest(job, error, calls_made)
        return False
    except (PermanentLabelError, LeaseLost, MustRest, DBAPIError):
        raise
    except Exception as error:
        raise LabelerCrashed(f"{type(error).__name__}: {error}") from error
    commit(job, planned, result)
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


def commit(job: Job, planned: Planned, result: ChunkResult) -> None:
    """Write the labels of a chunk down, and tell who watches."""

    def write() -> None:
        with transaction() as session:
            chunks.commit(session, job.lease, planned, result, job.labeler, rule_labels=job.material.rule_labels)

    patiently(write)
    progress.announce(job.lease.workflow_id, job.lease.run_id)
