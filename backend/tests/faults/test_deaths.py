"""Workers that are killed, and runs that kill their workers."""

import os
import signal

import pytest

from app.labeling import runs
from app.tasks.ai_labeling import label_workflow_steps
from app.tasks.publishing import publish
from tests.labeling.recordings import Recorded, labels_of, record, run_of
from tests.labeling.scripted import Stage
from tests.services import Broker, StartWorker, wait_for_run, wait_until

pytestmark = pytest.mark.usefixtures("queue_settings")

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def send(run: Recorded) -> None:
    assert publish(run.run_id, run.workflow_id, runs.PRIORITIES["normal"])


def held_at_third(stage: Stage) -> Recorded:
    """A run of five chunks, sent, whose third call waits for a gate."""
    stage.plan("Third", wait_for="third")
    run = record(["First", "Second", "Third", "Fourth", "Fifth"])
    send(run)
    wait_until(lambda: len(stage.calls()) == 3, "the third call")
    return run


def assert_no_chunk_done_twice(run: Recorded, stage: Stage) -> None:
    names = [name for call in stage.calls() for name in call["names"]]
    assert sorted(names) == sorted(["First", "Second", "Third", "Third", "Fourth", "Fifth"])
    assert [len(labels_of(step)) for step in run.step_ids] == [1] * 5


def test_a_killed_child_is_replaced_and_nothing_is_done_twice(start_worker: StartWorker, worker_stage: Stage) -> None:
    start_worker("--concurrency=2")
    run = held_at_third(worker_stage)
    victim = worker_stage.calls()[-1]["pid"]
    os.kill(victim, signal.SIGKILL)
    worker_stage.open("third")
    done = wait_for_run(run.run_id, "succeeded")
    assert (done.attempts, done.steps_labeled) == (2, 5)
    assert worker_stage.calls()[-1]["pid"] != victim
    assert_no_chunk_done_twice(run, worker_stage)


@on_sqlite
def test_a_killed_worker_is_replaced_by_another(start_worker: StartWorker, worker_stage: Stage) -> None:
    first = start_worker()
    run = held_at_third(worker_stage)
    start_worker()
    first.kill()
    worker_stage.open("third")
    assert wait_for_run(run.run_id, "succeeded").attempts == 2
    assert_no_chunk_done_twice(run, worker_stage)


@on_sqlite
def test_a_worker_stopped_past_its_lease_changes_nothing_when_it_comes_back(
    start_worker: StartWorker, worker_stage: Stage
) -> None:
    start_worker()
    run = held_at_third(worker_stage)
    sleeper = worker_stage.calls()[-1]["pid"]
    os.kill(sleeper, signal.SIGSTOP)
    start_worker()
    worker_stage.open("third")
    wait_for_run(run.run_id, "succeeded")
    os.kill(sleeper, signal.SIGCONT)
    wait_until(lambda: len(worker_stage.calls("end")) == 6, "the sleeper's answer")
    assert_no_chunk_done_twice(run, worker_stage)
    assert run_of(run.run_id).steps_labeled == 5


@on_sqlite
def test_a_run_that_kills_every_worker_is_parked_and_the_queue_goes_on(
    start_worker: StartWorker, worker_stage: Stage
) -> None:
    worker_stage.plan("Poison", die=100)
    poison, other = record(["Poison"]), record(["Save"])
    start_worker()
    send(poison)
    send(other)
    wait_for_run(other.run_id, "succeeded")
    parked = wait_for_run(poison.run_id, "needs_attention")
    assert (parked.attempts, parked.worker_deaths) == (3, 3)
    assert len(worker_stage.calls()) == 4


@on_sqlite
def test_a_worker_goes_on_after_its_broker_was_killed_and_started_again(
    broker: Broker, start_worker: StartWorker, worker_stage: Stage
) -> None:
    """With a message held (late acknowledgement) and slots free: some versions of Celery do not survive this."""
    worker = start_worker("--concurrency=2")
    run = held_at_third(worker_stage)
    broker.kill()
    wait_until(lambda: "Connection to broker lost" in worker.log.read_text(), "the worker noticed")
    broker.start()
    worker_stage.open("third")
    wait_for_run(run.run_id, "succeeded")
    after = record(["After"])
    wait_for_run(after.run_id, "succeeded")
    assert worker.process.poll() is None
    names = [name for call in worker_stage.calls() for name in call["names"]]
    assert sorted(names) == ["After", "Fifth", "First", "Fourth", "Second", "Third"]


@on_sqlite
def test_a_soft_time_limit_gives_the_run_back(start_worker: StartWorker, worker_stage: Stage) -> None:
    worker_stage.plan("Third", wait_for="third")
    run = record(["First", "Second", "Third", "Fourth", "Fifth"])
    label_workflow_steps.apply_async(args=(run.workflow_id, run.run_id), priority=0, soft_time_limit=2)
    start_worker()
    wait_until(lambda: run_of(run.run_id).reason == "its time was up", "given back")
    worker_stage.open("third")
    done = wait_for_run(run.run_id, "succeeded")
    assert done.steps_labeled == 5
    assert_no_chunk_done_twice(run, worker_stage)
