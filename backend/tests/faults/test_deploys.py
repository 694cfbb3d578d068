"""Workers that are asked to go during a deploy, each with runs under way, each replaced by a new one."""

import signal

import pytest

from tests.doubles.latency import Latency
from tests.faults.trial import REAL, Trial
from tests.labeling.claude_settings import configure
from tests.labeling.recordings import run_of
from tests.services import StartWorker

pytestmark = pytest.mark.usefixtures("queue_settings")

IN_FLIGHT = 4
"""Runs at a time in each worker."""
STOP_SECONDS = 60


@pytest.mark.parametrize(
    ("database_url", "number", "at_once"),
    [
        ("postgresql", signal.SIGTERM, 4),
        ("postgresql", signal.SIGQUIT, 4),
        ("sqlite", signal.SIGTERM, 1),
        ("sqlite", signal.SIGQUIT, 1),
    ],
    indirect=["database_url"],
)
def test_a_deploy_loses_no_task_and_doubles_none(
    trial: Trial, start_worker: StartWorker, monkeypatch: pytest.MonkeyPatch, number: signal.Signals, at_once: int
) -> None:
    configure(monkeypatch, label_runs_at_once=str(at_once))
    trial.claude.set_latency(Latency(first_token_seconds=0.4))
    for _ in range(12):
        trial.send(steps=3)
    old = [start_worker(app=REAL) for _ in range(2)]
    trial.claude.wait(calls=4, seconds=60)
    trial.strike()
    for worker in old:
        worker.process.send_signal(number)
        start_worker(app=REAL)
        assert worker.process.wait(STOP_SECONDS) == 0
    seconds = trial.wait()
    verdict = trial.judge(22, f"a deploy: {number.name}, {at_once} run(s) at a time", seconds=seconds)
    assert (verdict.lost, verdict.doubled, verdict.paid_again) == (0, 0, ())
    deaths = sum(run_of(run.run_id).worker_deaths for run in trial.recorded)
    if number == signal.SIGTERM:
        assert (verdict.extra_calls, deaths) == (0, 0), "what is under way is finished first"
    assert verdict.extra_calls <= len(old) * at_once
    assert verdict.most_extra <= 1
