"""What is lost, doubled or late between the database and the workers."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from app.core.clock import db_now
from app.core.config import Settings
from app.core.db import transaction
from app.labeling import leases, runs
from app.labeling.models import LabelingRun
from app.tasks.publishing import publish
from app.tasks.reconciler import reconcile
from tests.faults.asked import REAL
from tests.faults.trial import Trial, long
from tests.labeling.recordings import Recorded, record, run_of
from tests.labeling.scripted import Stage
from tests.services import Broker, StartWorker, wait_for_run, wait_until

pytestmark = pytest.mark.usefixtures("queue_settings")

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def send(run: Recorded) -> bool:
    return publish(run.run_id, run.workflow_id, runs.PRIORITIES["normal"])


def messages(broker: Broker) -> int:
    """Waiting in the labelling queue, over all priorities."""
    with broker.client() as client:
        return sum(client.llen(key) for key in client.scan_iter("ai_labeling*") if client.type(key) == b"list")


@on_sqlite
def test_publishing_to_a_broker_that_hangs_is_bounded(broker: Broker) -> None:
    first, second = record(["Save"]), record(["Send"])
    assert send(first)
    broker.signal(signal.SIGSTOP)
    begun = time.monotonic()
    assert not send(second)
    assert time.monotonic() - begun < 5
    broker.signal(signal.SIGCONT)
    wait_until(lambda: send(second), "published after the broker came back")


@pytest.mark.parametrize("database_url", ["postgresql", long("sqlite")], indirect=True)
def test_a_message_delivered_ten_times_at_once_labels_once(trial: Trial, start_worker: StartWorker) -> None:
    workers = [start_worker("--concurrency=3", app=REAL) for _ in range(2)]
    trial.hold(1, 1)
    run = trial.send(steps=2)
    trial.claude.wait(calls=1, in_flight=1)
    trial.strike()
    with ThreadPoolExecutor(10) as pool:
        assert all(pool.map(lambda _: send(run), range(10)))
    wait_until(lambda: sum(worker.log.read_text().count("received") for worker in workers) >= 11, "all delivered")
    trial.release()
    seconds = trial.wait()
    verdict = trial.judge(15, "one message delivered ten times at once", seconds=seconds)
    assert (verdict.lost, verdict.doubled, verdict.extra_calls) == (0, 0, 0)
    assert (trial.at_once(), run_of(run.run_id).attempts) == (1, 1)


def time_passes() -> None:
    """Every run is due to be looked at."""
    with transaction() as session:
        session.execute(update(LabelingRun).values(due_at=db_now(-1)))


@on_sqlite
def test_a_long_queue_is_not_made_longer(broker: Broker, queue_settings: Settings) -> None:
    for number in range(20):
        record([f"Button {number}"])
    time_passes()
    assert reconcile(queue_settings) == 20
    time_passes()
    assert reconcile(queue_settings) == 0
    assert messages(broker) == 20


@on_sqlite
def test_only_what_is_missing_is_sent_again(broker: Broker, queue_settings: Settings) -> None:
    for number in range(5):
        record([f"Button {number}"])
    time_passes()
    reconcile(queue_settings)
    with broker.client() as client:
        keys = [key for key in client.scan_iter("ai_labeling*") if client.type(key) == b"list"]
        client.rpop(keys[0], 2)
    time_passes()
    assert reconcile(queue_settings) == 2
    assert messages(broker) == 5


@on_sqlite
def test_in_a_long_queue_the_one_that_was_sent_first_is_believed_lost(broker: Broker, queue_settings: Settings) -> None:
    """Although others are due before it."""
    sent = [record([f"Button {number}"]) for number in range(5)]
    for run in sent:
        assert send(run)
    lose_the_oldest(broker)
    due_last(sent[0])
    before = run_of(sent[0].run_id).published_at
    assert before
    assert reconcile(queue_settings) == 1
    after = run_of(sent[0].run_id).published_at
    assert after
    assert after > before
    assert messages(broker) == 5


def test_a_lost_message_is_not_hidden_by_another_that_was_sent_twice(broker: Broker, queue_settings: Settings) -> None:
    lost, *others = [record([f"Button {number}"]) for number in range(3)]
    for run in (lost, *others):
        assert send(run)
    lose_the_oldest(broker)
    assert send(others[1])
    due_last(lost)
    assert reconcile(queue_settings) == 0, "there are as many messages as runs"
    with transaction() as session:
        leases.claim(session, others[0].run_id, seconds=60, max_deaths=3)
    due_last(lost)
    assert reconcile(queue_settings) == 1, "a later one was taken up before it"
    assert messages(broker) == 4


def lose_the_oldest(broker: Broker) -> None:
    with broker.client() as client:
        (key,) = [key for key in client.scan_iter("ai_labeling*") if client.type(key) == b"list"]
        client.rpop(key, 1)


def due_last(run: Recorded) -> None:
    """Every run that waits is due, this one since just now."""
    with transaction() as session:
        session.execute(update(LabelingRun).where(LabelingRun.state == "queued").values(due_at=db_now(-10)))
        session.execute(update(LabelingRun).where(LabelingRun.id == run.run_id).values(due_at=db_now(-1)))


def test_a_person_who_waits_goes_before_a_bulk_import(start_worker: StartWorker, worker_stage: Stage) -> None:
    bulk = [record([f"Bulk {number}"], mode="bulk") for number in range(8)]
    urgent = record(["Urgent"], mode="interactive")
    for run in bulk:
        publish(run.run_id, run.workflow_id, runs.PRIORITIES["bulk"])
    publish(urgent.run_id, urgent.workflow_id, runs.PRIORITIES["interactive"])
    start_worker()
    for run in [*bulk, urgent]:
        wait_for_run(run.run_id, "succeeded")
    order = [call["names"][0] for call in worker_stage.calls()]
    assert order.index("Urgent") <= 2, order


@on_sqlite
def test_a_workflow_without_a_message_is_found_by_the_worker(start_worker: StartWorker) -> None:
    """As when the API was killed between its commit and the message."""
    run = record(["Save"])
    start_worker()
    wait_for_run(run.run_id, "succeeded", seconds=30)
