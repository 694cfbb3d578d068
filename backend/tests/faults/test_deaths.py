"""Workers that are killed, and recordings that kill their workers."""

import os
import re
import signal

import pytest
from sqlalchemy import select

from app.core.config import get_settings
from app.core.db import transaction
from app.labeling.models import ModelCall
from app.tasks.ai_labeling import label_workflow_steps
from tests.faults.asked import REAL
from tests.faults.trial import Trial, Verdict, long
from tests.labeling.claude_settings import configure
from tests.labeling.recordings import Recorded, labels_of, record, run_of
from tests.labeling.scripted import Stage
from tests.services import StartWorker, Worker, wait_for_run, wait_until

pytestmark = pytest.mark.usefixtures("queue_settings")

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
on_both = pytest.mark.parametrize(
    ("database_url", "at_once"),
    [long("postgresql", 1), ("postgresql", 4), long("sqlite", 4)],
    indirect=["database_url"],
)
"""One run a process at a time, and several."""


def under_way(trial: Trial, start_worker: StartWorker, monkeypatch: pytest.MonkeyPatch, at_once: int) -> Worker:
    """A worker of one process with so many runs in a call each, and two calls answered before."""
    configure(monkeypatch, label_runs_at_once=str(at_once), label_timeout_seconds="110")
    trial.hold(3, 2 + at_once)
    for _ in range(at_once):
        trial.send(steps=3)
    worker = start_worker(app=REAL)
    trial.claude.wait(calls=2 + at_once, in_flight=at_once, seconds=60)
    return worker


def assert_only_what_was_in_flight_was_called_again(verdict: Verdict, at_once: int) -> None:
    assert (verdict.lost, verdict.doubled, verdict.paid_again) == (0, 0, ())
    assert (verdict.extra_calls, verdict.most_extra) == (at_once, 1), "the calls that were cut off, once each"


