"""Workers that are asked to go during a deploy, each with runs under way, each replaced by a new one."""

import signal

import pytest

from tests.faults.asked import REAL
from tests.faults.trial import Trial, long
from tests.labeling.claude_settings import configure
from tests.labeling.recordings import run_of
from tests.services import START_SECONDS, StartWorker

pytestmark = pytest.mark.usefixtures("queue_settings")

WORKERS = 2
STOP_SECONDS = 60


@pytest.mark.parametrize(
    ("database_url", "number", "at_once"),
    [
        ("postgresql", signal.SIGTERM, 4),
        long("postgresql", signal.SIGQUIT, 4),
        long("sqlite", signal.SIGTERM, 1),
        long("sqlite", signal.SIGQUIT, 1),
    ],
    indirect=["database_url"],
)
def test_a_deploy_loses_no_task_and_doubles_none(
    trial: Trial, start_worker: StartWorker, monkeypatch: pytest.MonkeyPatch, number: signal.Signals, at_once: int
) -> None:
    configure(monkeypatch, label_runs_at_once=str(at_once), label_timeout_seconds="110")
    under_way = WORKERS * at_once
    trial.hold(1, under_way)
    for _ in range(under_way + 4):
        trial.send(steps=2)
    old = [start_worker(app=REAL, ready=False) for _ in range(WORKERS)]
    trial.claude.wait(calls=under_way, in_flight=under_way, seconds=START_SECONDS)
    trial.strike()
    for worker in old:
        worker.process.send_signal(number)
        start_worker(app=REAL, ready=False)
    if number == signal.SIGTERM:
        trial.release()
    assert [worker.process.wait(STOP_SECONDS) for worker in old] == [0] * WORKERS
    seconds = trial.wait(seconds=START_SECONDS)
    verdict = trial.judge(22, f"a deploy: {number.name}, {at_once} run(s) at a time", seconds=seconds)
    deaths = sum(run_of(run.run_id).worker_deaths for run in trial.recorded)
    assert (verdict.lost, verdict.doubled, verdict.paid_again) == (0, 0, ())
    if number == signal.SIGTERM:
        assert (verdict.extra_calls, deaths) == (0, 0), "what is under way is finished first"
    else:
        assert (verdict.extra_calls, verdict.most_extra) == (under_way, 1), "what was cut off, once each"
