"""The smallest FastAPI application and Celery worker there can be: what ours is weighed against."""

import os
import time

from celery import Celery
from fastapi import FastAPI

celery = Celery("hello", broker=os.environ["REDIS_URL"], backend=os.environ["REDIS_URL"])
celery.conf.update(task_acks_late=True, worker_concurrency=5, worker_prefetch_multiplier=1)
celery.conf.broker_connection_retry_on_startup = True
web = FastAPI()


@celery.task(name="hello.work")
def work() -> float:
    """Does nothing; returns when it began, in seconds since 1970."""
    return time.time()


@web.get("/health/live")
def live() -> dict[str, str]:
    return {"status": "ok"}


@web.post("/work")
def begin() -> float:
    """Sends a task and waits for its result."""
    result: float = work.delay().get(timeout=30)
    return result
