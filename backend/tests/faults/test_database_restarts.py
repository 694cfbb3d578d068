"""The database crashes and comes back, while recordings come in and are labelled."""

import itertools
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx2 as httpx
import pytest

from app.accounts.actor import Actor
from app.core.config import Settings
from app.core.db import get_engine
from app.tasks.publishing import publish
from tests.api.bodies import recording, step
from tests.faults import judging
from tests.faults.api import Api, StartApi
from tests.faults.own_postgres import OwnPostgres, own_postgres
from tests.faults.record import Faulted, Record
from tests.labeling.recordings import record
from tests.labeling.scripted import Stage
from tests.services import StartWorker, wait_until

pytestmark = pytest.mark.usefixtures("queue_settings")

FEW, MANY = 20, 1_000
STEPS = 1
PAUSES_SECONDS = (5, 12, 40, 7, 23, 5, 31, 9, 17)
"""Between two crashes."""
DOWN_SECONDS = (0, 1, 3)
UPLOADERS = 2
UPLOAD_EVERY_SECONDS = 0.25


@pytest.fixture
def own_server() -> Iterator[OwnPostgres]:
    with own_postgres() as server:
        yield server


@pytest.fixture
def database_url(own_server: OwnPostgres) -> str:
    return own_server.url


def test_a_crash_among_twenty_runs_loses_and_doubles_nothing(
    own_server: OwnPostgres, start_worker: StartWorker, worker_stage: Stage, faulted: Record
) -> None:
    for number in range(FEW):
        worker_stage.plan(f"Button {number}", seconds=0.1)
    runs = [record([f"Button {number}"]) for number in range(FEW)]
    for run in runs:
        assert publish(run.run_id, run.workflow_id, 3)
    start_worker("--concurrency=2")
    wait_until(lambda: len(worker_stage.calls()) >= FEW // 4, "work under way")
    own_server.crash()
    own_server.start()
    get_engine().dispose()
    began = time.monotonic()
    wait_until(lambda: judging.run_states() == {"succeeded": FEW}, "all labelled")
    lost, doubled = judging.not_labelled_once()
    extra = len(worker_stage.calls()) - FEW
    faulted(Faulted(8, "a crash of the database", 1, lost, doubled, extra, time.monotonic() - began))
    assert (lost, doubled) == (0, 0)
    assert extra <= 2, "at most one for each call that was under way"


@pytest.mark.long
@pytest.mark.timeout(900)
def test_crashes_all_the_time_lose_and_double_nothing(
    *,
    own_server: OwnPostgres,
    queue_settings: Settings,
    start_api: StartApi,
    start_worker: StartWorker,
    worker_stage: Stage,
    editor: Actor,
    faulted: Record,
) -> None:
    assert queue_settings.redis_url
    api = start_api()
    for _ in range(2):
        start_worker("--concurrency=2")
    over = threading.Event()
    with ThreadPoolExecutor(UPLOADERS + 1) as pool:
        crashes = pool.submit(_crash_again_and_again, own_server, over)
        uploads = [pool.submit(_upload, api, api.client(editor), range(at, MANY, UPLOADERS)) for at in range(UPLOADERS)]
        try:
            for uploaded in uploads:
                uploaded.result()
        finally:
            over.set()
        crashed = crashes.result()
    get_engine().dispose()
    began = time.monotonic()
    wait_until(lambda: judging.run_states() == {"succeeded": MANY}, "all labelled", 180)
    lost, doubled = judging.not_labelled_once()
    extra = len(worker_stage.calls()) - MANY * STEPS
    seconds = time.monotonic() - began
    faulted(Faulted(8, f"crashes of the database during {MANY:,} runs", crashed, lost, doubled, extra, seconds))
    assert crashed >= 4
    assert len(judging.workflows()) == MANY
    assert (lost, doubled) == (0, 0)
    assert judging.halves(STEPS) == []


def _crash_again_and_again(server: OwnPostgres, over: threading.Event) -> int:
    """How often it was."""
    for crashes, (pause, down) in enumerate(
        zip(itertools.cycle(PAUSES_SECONDS), itertools.cycle(DOWN_SECONDS), strict=False)
    ):
        if over.wait(pause):
            return crashes
        server.crash()
        over.wait(down)
        server.start()
    raise AssertionError("an endless list has an end")


def _upload(api: Api, client: httpx.Client, numbers: range) -> None:
    """Each until it is accepted, as a client with a key does."""
    for number in numbers:
        body = recording(steps=[step() for _ in range(STEPS)])
        deadline = time.monotonic() + 60
        while True:
            assert api.process.poll() is None, "the API died"
            assert time.monotonic() < deadline, f"upload {number} was not accepted"
            answer = client.post("/api/v1/workflows", json=body, headers={"Idempotency-Key": f"key-{number}"})
            if answer.status_code == 201:
                break
            assert answer.status_code == 503, answer.text
            time.sleep(0.5)
        time.sleep(UPLOAD_EVERY_SECONDS)
