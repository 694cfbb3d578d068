"""What was done, and its answer got lost on the way: the effect is there once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2 as httpx
import pytest
from sqlalchemy import make_url

from app.accounts.actor import Actor
from app.core.config import Settings
from app.tasks.publishing import publish
from tests.api.bodies import picture, recording, step
from tests.faults import judging
from tests.faults.api import StartApi
from tests.faults.proxy import Fault, Proxy, proxied
from tests.faults.record import Faulted, Record
from tests.labeling.recordings import labels_of, record
from tests.labeling.scripted import Stage
from tests.services import StartWorker, wait_for_run, wait_until

ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
COMMIT = b"COMMIT\0"
STEPS = 3


def post(client: httpx.Client, key: str) -> httpx.Response:
    """Again until there is an answer, as a careful client does; the key says that it is the same."""
    body = recording(steps=[step() for _ in range(STEPS)])
    for _ in range(5):
        try:
            answer = client.post("/api/v1/workflows", json=body, headers={"Idempotency-Key": key})
        except httpx.TransportError:
            continue
        if answer.status_code < 500:
            return answer
    pytest.fail("no answer after five tries")


BODY = b'"steps"'
BETWEEN_CLIENT_AND_API: dict[str, tuple[Any, ...]] = {
    "refused": ("refuse",),
    "cut in the request": ("cut_request", (b"POST /api/v1/workflows", BODY)),
    "cut before the answer": ("cut_unheard", (b"POST /api/v1/workflows", BODY)),
    "cut in the answer": ("cut_answer", (b"POST /api/v1/workflows", BODY)),
    "late": ("delay", (b"POST /api/v1/workflows", BODY), 0.5),
}


def test_an_answer_that_a_client_does_not_get_is_asked_for_again_with_the_key(
    start_api: StartApi, editor: Actor, faulted: Record
) -> None:
    api = start_api()
    with proxied(("127.0.0.1", api.port)) as proxy:
        client = api.client(editor, url=proxy.url)
        for name, what in BETWEEN_CLIENT_AND_API.items():
            before = judging.workflows()
            fault = proxy.plan(Fault(*what))
            answer = post(client, name)
            assert fault.happened.wait(10), name
            made = judging.workflows()[len(before) :]
            faulted(Faulted(9, "connection of client and API cut", lost=int(not made), doubled=len(made) - 1))
            assert (answer.status_code, [answer.json()["id"]]) == (201, made), name
        assert judging.halves(STEPS) == []
        lost = proxy.plan(Fault("cut_unheard", (b"POST /api/v1/screenshots", b"IEND")))
        with pytest.raises(httpx.TransportError):
            client.post("/api/v1/screenshots", files={"file": ("a.png", picture())})
        assert lost.happened.wait(10)
        again = client.post("/api/v1/screenshots", files={"file": ("a.png", picture())})
    assert again.status_code == 200, "a picture is known by its bytes"
    assert len(judging.pictures()) == 1


@pytest.fixture
def before_database(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """A proxy between PostgreSQL and every process that is started from here on; the test itself goes past it."""
    url = make_url(settings.database_url)
    folder = parse_qs(urlsplit(settings.database_url).query)["host"][0]
    with proxied(Path(folder) / f".s.PGSQL.{url.port or 5432}") as proxy:
        way = url.set(host="127.0.0.1", port=proxy.port).difference_update_query(["host", "port"])
        way = way.update_query_dict({"sslmode": "disable", "gssencmode": "disable"})
        monkeypatch.setenv("DATABASE_URL", way.render_as_string(hide_password=False))
        yield proxy


@ON_POSTGRESQL
@pytest.mark.parametrize("kind", ["cut_unheard", "cut_request"])
def test_a_commit_of_the_api_whose_answer_got_lost_has_its_effect_once(
    start_api: StartApi, before_database: Proxy, editor: Actor, faulted: Record, kind: str
) -> None:
    api = start_api()
    client = api.client(editor)
    fault = before_database.plan(Fault(kind, (b"INSERT INTO workflows", COMMIT)))  # type: ignore[arg-type]  # of the two
    answer = post(client, "key-1")
    made = judging.workflows()
    faulted(Faulted(9, f"API: {kind} at COMMIT", lost=int(not made), doubled=len(made) - 1))
    assert fault.happened.is_set()
    assert (answer.status_code, [answer.json()["id"]]) == (201, made)
    assert judging.halves(STEPS) == []


# The plan comes first: from then on a connection sends a statement that inserted many rows by a number alone.
COMMITS = {
    "plan": (b"INSERT INTO labeling_chunks", COMMIT),
    "claim": (b"UPDATE labeling_runs SET state", b"attempts", COMMIT),
    "attempt": (b"INSERT INTO model_calls", COMMIT),
    "labels": (b"INSERT INTO labels", COMMIT),
    "end": (b"finished_at", COMMIT),
}


@ON_POSTGRESQL
def test_a_commit_of_a_worker_whose_answer_got_lost_has_its_effect_once(
    *,
    queue_settings: Settings,
    before_database: Proxy,
    start_worker: StartWorker,
    worker_stage: Stage,
    faulted: Record,
) -> None:
    assert queue_settings.redis_url
    start_worker()
    for name, marks in COMMITS.items():
        run = record([f"{name} {step}" for step in range(STEPS)])
        fault = before_database.plan(Fault("cut_unheard", marks))
        assert publish(run.run_id, run.workflow_id, 3)
        wait_until(fault.happened.is_set, f"the fault at the {name}")
        done = wait_for_run(run.run_id, "succeeded")
        labels = [len(labels_of(step)) for step in run.step_ids]
        calls = sum(name in call["names"][0] for call in worker_stage.calls("end"))
        faulted(
            Faulted(
                9,
                "worker: answer of COMMIT lost",
                lost=labels.count(0),
                doubled=sum(labels) - STEPS,
                extra_calls=calls - STEPS,
            )
        )
        assert (done.steps_labeled, labels, calls) == (STEPS, [1] * STEPS, STEPS), name
