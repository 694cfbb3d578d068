"""Numbers for Prometheus: this process's requests, and the state of the queue as rows and broker tell it."""

import time
from collections.abc import Iterator

import redis
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.db import transaction
from app.labeling.models import ACTIVE, LabelingRun, RunState
from app.tasks.queue_depth import waiting_messages

API = "/api/v1"

REGISTRY = CollectorRegistry()

REQUESTS = Counter(
    "workflow_platform_http_requests", "Answered requests.", ["method", "route", "status"], registry=REGISTRY
)
SECONDS = Histogram(
    "workflow_platform_http_request_seconds",
    "Time to the last byte of the answer.",
    ["method", "route"],
    registry=REGISTRY,
)


class QueueCollector(Collector):
    """Read when asked: how many runs wait, run, need a person; how many messages the broker holds."""

    def describe(self) -> Iterator[GaugeMetricFamily]:
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        runs = GaugeMetricFamily("workflow_platform_runs", "Unfinished labelling runs, by state.", labels=["state"])
        oldest = GaugeMetricFamily("workflow_platform_oldest_queued_seconds", "Age of the oldest waiting run.")
        unfinished = (*ACTIVE, RunState.NEEDS_ATTENTION)
        try:
            with transaction(read_only=True) as session:
                counted = session.execute(
                    select(LabelingRun.state, func.count().label("runs"))
                    .where(LabelingRun.state.in_(unfinished), LabelingRun.acknowledged_at.is_(None))
                    .group_by(LabelingRun.state)
                )
                counts = {row.state: row.runs for row in counted}
                first = session.scalar(
                    select(LabelingRun.created_at)
                    .where(LabelingRun.state == RunState.QUEUED)
                    .order_by(LabelingRun.id)
                    .limit(1)
                )
        except SQLAlchemyError:
            return
        for state in unfinished:
            runs.add_metric([state], counts.get(state, 0))
        oldest.add_metric([], time.time() - first.timestamp() if first else 0)
        yield runs
        yield oldest
        try:
            waiting = waiting_messages()
        except (redis.RedisError, OSError):
            return
        messages = GaugeMetricFamily("workflow_platform_queue_messages", "Labelling messages in the broker.")
        messages.add_metric([], waiting)
        yield messages


REGISTRY.register(QueueCollector())


def render() -> str:
    """All numbers in Prometheus's text form."""
    return generate_latest(REGISTRY).decode()


def _pattern(scope: Scope) -> str:
    """The route's pattern, with the prefix under which its router was included: FastAPI leaves it out."""
    pattern: str | None = getattr(scope.get("route"), "path", None)
    if pattern is None:
        return "other"
    return f"{API}{pattern}" if scope["path"].startswith(f"{API}/") else pattern


class RequestMetrics:
    """Counts and times every request under its route's pattern, never under its address."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 500
        began = time.perf_counter()

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        finally:
            route = _pattern(scope)
            REQUESTS.labels(scope["method"], route, status).inc()
            SECONDS.labels(scope["method"], route).observe(time.perf_counter() - began)
