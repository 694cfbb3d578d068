"""Waking a worker for a run: after the commit, in bounded time, and without a word when it fails.

A message is only a wake-up. What cannot be sent now is sent by the reconciler. Not to be called in an event loop.
"""

import os
import time
from functools import lru_cache

import structlog
from kombu import Connection
from kombu.exceptions import KombuError
from kombu.pools import ProducerPool
from redis.exceptions import RedisError

from app.celery_app import AnyTask, celery_app
from app.core import tracing
from app.core.config import get_settings
from app.core.db import single_query
from app.labeling import runs
from app.tasks.ai_labeling import label_workflow_steps, tend_batches
from app.tasks.cleaning import clean_up
from app.tasks.exporting import make as make_export
from app.tasks.webhooks import deliver
from app.webhooks import outbox

log = structlog.get_logger(__name__)

PUBLISHERS = 10
"""Connections to the broker; threads that want one more wait."""

LEFT_ALONE_SECONDS = 5.0
"""After it kept one waiting in vain, nobody else of this process waits for the broker: the reconciler sends it all."""


def publish(run_id: int, workflow_id: int, priority: int) -> bool:
    """Send the message that wakes a worker (0 is the most urgent, see `runs.PRIORITIES`); False: the reconciler will.

    Waits `publish_timeout_seconds` for each of two tries at most. Never raises. Nothing is written down of it: a queued
    run counts as published from its beginning, and the reconciler counts the messages if nobody takes it up.
    """
    try:
        _send(label_workflow_steps, (workflow_id, run_id), priority)
    except (KombuError, RedisError, OSError) as error:
        log.warning("run_not_published", run_id=run_id, workflow_id=workflow_id, error=type(error).__name__)
        return False
    return True


def send_clean_up() -> bool:
    """Ask a worker to clean the house; False: the broker is away, the next hour's will do."""
    return _ask_for(clean_up)


def send_tend_batches() -> bool:
    """Ask a worker to look after batches whose runs are over; False: the broker is away, the next minute's will do."""
    return _ask_for(tend_batches)


def publish_export(export_id: int) -> bool:
    """Ask a worker to make an export that somebody waits for; False: the reconciler will."""
    return _ask_for(make_export, export_id, priority=runs.PRIORITIES["interactive"])


def send_deliver() -> bool:
    """Ask a worker to send what webhooks are due; False: the broker is away, the reconciler asks again."""
    return _ask_for(deliver)


def tell_of_news() -> None:
    """After a commit that may have something in it for webhooks: ask a worker, if there is something."""
    with single_query() as session:
        due = outbox.is_anything_due(session)
    if due:
        send_deliver()


def _ask_for(task: AnyTask, *args: int, priority: int = runs.PRIORITIES["bulk"]) -> bool:
    try:
        _send(task, args, priority)
    except (KombuError, RedisError, OSError) as error:
        log.warning("task_not_published", task=task.name, error=type(error).__name__)
        return False
    return True


class BrokerHangs(OSError):
    """It does not answer, found out a moment ago."""


_left_alone_until: dict[str, float] = {}


def _send(task: AnyTask, args: tuple[int, ...], priority: int) -> None:
    settings = get_settings()
    url, timeout, begun = settings.redis_url, settings.publish_timeout_seconds, time.monotonic()
    if begun < _left_alone_until.get(url, 0):
        raise BrokerHangs
    try:
        _send_in(timeout, url, task, args, priority)
    except (KombuError, RedisError, OSError):
        # One that is down says so at once, and may be asked again at once.
        if time.monotonic() - begun >= timeout / 2:
            _left_alone_until[url] = time.monotonic() + LEFT_ALONE_SECONDS
        raise


def _send_in(timeout: float, url: str, task: AnyTask, args: tuple[int, ...], priority: int) -> None:
    with (
        tracing.span(f"publish {task.name}", "producer"),
        _producers(url, timeout).acquire(block=True, timeout=timeout) as producer,
    ):
        task.apply_async(
            args=args,
            producer=producer,
            priority=priority,
            ignore_result=True,
            retry=True,
            retry_policy={"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0},
        )


@lru_cache(maxsize=1)
def _producers(url: str, timeout_seconds: float) -> ProducerPool:
    """Connections of their own: those of a worker must be patient, an upload must not wait."""
    timeout = timeout_seconds / 2
    options = dict(celery_app.conf.broker_transport_options)
    options.update(socket_timeout=timeout, socket_connect_timeout=timeout, max_retries=0, health_check_interval=0)
    connection = Connection(url, connect_timeout=timeout, transport_options=options)
    return ProducerPool(connection.Pool(PUBLISHERS), limit=PUBLISHERS)


os.register_at_fork(after_in_child=_producers.cache_clear)
