"""Several runs at a time in one process: what a model takes is time to answer, hardly any of the processor's.

A task works on the run of its message. While it does, it takes up others that wait, so that one long run keeps nobody
waiting and a few processes have many calls under way; it ends when all of them are done.
"""

import contextvars
import threading
import time
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Self

import structlog

from app.core.db import single_query
from app.labeling import recovery

log = structlog.get_logger(__name__)

LOOK_AGAIN_SECONDS = 2.0


class Company:
    """Of one run: to be entered before the work on it, and left after."""

    def __init__(self, others: int, label: Callable[[int], bool], *, until: float) -> None:
        """At most `others` beside the first, taken up before `until` (on the clock `time.monotonic`).

        `label` works on a run and says whether more should be taken up.
        """
        self._others = others
        self._label = label
        self._until = until
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        return self

    def gather(self) -> None:
        """Take up other runs from now on."""
        for number in range(1, self._others + 1):
            work = partial(contextvars.copy_context().run, self._work)  # with the task's ids, for the log
            thread = threading.Thread(target=work, name=f"label-beside-{number}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Waits for the runs that are under way, unless this run's time is up: then theirs is, too."""
        self._over.set()
        if error is None:
            for thread in self._threads:
                thread.join()

    def _work(self) -> None:
        while not self._over.is_set() and time.monotonic() < self._until:
            try:
                with single_query() as session:
                    waiting = recovery.waiting(session, 1)
                if not waiting:
                    self._over.wait(LOOK_AGAIN_SECONDS)
                elif not self._label(waiting[0]):
                    return
            except Exception:
                log.exception("run_beside_failed")  # it was put where it belongs
                return
