"""What keeps the house: the reconciler runs inside every worker, and inside beat where there is one."""

from typing import Any

from celery import signals

from app.core.config import get_settings
from app.labeling import registry
from app.tasks.pulse import pulse
from app.tasks.reconciler import reconciler


@signals.worker_init.connect
def preload_in_worker(**_: Any) -> None:
    """Before the pool is forked."""
    registry.preload(get_settings())


@signals.worker_ready.connect
def begin_in_worker(sender: Any, **_: Any) -> None:
    """In the worker's main process, never in a child of its pool."""
    reconciler.start(worker=str(sender.hostname), is_well=pulse.is_fresh)


@signals.beat_init.connect
def begin_in_beat(**_: Any) -> None:
    """Where beat runs, a queue is repaired even while no worker does."""
    reconciler.start()


@signals.worker_shutting_down.connect
def begin_to_end(**_: Any) -> None:
    """Called by the handler of the operating system's signal, which may have cut into anything."""
    reconciler.ask_to_stop()


@signals.worker_shutdown.connect
def end(**_: Any) -> None:
    """After the last task. The thread is a daemon: a worker that has to go does not wait for it for long."""
    reconciler.stop()
