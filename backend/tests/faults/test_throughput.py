"""How much is still done while the broker is killed and started again every ten seconds."""

import time

import pytest
from sqlalchemy import func, select

from app.core.db import transaction
from app.labeling.models import LabelingRun
from tests.doubles.latency import Latency
from tests.faults.asked import REAL
from tests.faults.trial import Trial
from tests.services import Broker, StartWorker, wait_until

pytestmark = pytest.mark.usefixtures("queue_settings")

WINDOW_SECONDS = 60
EVERY_SECONDS = 10
BACKLOG = 60


@pytest.mark.long
@pytest.mark.usefixtures("as_they_come")
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_at_least_half_is_done_while_the_broker_restarts_every_ten_seconds(
    trial: Trial,
    broker: Broker,
    start_worker: StartWorker,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With the settings as they come; recordings come in all the time, so that there is always something to do."""
    trial.claude.set_latency(Latency(first_token_seconds=2))
    workers = [start_worker("--concurrency=2", app=REAL) for _ in range(2)]
    top_up(trial)
    wait_until(lambda: finished() >= 8, "well under way", 120)
    undisturbed = finished_in_a_window(trial, None)
    trial.strike()
    disturbed = finished_in_a_window(trial, broker)
    trial.strike()
    trial.claude.set_latency(Latency(first_token_seconds=0.1))
    seconds = trial.wait(seconds=180)
    ratio = disturbed / undisturbed
    with capsys.disabled():
        print(  # noqa: T201 - a measurement
            f"\nruns finished in {WINDOW_SECONDS} s: {undisturbed} undisturbed, {disturbed} with the broker killed "
            f"every {EVERY_SECONDS} s; ratio {ratio:.2f}"
        )
    verdict = trial.judge(5, f"the broker killed every {EVERY_SECONDS} s for {WINDOW_SECONDS} s", seconds=seconds)
    assert (verdict.lost, verdict.doubled, verdict.extra_calls) == (0, 0, 0)
    assert ratio >= 0.5
    assert [worker.process.poll() for worker in workers] == [None, None]


def finished_in_a_window(trial: Trial, broker: Broker | None) -> int:
    """Runs that came to their end in so many seconds, the broker restarted again and again if it is given."""
    before, begun = finished(), time.monotonic()
    restart = begun
    while (now := time.monotonic()) < begun + WINDOW_SECONDS:
        if broker is not None and now >= restart:
            broker.kill()
            broker.start()
            restart += EVERY_SECONDS
        top_up(trial)
        time.sleep(0.2)
    return finished() - before


def top_up(trial: Trial) -> None:
    """So that there are always some that wait."""
    for _ in range(max(0, BACKLOG - in_state("queued"))):
        trial.send(steps=2)


def finished() -> int:
    return in_state("succeeded")


def in_state(state: str) -> int:
    with transaction(read_only=True) as session:
        return session.scalar(select(func.count()).where(LabelingRun.state == state)) or 0
