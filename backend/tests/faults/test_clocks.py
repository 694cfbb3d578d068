"""Workers whose clocks are wrong: leases are on the database's clock.

On PostgreSQL alone: SQLite is no server, its clock is that of the process and of the one machine that has the file.
"""

import importlib.util
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.core.config import Settings
from app.tasks import heartbeat
from app.tasks.publishing import publish
from tests.faults.record import Faulted, Record
from tests.faults.trial import long
from tests.labeling.recordings import labels_of, record, run_of
from tests.labeling.scripted import Stage
from tests.missing import left_out
from tests.services import StartWorker, wait_for_run, wait_until

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

AN_HOUR = 3600


def _library() -> str:
    """libfaketime, which comes with the package of this name."""
    found = importlib.util.find_spec("libfaketime")
    if found is None or found.origin is None:
        if os.uname().machine != "x86_64":
            pytest.skip("libfaketime comes for x86-64 alone")
        left_out("A wrong clock needs libfaketime, which the tools for testing bring along on Linux on x86-64.")
    return str(Path(found.origin).parent / "vendor" / "libfaketime" / "src" / "libfaketime.so.1")


@contextmanager
def clock_off_by(seconds: int) -> Iterator[None]:
    """For processes that are started in the block."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("LD_PRELOAD", _library())
        environment.setenv("FAKETIME", f"{seconds:+d}")
        environment.setenv("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        yield


@pytest.mark.parametrize(("first", "second"), [(AN_HOUR, -AN_HOUR), long(-AN_HOUR, AN_HOUR)])
def test_nothing_is_taken_over_early_and_nothing_is_stuck(
    *,
    queue_settings: Settings,
    start_worker: StartWorker,
    worker_stage: Stage,
    faulted: Record,
    first: int,
    second: int,
) -> None:
    worker_stage.plan("Second", wait_for="second")
    with clock_off_by(first):
        holder = start_worker()
    run = record(["First", "Second", "Third"])
    assert publish(run.run_id, run.workflow_id, 3)
    wait_until(lambda: len(worker_stage.calls()) == 2, "the second call")
    with clock_off_by(second):
        start_worker()
    wait_until(lambda: len(heartbeat.alive()) == 2, "both give signs of life")
    lease_ends = run_of(run.run_id).due_at
    assert lease_ends is not None
    wait_until(
        lambda: ((run_of(run.run_id).due_at or lease_ends) - lease_ends).total_seconds() > queue_settings.lease_seconds,
        "a lease that was renewed for longer than it lasts",
    )
    taken_over = run_of(run.run_id).attempts - 1
    holder.kill()
    died = time.monotonic()
    worker_stage.open("second")
    done = wait_for_run(run.run_id, "succeeded", seconds=queue_settings.lease_seconds + 30)
    labels = [len(labels_of(step)) for step in run.step_ids]
    names = sorted(name for call in worker_stage.calls() for name in call["names"])
    faulted(
        Faulted(
            18,
            f"the clock of a worker off by {first:+,} s, of another by {second:+,} s",
            lost=labels.count(0),
            doubled=sum(labels) - 3,
            extra_calls=len(names) - 4,
            seconds=time.monotonic() - died,
        )
    )
    assert taken_over == 0
    assert (done.attempts, labels) == (2, [1, 1, 1])
    assert names == ["First", "Second", "Second", "Third"]
