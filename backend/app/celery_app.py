"""`celery -A app.celery_app …`: configuration of the queue, nothing else. The tasks are in `app.tasks`."""

import gc
from typing import TYPE_CHECKING, Any

from billiard.exceptions import SoftTimeLimitExceeded
from celery import Celery, Task, signals
from kombu import Exchange, Queue

from app.core import logging, memory
from app.core.config import get_settings
from app.core.errors import AppError

LABELING_QUEUE = "ai_labeling"
PRIORITY_STEPS = [0, 3, 6, 9]
"""Redis keeps one list for each; 0 goes first."""

VISIBILITY_TIMEOUT_SECONDS = 900
"""After it a message that nobody acknowledged is delivered again: longer than any task and any countdown."""


if TYPE_CHECKING:
    AnyTask = Task[Any, Any]
else:
    AnyTask = Task  # is generic in the type stubs only


class BaseTask(AnyTask):
    """Repeats what fails, unless the failure says that this would not help.

    These are attributes of the class because Celery has no settings for them.
    """

    autoretry_for = (Exception,)
    dont_autoretry_for = (AppError, SoftTimeLimitExceeded)
    max_retries = 3
    retry_backoff = 5
    retry_backoff_max = 60
    retry_jitter = True


def _queue(name: str) -> Queue:
    return Queue(name, Exchange(name), routing_key=name)


def _configuration() -> dict[str, Any]:
    url = get_settings().redis_url
    return {
        "broker_url": url,
        "result_backend": url,
        "include": [
            "app.tasks.ai_labeling",
            "app.tasks.cleaning",
            "app.tasks.exporting",
            "app.tasks.maintenance",
            "app.tasks.metrics_server",
            "app.tasks.observing",
            "app.tasks.telling",
            "app.tasks.webhooks",
        ],
        "task_serializer": "json",
        "result_serializer": "json",
        "event_serializer": "json",
        "accept_content": ["json"],
        "result_accept_content": ["json"],
        "result_expires": 86_400,
        "task_default_queue": "celery",
        "task_queues": [_queue("celery"), _queue(LABELING_QUEUE)],
        "task_routes": {"app.tasks.ai_labeling.*": {"queue": LABELING_QUEUE}},
        "task_time_limit": 300,
        "task_soft_time_limit": 270,
        "task_track_started": True,
        # A message is acknowledged when its work is done, so that a worker that dies loses nothing …
        "task_acks_late": True,
        # … and it is not handed on when a child dies: the lease in the database counts deaths and ends.
        "task_reject_on_worker_lost": False,
        "worker_concurrency": 5,
        # Messages that a busy worker holds back cannot be overtaken by more urgent ones.
        "worker_prefetch_multiplier": 1,
        # On Redis, cancelled tasks were lost; the fencing token keeps two workers from doing harm.
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_transport_options": {
            "visibility_timeout": VISIBILITY_TIMEOUT_SECONDS,
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
            "priority_steps": PRIORITY_STEPS,
            "queue_order_strategy": "priority",
            "socket_connect_timeout": 5,
            "socket_timeout": 20,
            "socket_keepalive": True,
            "health_check_interval": 25,
            # What a plain `.delay()` waits for when the broker is down; a worker reconnects for ever all the same.
            "max_retries": 1,
            "interval_start": 0.2,
            "interval_step": 0.2,
            "interval_max": 0.5,
        },
        "task_publish_retry_policy": {"max_retries": 2, "interval_start": 0.2, "interval_step": 0.5, "interval_max": 1},
        "result_backend_transport_options": {"retry_policy": {"max_retries": 5}},
        "redis_socket_connect_timeout": 5,
        "redis_socket_timeout": 20,
        "redis_retry_on_timeout": True,
        "redis_socket_keepalive": True,
    }


celery_app = Celery("workflow_platform", task_cls=BaseTask)
celery_app.conf.update(_configuration())


@signals.setup_logging.connect
def configure_logging(**_: Any) -> None:
    """Log as the API does, instead of as Celery would."""
    logging.configure()


@signals.worker_init.connect
def take_less_memory(**_: Any) -> None:
    """Before the first thread draws a picture."""
    memory.share_arenas()


@signals.worker_before_create_process.connect
def share_with_children(**_: Any) -> None:
    """A child of the pool shares its parent's memory until one of them writes there, as the collector does."""
    if not gc.get_freeze_count():
        gc.collect()
    gc.freeze()
