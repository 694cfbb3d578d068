"""What a worker tells about its tasks: ids in its log, counts and times, spans."""

import time
from contextlib import ExitStack
from typing import Any

import structlog
from celery import signals
from prometheus_client import Counter, Histogram

from app.core import logging, tracing
from app.core.measured import REGISTRY

TASKS = Counter(
    "workflow_platform_tasks",
    "Tasks that a worker was done with; `retry`: it will be tried again.",
    ["task", "outcome"],
    registry=REGISTRY,
)
TASK_SECONDS = Histogram(
    "workflow_platform_task_seconds",
    "Time that a task ran.",
    ["task"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300),
    registry=REGISTRY,
)

_running: dict[str, tuple[float, ExitStack]] = {}


@signals.before_task_publish.connect
def send_ids_along(headers: dict[str, Any], **_: Any) -> None:
    """Whoever works on the message logs under the number of the request that led to it."""
    if request_id := logging.request_id():
        headers.setdefault("request_id", request_id)
    headers.update(tracing.carry())


@signals.task_prerun.connect
def begin(task_id: str, task: Any, **_: Any) -> None:
    """In the process that runs the task."""
    sent = vars(task.request)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(task_id=task_id, task=task.name, request_id=sent.get("request_id"))
    carrier = {name: str(sent[name]) for name in ("traceparent", "tracestate") if sent.get(name)}
    stack = ExitStack()
    stack.enter_context(tracing.span(task.name, "consumer", carrier=carrier, attributes={"task_id": task_id}))
    _running[task_id] = (time.perf_counter(), stack)


@signals.task_postrun.connect
def end(task_id: str, task: Any, state: str | None = None, **_: Any) -> None:
    """However it ended."""
    began, stack = _running.pop(task_id, (None, None))
    if began is None or stack is None:
        return
    stack.close()
    TASKS.labels(task.name, (state or "unknown").lower()).inc()
    TASK_SECONDS.labels(task.name).observe(time.perf_counter() - began)
    structlog.contextvars.clear_contextvars()


@signals.worker_process_shutdown.connect
def send_what_is_left(**_: Any) -> None:
    """A child of the pool ends without the interpreter's own end."""
    tracing.flush()
