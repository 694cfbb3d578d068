"""Notices that something about a run has changed, for whoever looks at it just now. Best effort: rows are the truth."""

import json
import os
from functools import lru_cache

import redis
import structlog
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.core.config import get_settings

log = structlog.get_logger(__name__)

CHANNEL = "workflow-platform:labeling"
PATIENCE_SECONDS = 1.0


def announce(workflow_id: int, run_id: int) -> bool:
    """Tell the viewers to read again; False: nobody could be told. Never raises, never waits long."""
    try:
        _client(get_settings().redis_url).publish(CHANNEL, json.dumps({"workflow_id": workflow_id, "run_id": run_id}))
    except (redis.RedisError, OSError) as error:
        log.debug("progress_not_announced", run_id=run_id, error=type(error).__name__)
        return False
    return True


@lru_cache(maxsize=1)
def _client(url: str) -> redis.Redis:
    half = PATIENCE_SECONDS / 2
    return redis.Redis.from_url(url, socket_connect_timeout=half, socket_timeout=half, retry=Retry(NoBackoff(), 0))


os.register_at_fork(after_in_child=_client.cache_clear)
