"""kill -9 of the API: before the commit, between commit and message, between commit and answer."""

import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx2 as httpx
import pytest
from sqlalchemy import select

from app.accounts.actor import Actor
from app.core.config import Settings
from app.core.db import transaction
from app.labeling.models import LabelingRun
from app.storage.store import get_store
from tests.api.bodies import picture, recording, step
from tests.faults import judging
from tests.faults.api import Api, StartApi
from tests.faults.record import Faulted, Record
from tests.labeling.scripted import Stage
from tests.services import Broker, StartWorker, wait_until

STEPS = 3


def body(*screenshots: str) -> dict[str, Any]:
    steps = [step(screenshot_id=picture) for picture in screenshots] or [step() for _ in range(STEPS)]
    return recording(steps=steps)


def post(client: httpx.Client, key: str, sent: dict[str, Any] | None = None) -> httpx.Response:
    return client.post("/api/v1/workflows", json=sent or body(), headers={"Idempotency-Key": key})


@contextmanager
def killed_after_commit(api: Api, client: httpx.Client, broker: Broker, key: str) -> Iterator[int]:
    """Number of a workflow that was committed by an API that died before it sent the message, or an answer."""
    broker.signal(signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        answer: Future[httpx.Response] = pool.submit(post, client, key)
        wait_until(judging.workflows, "the commit")
        api.kill()
        with pytest.raises(httpx.TransportError):
            answer.result(10)
    broker.signal(signal.SIGCONT)
    (workflow_id,) = judging.workflows()
    yield workflow_id


def test_killed_between_commit_and_message_labelling_begins_all_the_same(
    *,
    broker: Broker,
    start_api: StartApi,
    start_worker: StartWorker,
    worker_stage: Stage,
    editor: Actor,
    faulted: Record,
) -> None:
    start_worker()
    api = start_api()
    with killed_after_commit(api, api.client(editor), broker, "key-1"):
        died = time.monotonic()
        wait_until(worker_stage.calls, "the first call", 30)
        seconds = time.monotonic() - died
        wait_until(lambda: judging.run_states() == {"succeeded": 1}, "labelled")
    lost, doubled = judging.not_labelled_once()
    faulted(Faulted(3, "kill -9 of the API between commit and publish", 1, lost, doubled, 0, seconds))
    assert (lost, doubled) == (0, 0)
    assert len(worker_stage.calls()) == STEPS


@pytest.mark.long
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_at_the_usual_pace_labelling_begins_within_half_a_minute(
    *,
    broker: Broker,
    queue_settings: Settings,
    start_api: StartApi,
    start_worker: StartWorker,
    worker_stage: Stage,
    editor: Actor,
    faulted: Record,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Settings as delivered; the API that dies has just become the one that repairs the queue."""
    assert queue_settings.redis_url
    for name in ("LEASE_SECONDS", "RECONCILE_SECONDS", "REDELIVER_SECONDS"):
        monkeypatch.setenv(name, str(Settings.model_fields[name.lower()].default))
    api = start_api()
    start_worker()
    with killed_after_commit(api, api.client(editor), broker, "key-1"):
        died = time.monotonic()
        wait_until(worker_stage.calls, "the first call", 60)
        seconds = time.monotonic() - died
    faulted(Faulted(3, "kill -9 of the API between commit and publish, usual settings", seconds=seconds))
    assert seconds < 30
    wait_until(lambda: judging.run_states() == {"succeeded": 1}, "labelled")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_killed_between_commit_and_answer_the_same_key_finds_what_was_made(
    broker: Broker, start_api: StartApi, queue_settings: Settings, editor: Actor, faulted: Record
) -> None:
    assert queue_settings.redis_url
    api = start_api()
    client = api.client(editor)
    with killed_after_commit(api, client, broker, "key-1") as workflow_id:
        died = time.monotonic()
        api.start()
        again = post(client, "key-1")
    made = judging.workflows()
    faulted(
        Faulted(
            4,
            "kill -9 of the API between commit and answer",
            1,
            lost=int(not made),
            doubled=len(made) - 1,
            seconds=time.monotonic() - died,
        )
    )
    assert (again.status_code, again.json()["id"]) == (201, workflow_id)
    assert made == [workflow_id]
    assert judging.halves(STEPS) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_killed_with_half_of_a_recording_nothing_of_it_is_to_be_seen(
    start_api: StartApi, editor: Actor, faulted: Record
) -> None:
    api = start_api()
    client = api.client(editor)
    uploaded = client.post("/api/v1/screenshots", files={"file": ("a.png", picture(1))}).json()["id"]
    sent = body(*[uploaded] * STEPS)
    form = b"--x\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\n" + picture(2)
    with (
        half_sent(api, client, "/api/v1/workflows", client.build_request("POST", "/", json=sent).read()),
        half_sent(api, client, "/api/v1/screenshots", form),
    ):
        api.kill()
    api.start()
    assert judging.workflows() == []
    assert client.get("/api/v1/workflows").json()["items"] == []
    again = [post(client, "key-1", sent) for _ in range(2)]
    faulted(Faulted(4, "kill -9 of the API in the middle of an upload", 2, doubled=len(judging.workflows()) - 1))
    assert [answer.status_code for answer in again] == [201, 201]
    assert judging.workflows() == [again[0].json()["id"]]
    assert judging.halves(STEPS) == []
    assert len(judging.pictures()) == 1
    assert judging.without_picture(get_store()) == []


@contextmanager
def half_sent(api: Api, client: httpx.Client, path: str, content: bytes) -> Iterator[None]:
    """A connection over which half of the body came, and was read."""
    kind = "application/json" if path.endswith("workflows") else "multipart/form-data; boundary=x"
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {api.port}\r\nAuthorization: {client.headers['Authorization']}\r\n"
        f"Idempotency-Key: key-1\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n"
        "Expect: 100-continue\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", api.port), timeout=30) as connection:
        connection.sendall(head.encode())
        assert b"100 Continue" in connection.recv(1000)  # it waits for the body now
        connection.sendall(content[: len(content) // 2])
        yield


MOMENTS = 8


@pytest.mark.long
def test_killed_at_any_moment_every_upload_is_completed_by_its_key(
    start_api: StartApi, editor: Actor, faulted: Record
) -> None:
    """Pictures, then the recording that shows them, sent again from the beginning until every answer was a 2xx."""
    api = start_api()
    client = api.client(editor)
    took = _timed(lambda: upload(client, 0))
    seconds = []
    for number in range(1, MOMENTS + 1):
        with ThreadPoolExecutor(1) as pool:
            interrupted = pool.submit(upload, client, number)
            time.sleep(took * number / MOMENTS)  # the moments are what is tried here
            api.kill()
            interrupted.exception(20)
        assert judging.halves(STEPS) == []
        assert judging.without_picture(get_store()) == []
        api.start()
        seconds.append(_timed(lambda number=number: upload(client, number)))
    made = judging.workflows()
    faulted(
        Faulted(
            4,
            "kill -9 of the API at any moment of an upload",
            MOMENTS,
            lost=max(0, MOMENTS + 1 - len(made)),
            doubled=max(0, len(made) - MOMENTS - 1),
            seconds=max(seconds),
        )
    )
    assert len(made) == MOMENTS + 1
    assert judging.halves(STEPS) == []
    assert len(judging.pictures()) == STEPS * (MOMENTS + 1)
    assert judging.without_picture(get_store()) == []
    with transaction(read_only=True) as session:
        assert session.scalars(select(LabelingRun.total_steps)).all() == [STEPS] * len(made)


def upload(client: httpx.Client, number: int) -> None:
    """What a recorder does. Raises unless all of it was accepted."""
    ids = []
    for shade in range(STEPS):
        file = {"file": ("a.png", picture(number * STEPS + shade))}
        ids.append(client.post("/api/v1/screenshots", files=file).raise_for_status().json()["id"])
    post(client, f"key-{number}", body(*ids)).raise_for_status()


def _timed(action: Any) -> float:
    begun = time.monotonic()
    action()
    return time.monotonic() - begun
