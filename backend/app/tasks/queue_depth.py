"""How many labelling messages the broker holds."""

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.celery_app import LABELING_QUEUE, PRIORITY_STEPS
from app.core.config import get_settings


def waiting_messages() -> int:
    """Messages that wait in the labelling queue, over all its priorities; each has a list of its own in Redis.

    Raises RedisError or OSError, within `publish_timeout_seconds`, when the broker does not answer.
    """
    settings = get_settings()
    keys = [LABELING_QUEUE, *(f"{LABELING_QUEUE}\x06\x16{step}" for step in PRIORITY_STEPS if step)]
    timeout = settings.publish_timeout_seconds
    options = {"socket_timeout": timeout, "socket_connect_timeout": timeout, "retry": Retry(NoBackoff(), 0)}
    with Redis.from_url(settings.redis_url, **options) as client:
        return sum(client.llen(key) for key in keys)
