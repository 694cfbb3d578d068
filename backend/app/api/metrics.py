"""Numbers for Prometheus: this process's requests, and how labelling stands as rows and broker tell it.

What can be known is told, whatever else is away: a part that does not answer in time is `part_up` 0, and its numbers
are missing. The rest comes from `labeling.standing` and is the same wherever it is asked.
"""

import shutil
import time
from collections.abc import Iterator, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api import readiness
from app.core import asking, preferences, tracing
from app.core.config import get_settings
from app.core.db import transaction
from app.core.tallies import Key
from app.labeling import standing
from app.labeling.standing import Standing
from app.tasks import heartbeat, queue_depth
from app.tasks.queue_depth import Depths

API = "/api/v1"
PREFIX = "workflow_platform"

REGISTRY = CollectorRegistry()

REQUESTS = Counter(f"{PREFIX}_http_requests", "Answered requests.", ["method", "route", "status"], registry=REGISTRY)
SECONDS = Histogram(
    f"{PREFIX}_http_request_seconds", "Time to the last byte of the answer.", ["method", "route"], registry=REGISTRY
)

TALLIES = {
    "model_calls": ("Calls of models that are over, by what became of them.", ["labeler", "model", "outcome"]),
    "model_tokens": ("Tokens of calls; `input` counts those of the cache too.", ["labeler", "model", "kind"]),
    "model_cost_usd": ("US dollars that calls cost.", ["labeler", "model"]),
    "reconciler_repairs": ("Runs that the reconciler sent on their way again, by why.", ["kind"]),
}
"""Counted in the database, see `core.tallies`: help and labels."""

REPAIRS = ("message_lost", "worker_died", "rest_over", "parked_goes_on")


def gauge(name: str, about: str, values: Mapping[Any, float], labels: tuple[str, ...] = ()) -> Metric:
    """A number now, for each combination of the labels' values."""
    family = GaugeMetricFamily(f"{PREFIX}_{name}", about, labels=labels)
    for of, value in values.items():
        family.add_metric(of, value)
    return family


class StandingCollector(Collector):
    """Read when asked."""

    def describe(self) -> Iterator[Metric]:
        return iter(())

    def collect(self) -> Iterator[Metric]:
        asked = {"metrics": _read_rows, "depths": queue_depth.read, "workers": heartbeat.alive, "disk": _free_bytes}
        answers = asking.all_of({**readiness.QUESTIONS, **asked}, readiness.PATIENCE_SECONDS)
        parts = readiness.parts(answers)
        up = {(name,): int(part.state == "ok") for name, part in parts.items()}
        yield gauge("part_up", "Whether a part works, as /health/ready says.", up, ("part",))
        if not isinstance(rows := answers["metrics"], Exception):
            yield from _of_rows(rows)
        if not isinstance(depths := answers["depths"], Exception):
            yield from _of_broker(depths)
        if not isinstance(alive := answers["workers"], Exception):
            yield gauge("workers", "Workers that gave a sign of life lately.", {(): len(alive)})
        if not isinstance(free := answers["disk"], Exception):
            yield gauge("data_dir_free_bytes", "Free bytes on the disk of DATA_DIR.", {(): free})


def _read_rows() -> Standing:
    with transaction(read_only=True) as session:
        return standing.read(session, preferences.settings(session))


def _free_bytes() -> int:
    """Of the disk that DATA_DIR is on, or will be once something is stored."""
    folder = get_settings().data_dir.resolve()
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _of_rows(rows: Standing) -> Iterator[Metric]:
    states = {(state,): count for state, count in rows.runs.items()}
    yield gauge("runs", "Unfinished labelling runs, by state.", states, ("state",))
    yield gauge("oldest_queued_seconds", "Age of the oldest waiting run.", {(): rows.oldest_queued_seconds})
    about = "How long ago the reconciler should have looked at the run that is due first."
    yield gauge("overdue_seconds", about, {(): rows.overdue_seconds})
    limited = {period: budget for period, budget in rows.budget.items() if budget.limit_usd is not None}
    of = {(period,): budget.limit_usd or 0.0 for period, budget in limited.items()}
    yield gauge("budget_usd", "Budget of the present period (UTC), where one is set.", of, ("period",))
    left = {(period,): budget.left_usd or 0.0 for period, budget in limited.items()}
    about = "What is left of it, without what is reserved for calls under way."
    yield gauge("budget_left_usd", about, left, ("period",))
    counted = {("reconciler_repairs", kind): 0.0 for kind in REPAIRS} | rows.tallies
    for name, (about, labels) in TALLIES.items():
        yield _counter(name, about, labels, counted)


def _counter(name: str, about: str, labels: list[str], counted: dict[Key, float]) -> Metric:
    family = CounterMetricFamily(f"{PREFIX}_{name}", about, labels=labels)
    for (of, *values), value in sorted(counted.items()):
        if of == name:
            family.add_metric(values, value)
    return family


def _of_broker(depths: Depths) -> Iterator[Metric]:
    waiting = {(queue, str(priority)): count for (queue, priority), count in depths.waiting.items()}
    labels = ("queue", "priority")
    yield gauge("queue_messages", "Messages that wait in the broker; priority 0 goes first.", waiting, labels)
    yield gauge("unacked_messages", "Messages that workers hold unacknowledged.", {(): depths.unacked})


REGISTRY.register(StandingCollector())


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
    """Counts, times and traces every request under its route's pattern, never under its address."""

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

        with tracing.span(scope["method"], "server", carrier=Headers(scope=scope), attributes=_ids(scope)) as span:
            try:
                await self.app(scope, receive, send_and_note)
            finally:
                route = _pattern(scope)
                REQUESTS.labels(scope["method"], route, status).inc()
                SECONDS.labels(scope["method"], route).observe(time.perf_counter() - began)
                span.name(f"{scope['method']} {route}", {"http.route": route, "http.response.status_code": status})


def _ids(scope: Scope) -> tracing.Attributes:
    return {"http.request.method": scope["method"], "request_id": scope.get("state", {}).get("request_id", "")}
