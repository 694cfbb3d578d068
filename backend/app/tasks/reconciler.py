"""The reconciler: wakes the runs and exports whose message was never sent, got lost, or went down with its worker.

It runs in a thread of every process that starts it, and a lease in the database lets one of them work at a time. It is
no task: it repairs the queue, so it must not wait in it.
"""

import threading
from collections import Counter
from collections.abc import Callable
from uuid import uuid4

import structlog
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from app.core import preferences, singleton, tallies
from app.core.config import Settings, get_settings
from app.core.db import transaction
from app.core.forks import between_forks
from app.guides import jobs as exports
from app.labeling import leases, parked, recovery, repairs
from app.labeling.models import RunState
from app.labeling.recovery import Due
from app.tasks import heartbeat
from app.tasks.publishing import publish, publish_export, send_clean_up, send_deliver, send_tend_batches
from app.tasks.queue_depth import waiting_messages

log = structlog.get_logger(__name__)

AT_A_TIME = 500
STOP_SECONDS = 10
TAKE_OVER_SECONDS = 5
HOUSEKEEPING_SECONDS = 3_600
BATCHES_SECONDS = 60


class Reconciler:
    """Looks every `reconcile_seconds`, the first time at once."""

    def __init__(self) -> None:
        self._holder = uuid4().hex
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._worker: str | None = None
        self._is_well: Callable[[], bool] = lambda: True

    def start(self, *, worker: str | None = None, is_well: Callable[[], bool] = lambda: True) -> None:
        """Begin, if this process has not begun yet. `worker`: its name, for which signs of life are given while it
        `is_well`."""
        if self._thread is None:
            self._worker, self._is_well = worker, is_well
            self._stop.clear()
            self._thread = threading.Thread(target=self._run, name="reconciler", daemon=True)
            self._thread.start()

    def ask_to_stop(self) -> None:
        """End after the look that is under way; waits for nothing, as a handler of a signal has to."""
        self._stop.set()

    def stop(self) -> None:
        """End, and wait for the look that is under way."""
        self.ask_to_stop()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)
            self._thread = None

    def _run(self) -> None:
        settings = get_settings()
        while not self._stop.is_set():
            with between_forks:
                mine = self._look(settings)
            # Whoever waits to take over asks more often, so that a dead holder is replaced soon.
            self._stop.wait(settings.reconcile_seconds if mine else min(settings.reconcile_seconds, TAKE_OVER_SECONDS))
        with between_forks:
            self._let_go()

    def _look(self, settings: Settings) -> bool:
        try:
            if self._worker and self._is_well():
                heartbeat.beat(self._worker, settings.reconcile_seconds * 3)
            if not _hold(self._holder, settings.reconcile_seconds + TAKE_OVER_SECONDS):
                return False
            reconcile(settings, self._stop.is_set)
        except (SQLAlchemyError, RedisError, OSError) as error:
            log.warning("reconciler_failed", error=type(error).__name__)
        except Exception:
            log.exception("reconciler_crashed")
        return True

    def _let_go(self) -> None:
        """The next one need not wait for the end of our turn, nor anybody for the worker's next sign of life."""
        try:
            _hold(self._holder, 0)
            if self._worker:
                heartbeat.stop(self._worker)
        except SQLAlchemyError as error:
            log.debug("reconciler_not_released", error=type(error).__name__)


reconciler = Reconciler()
"""Of this process."""


def reconcile(settings: Settings, stopped: Callable[[], bool] = lambda: False) -> int:
    """One look; the number of messages sent for runs. Where nothing is to be done it is one query."""
    with transaction(read_only=True) as session:
        wanted = repairs.wanted(session, exports.SOME_ARE_DUE)
    sent = 0
    if wanted.parked:
        _wake_parked(stopped)
    if wanted.parked or wanted.runs:
        sent = _wake_due(settings, stopped)
    if any(wanted.others):
        _wake_exports(stopped)
    if wanted.house and _once_in(HOUSEKEEPING_SECONDS, "housekeeping"):
        send_clean_up()
    if wanted.deliveries and _once_in(settings.redeliver_seconds, "deliveries"):
        send_deliver()
    if wanted.batches and _once_in(BATCHES_SECONDS, "batches"):
        send_tend_batches()
    return sent


