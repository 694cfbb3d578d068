"""Many runs that need attention, retried or acknowledged at once."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from app.core.clock import db_now
from app.core.db import transaction
from app.labeling.models import LabelingRun, RunState
from app.workflows.models import Visibility, Workflow
from tests.api.bodies import recording
from tests.api.callers import Caller


def parked(caller: Caller, count: int = 1, **values: Any) -> list[int]:
    """Numbers of runs that were given up on."""
    found = []
    for _ in range(count):
        number = caller.post("/workflows", json=recording()).json()["labeling"]["id"]
        with transaction() as session:
            given_up = {"state": RunState.NEEDS_ATTENTION, "due_at": None, "reason": "The key is not valid."} | values
            session.execute(update(LabelingRun).where(LabelingRun.id == number).values(**given_up))
        found.append(number)
    return found


def waiting(caller: Caller) -> list[int]:
    return [run["id"] for run in caller.get("/runs?state=needs_attention").json()["items"]]


@pytest.mark.parametrize("action", ["retry", "acknowledge"])
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"run_ids": []},
        {"run_ids": list(range(1, 102))},
        {"run_ids": [1], "state": "needs_attention"},
        {"run_ids": [1], "parked_for": "budget"},
        {"state": "running"},
        {"state": "needs_attention", "limit": 101},
        {"state": "needs_attention", "cursor": "?"},
        {"run_ids": [1], "all": True},
    ],
)
def test_what_is_not_clear_is_refused(as_owner: Caller, action: str, body: dict[str, Any]) -> None:
    assert as_owner.post(f"/runs/{action}", json=body).status_code == 422


def test_one_that_cannot_be_retried_does_not_stop_the_others(as_owner: Caller, as_colleague: Caller) -> None:
    first, last = parked(as_owner, 2)
    under_way = as_owner.post("/workflows", json=recording()).json()["labeling"]["id"]
    (hidden,) = parked(as_colleague)
    with transaction() as session:
        session.execute(
            update(Workflow)
            .where(Workflow.id == session.get_one(LabelingRun, hidden).workflow_id)
            .values(visibility=Visibility.PRIVATE)
        )
    asked = [first, under_way, 99_999, 2**70, hidden, last, first]
    answer = as_owner.post("/runs/retry", json={"run_ids": asked})
    assert answer.status_code == 200
    items = answer.json()["items"]
    assert [(item["run_id"], item["error"]) for item in items] == [
        (first, None),
        (under_way, "RunNotRetryable"),
        (99_999, "RunNotFound"),
        (2**70, "RunNotFound"),
        (hidden, "RunNotFound"),
        (last, None),
    ]
    assert [item["run"]["state"] for item in items if item["run"]] == ["queued", "queued"]
    assert waiting(as_owner) == []
    assert waiting(as_colleague) == [hidden]


def test_all_that_need_attention_are_acknowledged_part_by_part(as_owner: Caller) -> None:
    numbers = parked(as_owner, 3)
    body: dict[str, Any] = {"state": "needs_attention", "limit": 2}
    part = as_owner.post("/runs/acknowledge", json=body).json()
    assert [item["run_id"] for item in part["items"]] == [numbers[2], numbers[1]]
    assert all(item["run"]["acknowledged_at"] for item in part["items"])
    rest = as_owner.post("/runs/acknowledge", json=body | {"cursor": part["next_cursor"]}).json()
    assert [item["run_id"] for item in rest["items"]] == [numbers[0]]
    assert rest["next_cursor"] is None
    assert waiting(as_owner) == []


def test_only_those_that_wait_for_money_are_retried(as_owner: Caller) -> None:
    (broken,) = parked(as_owner)
    (poor,) = parked(as_owner, parked_for="budget")
    body = {"state": "needs_attention", "parked_for": "budget"}
    items = as_owner.post("/runs/retry", json=body).json()["items"]
    assert [(item["run_id"], item["error"]) for item in items] == [(poor, None)]
    assert waiting(as_owner) == [broken]


@pytest.mark.usefixtures("client")
def test_a_stalled_run_is_shown_as_such(as_owner: Caller, client: TestClient) -> None:
    workflow = as_owner.post("/workflows", json=recording()).json()
    assert workflow["labeling"]["stalled"] is False
    values = {"state": RunState.RUNNING, "lease_token": "of a worker", "due_at": db_now(-1)}
    with transaction() as session:
        session.execute(update(LabelingRun).values(**values))
    run = as_owner.get(f"/workflows/{workflow['id']}/labeling").json()
    assert (run["state"], run["stalled"]) == ("running", True)
    assert run["reason"].startswith("Its worker has gone")
    assert as_owner.get("/runs?state=running").json()["items"][0]["stalled"] is True
    assert client is not None
