"""What keeps the house: the reconciler runs inside every worker, and inside beat where there is one."""

from typing import Any

from celery import signals

from app.tasks.reconciler import reconciler


@signals.worker_ready.connect
@signals.beat_init.connect
def begin(**_: Any) -> None:
    """In the worker's main process, never in a child of its pool."""
    reconciler.start()


@signals.worker_shutting_down.connect
def end(**_: Any) -> None:
    """The thread is a daemon: a worker that has to go does not wait for it."""
    reconciler.stop()
