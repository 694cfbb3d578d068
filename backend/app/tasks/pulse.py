"""A worker's pulse: beats in the loop of its consumer, and only while its pool takes up work and ends it.

So it stops when the process hangs, when the consumer is dead, while the broker is away (nothing can be consumed then),
when the pool has no child left, when a child does not take up what it was given, and when a task runs past its time
limit. Whatever else shows that the worker is alive, the file and the row, follows the pulse.
"""

import time
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

import structlog
from celery import bootsteps, signals
from celery.worker import state
from celery.worker.consumer.tasks import Tasks

from app.celery_app import celery_app
from app.core.config import get_settings
from app.tasks import heartbeat

log = structlog.get_logger(__name__)

MISSED_BEATS = 4
PAST_ITS_LIMIT_SECONDS = 60.0


class PoolWatch:
    """Whether the pool gets on, judged by how long each request has stood where it stands."""

    def __init__(self, takes_up_within: float, ends_within: float) -> None:
        """Seconds in which a free child has to begin what it was given, and in which a task has to end."""
        self._limits = {"waiting": takes_up_within, "active": ends_within}
        self._since: dict[tuple[str, str], float] = {}

    def stuck(
        self, *, children: int | None, waiting: AbstractSet[str], active: AbstractSet[str], moment: float
    ) -> str | None:
        """Why it does not get on; None: it does. `children`: alive (None: it has none by nature)."""
        if children == 0:
            return "no child of the pool is alive"
        # While all children are busy, a request may wait for as long as it takes.
        free = children is None or len(active) < children
        standing = {("waiting", request) for request in waiting if free} | {("active", request) for request in active}
        self._since = {key: self._since.get(key, moment) for key in standing}
        late = [where for (where, _), since in self._since.items() if moment - since > self._limits[where]]
        if "waiting" in late:
            return "a free child does not take up its task"
        return "a task runs past its time limit" if late else None


class Pulse:
    """Of this process."""

    def __init__(self) -> None:
        self._last: float | None = None
        self._file: Path | None = None
        self._stuck: str | None = None

    def beat(self, worker: str, stuck: str | None) -> None:
        """Called by the consumer's loop."""
        if stuck != self._stuck:
            log.log(40 if stuck else 30, "worker_is_stuck" if stuck else "worker_goes_on", worker=worker, reason=stuck)
            self._stuck = stuck
        if stuck is None:
            self._last = time.monotonic()
            self._touch(worker)

    def is_fresh(self) -> bool:
        """Whether it beat lately."""
        if self._last is None:
            return False
        return time.monotonic() - self._last < MISSED_BEATS * get_settings().worker_heartbeat_seconds

    def end(self) -> None:
        """This worker goes away on purpose."""
        self._last = None
        if self._file is not None:
            self._file.unlink(missing_ok=True)

    def _touch(self, worker: str) -> None:
        if (path := heartbeat.file_of(get_settings(), worker)) is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        except OSError as error:
            log.warning("heartbeat_file_not_touched", path=str(path), error=type(error).__name__)
        self._file = path


pulse = Pulse()


class PulseStep(bootsteps.StartStopStep):
    """Starts with the consumer, anew after each loss of the broker, and stops with it."""

    requires = (Tasks,)

    def __init__(self, consumer: Any, **options: Any) -> None:
        super().__init__(consumer, **options)
        seconds = get_settings().worker_heartbeat_seconds
        limit = celery_app.conf.task_time_limit + PAST_ITS_LIMIT_SECONDS
        self._watch = PoolWatch(MISSED_BEATS * seconds, limit)
        self._timer: Any = None

    def start(self, consumer: Any) -> None:
        self._beat(consumer)
        seconds = get_settings().worker_heartbeat_seconds
        self._timer = consumer.timer.call_repeatedly(seconds, self._beat, (consumer,), priority=10)

    def stop(self, _: Any) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _beat(self, consumer: Any) -> None:
        active = {str(request.id) for request in state.active_requests}
        waiting = {str(request.id) for request in state.reserved_requests} - active
        stuck = self._watch.stuck(
            children=_children_alive(consumer.pool), waiting=waiting, active=active, moment=time.monotonic()
        )
        pulse.beat(str(consumer.hostname), stuck)


def _children_alive(pool: Any) -> int | None:
    """Of a pool of processes; None: it is of another kind."""
    processes = getattr(getattr(pool, "_pool", None), "_pool", None)
    if not isinstance(processes, list):
        return None
    return sum(getattr(process, "exitcode", None) is None for process in processes)


celery_app.steps["consumer"].add(PulseStep)


@signals.worker_shutdown.connect
def end_pulse(**_: Any) -> None:
    """After the last task has ended."""
    pulse.end()
