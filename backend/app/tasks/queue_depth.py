"""How many messages the broker holds."""

from dataclasses import dataclass

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.celery_app import LABELING_QUEUE, PRIORITY_STEPS, celery_app
from app.core.config import get_settings

UNACKED = "unacked"
"""Where the transport keeps what it delivered until it is acknowledged, of all queues."""


@dataclass(frozen=True, slots=True)
class Depths:
    """Messages that wait, by queue and priority, and those that workers hold."""

    waiting: dict[tuple[str, int], int]
    unacked: int


def read() -> Depths:
    """In one round trip. Each priority has a list of its own in Redis.

    Raises RedisError or OSError, within `publish_timeout_seconds`, when the broker does not answer.
    """
    settings = get_settings()
    keys = {
        (queue, step): f"{queue}\x06\x16{step}" if step else queue
        for queue in (celery_app.conf.task_default_queue, LABELING_QUEUE)
        for step in PRIORITY_STEPS
    }
    timeout = settings.publish_timeout_seconds
    options = {"socket_timeout": timeout, "socket_connect_timeout": timeout, "retry": Retry(NoBackoff(), 0)}
    with Redis.from_url(settings.redis_url, **options) as client, client.pipeline(transaction=False) as asked:
        for key in keys.values():
            asked.llen(key)
        asked.hlen(UNACKED)
        *waiting, unacked = asked.execute()
    return Depths(dict(zip(keys, waiting, strict=True)), unacked)


def waiting_messages() -> int:
    """Messages that wait in the labelling queue, over all its priorities. Raises as `read` does."""
    return sum(count for (queue, _), count in read().waiting.items() if queue == LABELING_QUEUE)
