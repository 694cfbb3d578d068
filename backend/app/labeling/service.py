"""The labelling of one run: claim, plan, read, call, write, finish.

Chunks go to the labeler side by side, each in a thread of its own; none of them holds a transaction while it waits.
What goes wrong decides where the run goes next:

    the lease is lost, or a person cancelled   stop, write nothing more
    a transient error, short                   wait here, call again
    a transient error, long                    give the run back until then
    a permanent error                          park it for a person; if it is for what is in one chunk, after the others
    the labeler or this pipeline crashed       give it back; parked when that happens again and again
    the database is away, the time is up       give it back
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import DBAPIError

from app.core import preferences
from app.core.config import Settings, get_settings
from app.core.db import single_query, transaction
from app.labeling import batching, calls, chunks, leases, progress, reading, recovery, registry, sizes
from app.labeling.company import Company
from app.labeling.job import Job, LabelerCrashed, MustRest
from app.labeling.keeper import LeaseKeeper
from app.labeling.leases import Lease, LeaseLost
from app.labeling.limiter import Limiter
from app.labeling.patience import patiently
from app.labeling.protocol import Labeler, PermanentLabelError, TransientLabelError

if TYPE_CHECKING:
    from app.labeling.ocr import Reading

log = structlog.get_logger(__name__)

TURN_SECONDS = 180.0
"""After so long no further chunk is begun and the run is given back, well before the time limit of its task."""
SHORTEST_TURN_SECONDS = 60.0
"""With less than that left of a turn, no other run is taken up."""
CRASH_PAUSE_SECONDS = 5
UNREACHABLE_SECONDS = 30
"""After which a labeler is tried again that could not even be made."""


class Outcome(StrEnum):
    """What became of a call of `label_run`."""

    NOT_CLAIMED = "not_claimed"
    """Another worker has it, or it rests, or it is over."""
    FINISHED = "finished"
    GIVEN_BACK = "given_back"
    """It is queued again."""
    PARKED = "parked"
    LOST = "lost"


def label_run(run_id: int, *, interruptions: tuple[type[BaseException], ...] = ()) -> Outcome:
    """Work on a run until it is finished or cannot go on now. Calling it twice, or at once, is harmless.

    While a model answers, other runs that wait are worked on beside it; see `company`.

    `interruptions`: what is raised into this thread from outside when its time is up; the run is given back, then
    they go on their way.
    """
    ends = time.monotonic() + TURN_SECONDS
    others = get_settings().label_runs_at_once - 1
    with Company(others, partial(_label_beside, Turn(ends)), until=ends - SHORTEST_TURN_SECONDS) as company:
        return _label(Turn(ends, company.gather, interruptions), run_id)


@dataclass(frozen=True, slots=True)
class Turn:
    """A task's time; the runs that are worked on in it end together."""

    ends: float
    """On the clock `time.monotonic`."""
    call_others: Callable[[], object] = lambda: None
    """Take up others from now on."""
    interruptions: tuple[type[BaseException], ...] = ()


def _label_beside(turn: Turn, run_id: int) -> bool:
    """Whether the next one could get on: not if this one has to rest, or was parked."""
    return _label(turn, run_id) in (Outcome.FINISHED, Outcome.NOT_CLAIMED, Outcome.LOST)


def _label(turn: Turn, run_id: int) -> Outcome:
    # Should a power cut take the claim back, the run waits as before: what is paid for is written down durably later.
    with transaction(durable=False) as session:
        settings = preferences.settings(session)
        lease = leases.claim(session, run_id, seconds=settings.lease_seconds, max_deaths=settings.max_worker_deaths)
    if lease is None:
        return Outcome.NOT_CLAIMED
    with structlog.contextvars.bound_contextvars(
        run_id=run_id, workflow_id=lease.workflow_id, request_id=lease.request_id
    ):
        log.info("labeling_begins")
        try:
            outcome = _guarded(lease, settings, turn)
        finally:
            progress.announce(lease.workflow_id, run_id)
        log.info("labeling_ends", outcome=str(outcome))
    return outcome


def _guarded(lease: Lease, settings: Settings, turn: Turn) -> Outcome:
    """Work, and put the run where it belongs when that fails."""
    try:
        with LeaseKeeper(lease, settings.lease_seconds) as keeper:
            return _work(lease, keeper, settings, turn)
    except LeaseLost:
        return _stopped(lease)
    except turn.interruptions:
        _crashed(lease, settings, "its time was up")
        raise
    except MustRest as rest:
        return _given_back(lease, rest.seconds, rest.reason)
    except TransientLabelError as error:
        return _given_back(
            lease, UNREACHABLE_SECONDS if error.delay_seconds is None else error.delay_seconds, error.reason
        )
    except PermanentLabelError as error:
        return _parked(lease, error)
    except LabelerCrashed as crash:
        log.exception("labeler_crashed", run_id=lease.run_id)
        return _crashed(lease, settings, str(crash))
    except DBAPIError:
        _given_back(lease, 0, "The database was away.")
        raise
    except Exception as error:
        _crashed(lease, settings, type(error).__name__)
        raise


