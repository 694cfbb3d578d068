"""The broker is emptied, away or hangs while recordings come in through the real API."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2 as httpx
import pytest

from app.accounts.actor import Actor
from tests.faults.api import StartApi
from tests.faults.asked import REAL
from tests.faults.trial import Trial, long
from tests.labeling.recordings import Recorded
from tests.recordings.formats.files import step
from tests.services import Broker, StartWorker, happens, wait_until

pytestmark = pytest.mark.usefixtures("queue_settings")

on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

AWAY_SECONDS = 20
PUBLISHING_SECONDS = 5
"""That an upload may wait for the broker."""


@pytest.fixture
def client(start_api: StartApi, admin: Actor) -> httpx.Client:
    """The way to a running API."""
    return start_api().client(admin)


def upload(trial: Trial, client: httpx.Client, *, steps: int = 2) -> tuple[Recorded, float]:
    """A recording as the recorder sends it, to be judged too; seconds until it was answered."""
    names = trial.new_names(steps)
    body: dict[str, Any] = {"name": names[0], "steps": [_click(name) for name in names]}
    begun = time.monotonic()
    answer = client.post("/api/v1/workflows", json=body)
    seconds = time.monotonic() - begun
    assert answer.status_code == 201, answer.text
    workflow = answer.json()
    run = client.get(f"/api/v1/workflows/{workflow['id']}/labeling").json()
    recorded = Recorded(workflow["id"], tuple(step["id"] for step in workflow["steps"]), run["id"])
    return trial.keep(recorded), seconds


def _click(name: str) -> dict[str, Any]:
    target = {"tag": "button", "role": "button", "name": name}
    return step(timestamp=None, target=target, page={"url": "https://crm.example/", "title": "CRM"})


def empty(broker: Broker, how: str) -> None:
    """Everything that it held is gone."""
    if how == "FLUSHALL":
        with broker.client() as client:
            client.flushall()
    else:
        broker.kill()
        broker.forget()
        broker.start()


@pytest.mark.parametrize(
    ("database_url", "how"),
    [("postgresql", "FLUSHALL"), long("postgresql", "started again empty"), long("sqlite", "started again empty")],
    indirect=["database_url"],
)
def test_a_broker_that_is_emptied_under_work_loses_no_run_and_doubles_none(
    trial: Trial, broker: Broker, start_worker: StartWorker, client: httpx.Client, how: str
) -> None:
    """Calls are under way, messages wait, and more recordings come in after it."""
    workers = [start_worker(app=REAL) for _ in range(2)]
    trial.hold(3, 4)
    for _ in range(6):
        upload(trial, client)
    trial.claude.wait(calls=4, in_flight=2, seconds=60)
    trial.strike()
    empty(broker, how)
    for _ in range(2):
        upload(trial, client)
    trial.release()
    seconds = trial.wait()
    verdict = trial.judge(5, f"the broker emptied under work: {how}", seconds=seconds)
    assert (verdict.lost, verdict.doubled, verdict.extra_calls) == (0, 0, 0)
    assert [worker.process.poll() for worker in workers] == [None, None]


@pytest.mark.parametrize("database_url", ["postgresql", long("sqlite")], indirect=True)
def test_uploads_are_taken_while_the_broker_is_down_and_made_up_for(
    trial: Trial, broker: Broker, start_worker: StartWorker, client: httpx.Client
) -> None:
    worker = start_worker(app=REAL)
    upload(trial, client)
    trial.wait()
    broker.kill()
    waited = [upload(trial, client)[1] for _ in range(5)]
    assert_it_is_said_that_they_wait(client, trial.recorded[-1])
    broker.start()
    trial.strike()
    seconds = trial.wait()
    verdict = trial.judge(6, "the broker down for a moment", seconds=seconds)
    assert (verdict.lost, verdict.doubled, verdict.extra_calls) == (0, 0, 0)
    assert max(waited) < PUBLISHING_SECONDS
    assert worker.process.poll() is None


def assert_it_is_said_that_they_wait(client: httpx.Client, recorded: Recorded) -> None:
    run = client.get(f"/api/v1/workflows/{recorded.workflow_id}/labeling").json()
    assert (run["state"], run["attempts"]) == ("queued", 0)


@pytest.mark.long
@pytest.mark.usefixtures("as_they_come")
@on_postgresql
def test_the_broker_is_down_for_minutes(
    trial: Trial, broker: Broker, start_worker: StartWorker, client: httpx.Client
) -> None:
    """With the settings as they come, calls under way when it goes."""
    workers = [start_worker(app=REAL) for _ in range(2)]
    trial.hold(3, 4)
    for _ in range(4):
        upload(trial, client)
    trial.claude.wait(calls=4, seconds=60)
    broker.kill()
    trial.release()
    ends = time.monotonic() + 150
    waited = []
    while time.monotonic() < ends:
        waited.append(upload(trial, client)[1])
        time.sleep(5)
    broker.start()
    trial.strike()
    seconds = trial.wait(seconds=120)
    verdict = trial.judge(6, "the broker down for 2.5 minutes, settings as they come", seconds=seconds)
    assert (verdict.lost, verdict.doubled, verdict.extra_calls) == (0, 0, 0)
    assert max(waited) < PUBLISHING_SECONDS
    assert [worker.process.poll() for worker in workers] == [None, None]


@pytest.mark.long
@pytest.mark.parametrize("database_url", ["postgresql", "sqlite"], indirect=True)
def test_uploads_at_once_do_not_wait_for_a_broker_that_hangs(
    trial: Trial, broker: Broker, start_worker: StartWorker, client: httpx.Client
) -> None:
    start_worker(app=REAL)
    upload(trial, client)
    trial.wait()
    broker.signal(signal.SIGSTOP)
    with ThreadPoolExecutor(20) as pool:
        waited = [seconds for _, seconds in pool.map(lambda _: upload(trial, client), range(20))]
    broker.signal(signal.SIGCONT)
    trial.strike()
    seconds = trial.wait()
    verdict = trial.judge(7, "the broker hangs, twenty uploads at once", seconds=seconds)
    assert (verdict.lost, verdict.doubled, verdict.extra_calls) == (0, 0, 0)
    assert max(waited) < PUBLISHING_SECONDS, waited


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_worker_goes_on_after_its_broker_was_killed_and_started_again(
    trial: Trial, broker: Broker, start_worker: StartWorker
) -> None:
    """With a message held (late acknowledgement) and slots free: some versions of Celery do not survive this.

    Mostly it notices at once. One that is between two looks at the broker may notice when that is back.
    """
    trial.hold(2, 2)
    trial.send(steps=3)
    worker = start_worker("--concurrency=2", app=REAL)
    trial.claude.wait(calls=2, in_flight=1, seconds=60)
    trial.strike()
    broker.kill()
    happens(noticed := lambda: "Connection to broker lost" in worker.log.read_text(), AWAY_SECONDS)
    broker.start()
    trial.release()
    trial.send(steps=1)
    seconds = trial.wait()
    verdict = trial.judge(5, "the broker killed and started again", seconds=seconds)
    assert (verdict.lost, verdict.doubled, verdict.extra_calls) == (0, 0, 0)
    wait_until(noticed, "the worker noticed")
    assert worker.process.poll() is None
