"""How long after publishing a run a worker has claimed it, beside a Celery task that does nothing.

    python -m benchmarks.queue [--samples 200]

Both on the same Valkey, each with a worker of five children and late acknowledgement, one message at a time, in turns.
Ours ends when the claim is committed: lock, lease and attempt are in the database. Both workers note the time on this
machine's clock.
"""

import argparse
import gc
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from benchmarks import report, services
from benchmarks.report import Row
from benchmarks.rules import rich_workflow
from benchmarks.services import KINDS

WARM_UP = 20
STEPS = 5
PATIENCE_SECONDS = 30


def measure(kind: str, samples: int) -> list[Row]:
    """On this kind of database."""
    with tempfile.TemporaryDirectory(prefix="wp-queue-") as name, ExitStack() as stack:
        folder = Path(name)
        redis_url = stack.enter_context(services.valkey(folder / "valkey"))
        database_url = stack.enter_context(services.database(kind, folder))
        environment = services.environment(folder, redis_url, database_url)
        services.first_token(environment)
        bare_environment = {"REDIS_URL": redis_url.removesuffix("/0") + "/1"}
        log = folder / "ours.log"
        stack.enter_context(services.worker("app.celery_app", environment, log, "--queues", "celery,ai_labeling"))
        stack.enter_context(services.worker("benchmarks.hello:celery", bare_environment, folder / "bare.log"))
        bare, ours = _bare(bare_environment["REDIS_URL"]), _ours(environment)
        stack.callback(_let_go)
        bare_seconds, sent = [], []
        for _ in range(WARM_UP + samples):
            bare_seconds.append(bare())
            sent.append(ours())
        claimed = _claimed(log)
        ours_seconds = [claimed[run_id] - moment for run_id, moment in sent]
    mine, theirs = (_percentiles(seconds[WARM_UP:]) for seconds in (ours_seconds, bare_seconds))
    return [
        Row(f"enqueue to start, {kind}: median", mine[0], "ms", theirs[0], at_most=1.5),
        Row(f"enqueue to start, {kind}: slowest twentieth", mine[1], "ms", theirs[1]),
    ]


def _bare(redis_url: str) -> Callable[[], float]:
    """Seconds from `.delay()` to the first line of the task."""
    from celery import Celery

    task = Celery("hello", broker=redis_url, backend=redis_url).signature("hello.work")

    def call() -> float:
        sent = time.time()
        return float(task.apply_async().get(timeout=PATIENCE_SECONDS)) - sent

    return call


def _ours(environment: dict[str, str]) -> Callable[[], tuple[int, float]]:
    """The number of a published run, and when it was published; returns when the run is over."""
    from app.core import config

    config.override(**{name.lower(): value for name, value in environment.items()})

    from app.accounts.service import local_admin
    from app.core.db import forget_engine, transaction
    from app.labeling import runs
    from app.labeling.models import ACTIVE
    from app.recordings import service as recordings
    from app.recordings.schema import RecordingIn, RecordingStep
    from app.tasks.publishing import publish

    forget_engine()
    with transaction() as session:
        actor = local_admin(session)
    steps = [step.model_copy(update={"screenshot_id": None}) for step in rich_workflow(1)[:STEPS]]
    recording = RecordingIn(name="One of many", steps=[RecordingStep(**step.model_dump()) for step in steps])
    prepared = recordings.prepare(recording)

    def call() -> tuple[int, float]:
        with transaction() as session:
            ingested = recordings.store(session, actor, prepared)
        sent = time.time()
        assert publish(ingested.run.id, ingested.workflow_id, runs.PRIORITIES["normal"])
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            time.sleep(0.02)
            with transaction(read_only=True) as session:
                if runs.get(session, ingested.run.id).state not in ACTIVE:
                    return ingested.run.id, sent
            assert time.monotonic() < deadline, "the run is not finished"

    return call


def _let_go() -> None:
    """Close what is connected to servers that stop now."""
    from app.core.db import forget_engine

    forget_engine()
    gc.collect()  # results of the bare tasks unsubscribe when they are collected


def _claimed(log: Path) -> dict[int, float]:
    """When each run was claimed, in seconds since 1970: the worker writes it down right after the commit."""
    lines = (json.loads(line) for line in log.read_text().splitlines() if '"labeling_begins"' in line)
    return {line["run_id"]: datetime.fromisoformat(line["timestamp"]).timestamp() for line in lines}


def _percentiles(seconds: list[float]) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds."""
    return statistics.median(seconds) * 1000, statistics.quantiles(seconds, n=20)[-1] * 1000


def _measure_all(given: argparse.Namespace) -> list[Row]:
    samples = 30 if given.quick else given.samples
    print(f"queue: {samples} messages, one at a time")
    return [row for kind in given.database or KINDS for row in measure(kind, samples)]


def main() -> None:
    """Both databases."""
    parser = report.parser(__doc__)
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument("--database", choices=KINDS, action="append")
    report.run(_measure_all, parser.parse_args())


if __name__ == "__main__":
    main()