def _work(lease: Lease, keeper: LeaseKeeper, settings: Settings, turn: Turn) -> Outcome:
    labeler = registry.choose(settings)
    reader = _reader(settings)
    limiter = registry.limiter_of(labeler, settings)
    size = partial(sizes.steps_a_chunk, mode=lease.mode, settings=settings, busy=_is_busy(labeler, limiter))
    with transaction() as session:
        planned = chunks.plan(session, lease, labeler=labeler.name, size=size)
    progress.announce(lease.workflow_id, lease.run_id)
    with transaction(read_only=True) as session:
        material = reading.read(session, lease.workflow_id, click_verb=settings.click_verb, run_id=lease.run_id)
    if reader is not None:
        material = reading.with_names_from_pictures(material, reader, click_verb=settings.click_verb)
    if labeler.model is not None and not lease.deaths:
        turn.call_others()
    job = Job(lease, labeler, material, keeper, settings, turn.ends, limiter, partial(_serve_urgent, lease, turn))
    if lease.mode == "batch" and (batches := registry.batches_of(labeler, settings)):
        batching.work(job, batches, planned)
    else:
        calls.call_all(job, planned)
    with transaction() as session:
        state = chunks.finish(session, lease)
    log.info("workflow_labelled", run_id=lease.run_id, workflow_id=lease.workflow_id, state=str(state))
    return Outcome.FINISHED


def _is_busy(labeler: Labeler, limiter: Limiter | None) -> bool:
    """Whether calls should be few: because there are too few of them, or many that wait."""
    if labeler.model is None or limiter is None or limiter.scarce():
        return True
    with single_query() as session:
        return len(recovery.waiting(session, sizes.MANY_RUNS)) == sizes.MANY_RUNS


def _reader(settings: Settings) -> "Callable[[bytes], Reading] | None":
    """What reads names from pictures, if that is wanted. PermanentLabelError: it is, but nothing here can."""
    if not settings.ocr:
        return None
    from app.labeling import ocr  # noqa: PLC0415 - an extra that is off by default

    try:
        return ocr.reader()
    except ocr.OcrMissing as missing:
        raise PermanentLabelError(missing.detail) from missing


def tend_batches() -> int:
    """Look after batches whose runs are over; how many are still under way."""
    settings = preferences.current()
    batches = registry.batches_of(registry.choose(settings), settings)
    return batching.tend(batches) if batches else 0


def _serve_urgent(lease: Lease, turn: Turn) -> None:
    """Put a run off for one for which a person waits: every worker may be busy, but no call takes long."""
    if lease.mode == "interactive" or not _serving.acquire(blocking=False):
        return
    try:
        with single_query() as session:
            run_id = recovery.urgent(session)
        if run_id is not None:
            _label(Turn(turn.ends), run_id)
    except Exception:
        log.exception("urgent_run_failed")  # it was put where it belongs; this run goes on
    finally:
        _serving.release()


_serving = threading.Lock()


def _stopped(lease: Lease) -> Outcome:
    with transaction() as session:
        cancelled = leases.end_if_cancelled(session, lease)
    log.info("labeling_stopped", run_id=lease.run_id, cancelled=cancelled)
    return Outcome.FINISHED if cancelled else Outcome.LOST


def _given_back(lease: Lease, delay_seconds: float, reason: str) -> Outcome:
    def give_back() -> None:
        with transaction() as session:
            leases.give_back(session, lease, delay_seconds=delay_seconds, reason=reason)

    try:
        patiently(give_back)
    except LeaseLost:
        return _stopped(lease)
    return Outcome.GIVEN_BACK


def _parked(lease: Lease, error: PermanentLabelError) -> Outcome:
    try:
        with transaction() as session:
            leases.park(session, lease, error.reason, parked_for=error.parked_for, needs_usd=error.needs_usd)
    except LeaseLost:
        return _stopped(lease)
    return Outcome.PARKED


def _crashed(lease: Lease, settings: Settings, reason: str) -> Outcome:
    """Progress since the claim sets the count of deaths to 0, so that only a run that does not get on is parked."""
    try:
        with transaction() as session:
            parked = leases.crashed(
                session,
                lease,
                reason,
                max_deaths=settings.max_worker_deaths,
                delay_seconds=CRASH_PAUSE_SECONDS,
            )
    except LeaseLost:
        return _stopped(lease)
    return Outcome.PARKED if parked else Outcome.GIVEN_BACK