@on_both
def test_a_killed_child_is_replaced_and_no_finished_chunk_is_paid_again(
    trial: Trial, start_worker: StartWorker, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    worker = under_way(trial, start_worker, monkeypatch, at_once)
    (victim,) = worker.children()
    trial.strike()
    os.kill(victim, signal.SIGKILL)
    seconds = trial.wait()
    verdict = trial.judge(1, f"kill -9 of a pool child with {at_once} run(s) under way", seconds=seconds)
    assert_only_what_was_in_flight_was_called_again(verdict, at_once)
    assert seconds < 60
    assert worker.process.poll() is None
    cut_off = [call for call in calls_booked() if call.outcome != "answered"]
    assert len(cut_off) == at_once
    assert all(call.reserved_usd > 0 and call.cost_usd is None for call in cut_off), "they may have cost something"


@on_both
def test_a_killed_worker_is_replaced_by_another(
    trial: Trial, start_worker: StartWorker, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    worker = under_way(trial, start_worker, monkeypatch, at_once)
    start_worker(app=REAL)
    trial.strike()
    worker.kill()
    seconds = trial.wait()
    verdict = trial.judge(2, f"kill -9 of a worker with {at_once} run(s) under way", seconds=seconds)
    assert_only_what_was_in_flight_was_called_again(verdict, at_once)
    assert seconds < get_settings().lease_seconds + 30


@pytest.mark.parametrize("database_url", ["postgresql", long("sqlite")], indirect=True)
def test_a_worker_stopped_past_its_lease_changes_nothing_when_it_comes_back(
    trial: Trial, start_worker: StartWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = under_way(trial, start_worker, monkeypatch, at_once=1)
    (sleeper,) = worker.children()
    start_worker(app=REAL)
    trial.strike()
    os.kill(sleeper, signal.SIGSTOP)
    seconds = trial.wait()
    trial.release()
    os.kill(sleeper, signal.SIGCONT)
    wait_until(lambda: [call.outcome for call in calls_booked()] == ["answered"] * 4, "the sleeper books its answer")
    verdict = trial.judge(16, "a worker stopped past its lease comes back", seconds=seconds)
    assert_only_what_was_in_flight_was_called_again(verdict, at_once=1)
    (run,) = trial.recorded
    assert run_of(run.run_id).steps_labeled == 3


@pytest.mark.parametrize(
    ("database_url", "how", "at_once"),
    [long("postgresql", "abort", 1), ("postgresql", "segfault", 4), long("sqlite", "memory", 4)],
    indirect=["database_url"],
)
def test_a_recording_that_kills_every_worker_is_parked_and_the_queue_goes_on(
    trial: Trial, start_worker: StartWorker, monkeypatch: pytest.MonkeyPatch, how: str, at_once: int
) -> None:
    configure(monkeypatch, label_runs_at_once=str(at_once))
    poison = trial.send(f"Poison {how}")
    others = [trial.send(steps=2) for _ in range(3)]
    trial.strike()
    worker = start_worker(app="tests.faults.poison_app")
    trial.wait(others)
    parked = wait_for_run(poison.run_id, "needs_attention")
    others.append(trial.send(steps=2))
    trial.wait(others)
    verdict = trial.judge(14, f"a recording that kills its worker: {how}", seconds=None, but=[poison])
    assert (parked.attempts, parked.worker_deaths) == (3, 3)
    assert "the worker died" in (parked.reason or "")
    assert (verdict.lost, verdict.doubled, verdict.paid_again) == (0, 0, ())
    assert verdict.most_extra <= 1, "whoever worked beside the recording asks once more at the most"
    assert verdict.extra_calls <= at_once - 1
    assert worker.process.poll() is None


@pytest.mark.long
@pytest.mark.usefixtures("as_they_come")
@on_postgresql
def test_recovery_with_the_settings_as_they_come(
    trial: Trial, start_worker: StartWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers = [under_way(trial, start_worker, monkeypatch, at_once=4), start_worker(app=REAL)]
    trial.strike()
    os.kill(workers[0].children()[0], signal.SIGKILL)
    seconds = trial.wait(seconds=120)
    verdict = trial.judge(1, "kill -9 of a pool child, settings as they come", seconds=seconds)
    assert_only_what_was_in_flight_was_called_again(verdict, at_once=4)
    assert seconds < 60

    made = len(trial.claude.calls())
    trial.hold(1, 1)
    run = trial.send(steps=2)
    trial.claude.wait(calls=made + 1, in_flight=1)
    victim = next(worker for worker in workers if has_begun(worker, run))
    trial.strike()
    victim.kill()
    seconds = trial.wait(seconds=120)
    verdict = trial.judge(2, "kill -9 of a worker, settings as they come", seconds=seconds)
    assert_only_what_was_in_flight_was_called_again(verdict, at_once=1)
    assert seconds < get_settings().lease_seconds + 30


def has_begun(worker: Worker, run: Recorded) -> bool:
    """Whether it is this worker that took up the run."""
    lines = [line for line in worker.log.read_text().splitlines() if "labeling_begins" in line]
    return any(re.search(rf"run_id\W+{run.run_id}\b", line) for line in lines)


def calls_booked() -> list[ModelCall]:
    """Our own ledger."""
    with transaction(read_only=True) as session:
        return list(session.scalars(select(ModelCall).order_by(ModelCall.id)))


@on_sqlite
def test_a_soft_time_limit_gives_the_run_back(start_worker: StartWorker, worker_stage: Stage) -> None:
    worker_stage.plan("Third", wait_for="third")
    run = record(["First", "Second", "Third", "Fourth", "Fifth"])
    start_worker()
    label_workflow_steps.apply_async(args=(run.workflow_id, run.run_id), priority=0, soft_time_limit=5)
    wait_until(lambda: run_of(run.run_id).reason == "its time was up", "given back")
    worker_stage.open("third")
    assert wait_for_run(run.run_id, "succeeded").steps_labeled == 5
    names = [name for call in worker_stage.calls() for name in call["names"]]
    assert sorted(names) == sorted(["First", "Second", "Third", "Third", "Fourth", "Fifth"])
    assert [len(labels_of(step)) for step in run.step_ids] == [1] * 5