def _wake_due(settings: Settings, stopped: Callable[[], bool]) -> int:
    """Send what is due, and write it down; how many."""
    with transaction(read_only=True) as session:
        due = recovery.due(session, AT_A_TIME)
        if len(due) == AT_A_TIME:  # the rest may hide runs whose worker died: while the broker is away, many are due
            due = list(dict.fromkeys(due + recovery.orphans(session)))
    if not due:
        return 0
    # First, because it needs no broker: a run whose worker died does not stand as running for longer.
    unsent = [item for item in due if _unsent(item, settings)]
    doubtful = [item for item in due if item.state == RunState.QUEUED and item.sent]
    lost = _lost(doubtful, settings)
    wanted = unsent + lost
    sent: list[int] = []
    for item in sorted(wanted, key=lambda item: item.priority):
        if stopped() or not publish(item.run_id, item.workflow_id, item.priority):
            break  # the broker is away: the rest stays due
        sent.append(item.run_id)
    if sent:
        with transaction() as session:
            recovery.mark_published(session, sent, settings.redeliver_seconds)
            tallies.add(session, _repairs(due, lost, sent))
        log.info("runs_woken", runs=len(sent))
    return len(sent)


def _wake_exports(stopped: Callable[[], bool]) -> None:
    """Send the messages of exports again that nobody works on."""
    with transaction(read_only=True) as session:
        waiting = exports.due(session, AT_A_TIME)
    sent: list[int] = []
    for export_id in waiting:
        if stopped() or not publish_export(export_id):
            break
        sent.append(export_id)
    if sent:
        with transaction() as session:
            exports.put_off(session, sent)
        log.info("exports_woken", exports=len(sent))


def _repairs(due: list[Due], lost: list[Due], sent: list[int]) -> dict[tallies.Key, float]:
    """What was mended by the messages that were sent, for `/metrics`."""
    died = {item.run_id for item in due if item.state != RunState.QUEUED}
    missing = {item.run_id for item in lost}
    kinds = ("worker_died" if run in died else "message_lost" if run in missing else "rest_over" for run in sent)
    return {("reconciler_repairs", kind): count for kind, count in Counter(kinds).items()}


def _wake_parked(stopped: Callable[[], bool]) -> None:
    """Queue the runs that waited for money and may go on."""
    with transaction() as session:
        ready = parked.ready(session, preferences.settings(session), AT_A_TIME)
    woken = 0
    for run_id, parked_for in ready:
        if stopped():
            break
        with transaction() as session:
            if parked.wake(session, run_id, parked_for):
                tallies.add(session, {("reconciler_repairs", "parked_goes_on"): 1})
                woken += 1
    if woken:
        log.info("parked_runs_go_on", runs=woken)


def _hold(holder: str, seconds: float) -> bool:
    with transaction() as session:
        return singleton.hold(session, "reconciler", holder, seconds)


def _once_in(seconds: float, job: str) -> bool:
    """Whether it is this process's turn to ask for a job of the house."""
    with transaction() as session:
        return singleton.hold(session, job, uuid4().hex, seconds)


def _unsent(item: Due, settings: Settings) -> bool:
    """Whether no message is under way for this run; one whose worker died is taken from it first."""
    if item.state == RunState.QUEUED:
        return not item.sent
    with transaction() as session:
        state = leases.bury(session, item.run_id, max_deaths=settings.max_worker_deaths)
    log.warning("worker_died", run_id=item.run_id, state=str(state))
    return state is RunState.QUEUED


def _lost(doubtful: list[Due], settings: Settings) -> list[Due]:
    """Of those whose message was sent: as many as the broker has messages too few, the most urgent first.

    A long queue is no reason to make it longer: the others are looked at again later. Since some runs have more than
    one message, which hides that others have none, the first is believed lost, too, if a later one came before it.
    """
    if not doubtful:
        return []
    with transaction(read_only=True) as session:
        expected = recovery.count_sent(session)
        places = {run_id: place for place, run_id in enumerate(recovery.longest_sent(session, _ids(doubtful)))}
        ordered = sorted(doubtful, key=lambda item: (item.priority, places.get(item.run_id, 0)))
        overtaken = recovery.is_overtaken(session, ordered[0].run_id)
    missing = max(int(overtaken), expected - waiting_messages())
    with transaction() as session:
        recovery.put_off(session, _ids(ordered[missing:]), settings.redeliver_seconds)
    return ordered[:missing]


def _ids(items: list[Due]) -> list[int]:
    return [item.run_id for item in items]
