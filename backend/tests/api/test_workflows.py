"""Recordings, their pages, versions and keys through the API."""

import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx2 as httpx
import pytest
from sqlalchemy import func, select

from app.accounts.actor import Actor
from app.core.clock import now
from app.core.config import Settings, get_settings
from app.core.db import transaction
from app.labeling.models import LabelingRun, RunState
from app.workflows.models import Visibility, Workflow
from tests.api.bodies import PNG, picture, recording, step
from tests.api.callers import Caller
from tests.api.refusals import at_once
from tests.api.rights.things import things

KEY = {"Idempotency-Key": "a key of the caller's own"}


def workflows_kept() -> int:
    with transaction(read_only=True) as session:
        return session.scalar(select(func.count()).select_from(Workflow)) or 0


# Keys ---------------------------------------------------------------------------------------------------------------


def test_same_key_and_body_create_once(as_owner: Caller) -> None:
    first, second = (as_owner.post("/workflows", json=recording(), headers=KEY) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    assert workflows_kept() == 1


def test_same_key_with_another_body_is_refused(as_owner: Caller) -> None:
    assert as_owner.post("/workflows", json=recording(), headers=KEY).status_code == 201
    answer = as_owner.post("/workflows", json=recording(name="Another"), headers=KEY)
    assert (answer.status_code, answer.json()["error"]) == (422, "IdempotencyKeyReused")
    assert workflows_kept() == 1


def test_a_key_is_its_persons_own(as_owner: Caller, as_colleague: Caller) -> None:
    ids = {caller.post("/workflows", json=recording(), headers=KEY).json()["id"] for caller in (as_owner, as_colleague)}
    assert len(ids) == 2


def test_a_refused_request_does_not_use_its_key_up(as_owner: Caller) -> None:
    assert as_owner.post("/workflows", json=recording(name=""), headers=KEY).status_code == 422
    assert as_owner.post("/workflows", json=recording(), headers=KEY).status_code == 201


def test_same_key_at_once_creates_once(as_owner: Caller) -> None:
    answers = at_once(4, lambda _: as_owner.post("/workflows", json=recording(), headers=KEY))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert workflows_kept() == 1


def test_key_of_a_deleted_workflow_finds_nothing(as_owner: Caller) -> None:
    made = as_owner.post("/workflows", json=recording(), headers=KEY).json()["id"]
    assert as_owner.delete(f"/workflows/{made}").status_code == 204
    assert as_owner.post("/workflows", json=recording(), headers=KEY).status_code == 404


@pytest.mark.parametrize("key", ["", "x" * 201, "tab\tinside"])
def test_bad_key_is_refused(key: str, as_owner: Caller) -> None:
    answer = as_owner.post("/workflows", json=recording(), headers={"Idempotency-Key": key})
    assert answer.status_code == 422
    assert workflows_kept() == 0


# Pages --------------------------------------------------------------------------------------------------------------


def walked(
    fetch: Callable[[str], httpx.Response], path: str, between: Callable[[], object] = lambda: None
) -> list[int]:
    """The ids of all pages, newest first."""
    found: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = fetch(f"{path}&cursor={cursor}" if cursor else path).json()
        found += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        between()
    return found


@pytest.mark.parametrize("path", ["/workflows?limit=2", "/workflows?limit=2&q=contact", "/runs?limit=2"])
def test_pages_hold_everything_once_while_more_is_added(path: str, as_owner: Caller) -> None:
    for _ in range(5):
        as_owner.post("/workflows", json=recording())
    expected = [item["id"] for item in as_owner.get(path.replace("=2", "=100", 1)).json()["items"]]
    assert len(expected) == 5
    assert walked(as_owner.get, path, lambda: as_owner.post("/workflows", json=recording())) == expected


def test_a_page_as_long_as_the_list_is_the_last(as_owner: Caller) -> None:
    for _ in range(2):
        as_owner.post("/workflows", json=recording())
    assert as_owner.get("/workflows?limit=2").json()["next_cursor"] is None


# Versions -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def made(as_owner: Caller) -> dict[str, Any]:
    found: dict[str, Any] = as_owner.post("/workflows", json=recording(steps=[step(), step()])).json()
    return found


def test_late_change_of_a_workflow_gets_both_texts(
    made: dict[str, Any], as_owner: Caller, as_colleague: Caller
) -> None:
    path, version = f"/workflows/{made['id']}", made["version"]
    changed = as_colleague.patch(path, json={"version": version, "name": "Theirs"})
    assert (changed.status_code, changed.json()["version"]) == (200, version + 1)
    late = as_owner.patch(path, json={"version": version, "name": "Mine"})
    assert (late.status_code, late.json()["error"]) == (409, "VersionConflict")
    assert (late.json()["yours"], late.json()["theirs"]) == ({"name": "Mine"}, {"name": "Theirs"})
    again = as_owner.patch(path, json={"version": late.json()["version"], "name": "Mine"})
    assert (again.status_code, again.json()["name"]) == (200, "Mine")


def test_late_change_of_a_step_gets_both_texts(made: dict[str, Any], as_owner: Caller, as_colleague: Caller) -> None:
    first = made["steps"][0]
    path, version = f"/workflows/{made['id']}/steps/{first['id']}", first["version"]
    theirs = {"field_label": "New", "instruction": "Click **New**."}
    mine = {"instruction": "Press **New contact**."}
    changed = as_colleague.patch(path, json={"version": version, "label": theirs})
    assert changed.json()["label"]["source"] == "human"
    late = as_owner.patch(path, json={"version": version, "label": mine})
    assert late.status_code == 409
    assert late.json()["yours"]["label"] == mine
    assert late.json()["theirs"]["label"] == theirs
    assert as_owner.delete(f"{path}?version={version}").status_code == 409
    assert as_owner.delete(f"{path}?version={late.json()['version']}").status_code == 204


def test_late_order_is_refused(made: dict[str, Any], as_owner: Caller) -> None:
    path = f"/workflows/{made['id']}"
    backwards = [one["id"] for one in reversed(made["steps"])]
    moved = as_owner.post(f"{path}/order", json={"step_ids": backwards, "version": made["version"]})
    assert [one["id"] for one in moved.json()["steps"]] == backwards
    late = as_owner.post(f"{path}/order", json={"step_ids": backwards, "version": made["version"]})
    assert (late.status_code, late.json()["theirs"]) == (409, {"step_ids": backwards})


def test_changes_at_once_lose_nothing(made: dict[str, Any], as_owner: Caller) -> None:
    """Of several that read the same version, one is written."""
    path = f"/workflows/{made['id']}"
    answers = at_once(4, lambda n: as_owner.patch(path, json={"version": made["version"], "name": f"Name {n}"}))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    winner = next(answer for answer in answers if answer.status_code == 200)
    assert as_owner.get(path).json()["name"] == winner.json()["name"]


# Pictures -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", ["original", "page", "thumb", "crop"])
def test_a_picture_that_one_has_is_not_sent_again(size: str, as_owner: Caller, editor: Actor) -> None:
    own = things(editor, Visibility.TEAM, 1)
    path = f"/screenshots/{own.screenshot_id}?size={size}"
    whole = as_owner.get(path)
    assert whole.headers["content-type"].startswith("image/")
    assert "sandbox" in whole.headers["content-security-policy"]
    assert "private" in whole.headers["cache-control"]
    same = as_owner.get(path, headers={"If-None-Match": whole.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["etag"] == whole.headers["etag"]
    other = as_owner.get(path, headers={"If-None-Match": '"another"'})
    assert (other.status_code, other.content) == (200, whole.content)


def test_who_may_no_longer_see_a_picture_gets_no_304(as_owner: Caller, as_viewer: Caller, editor: Actor) -> None:
    own = things(editor, Visibility.TEAM, 1)
    path = f"/screenshots/{own.screenshot_id}"
    etag = as_viewer.get(path).headers["etag"]
    assert as_owner.patch(f"/workflows/{own.workflow_id}", json={"visibility": "private"}).status_code == 200
    assert as_viewer.get(path, headers={"If-None-Match": etag}).status_code == 404


def test_another_element_outlined_is_another_picture(as_owner: Caller) -> None:
    shot = as_owner.upload("/screenshots", picture(9)).json()["id"]
    made = as_owner.post("/workflows", json=recording(steps=[step(screenshot_id=shot)])).json()
    path = f"/screenshots/{shot}?size=crop&step_id={made['steps'][0]['id']}"
    before = as_owner.get(path).headers["etag"]
    target = {"tag": "button", "box": {"x": 1, "y": 1, "width": 10, "height": 10}}
    changed = as_owner.patch(
        f"/workflows/{made['id']}/steps/{made['steps'][0]['id']}", json={"version": 1, "target": target}
    )
    assert changed.status_code == 200
    assert as_owner.get(path).headers["etag"] != before


def test_same_picture_again_is_the_same(as_owner: Caller, as_colleague: Caller) -> None:
    first, again = as_owner.upload("/screenshots", PNG), as_owner.upload("/screenshots", PNG)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert as_colleague.upload("/screenshots", PNG).json()["id"] != first.json()["id"]


# Queue --------------------------------------------------------------------------------------------------------------


def test_broker_away_costs_the_upload_nothing(as_owner: Caller) -> None:
    """The run stays queued and due, for the reconciler."""
    answer = as_owner.post("/workflows", json=recording())
    assert answer.status_code == 201
    assert (answer.json()["status"], answer.json()["labeling"]["state"]) == ("processing", "queued")
    assert all(one["label"]["source"] == "rules" for one in answer.json()["steps"])
    with transaction(read_only=True) as session:
        run = session.scalars(select(LabelingRun)).one()
        assert run.state == RunState.QUEUED
        assert run.due_at is not None
        assert run.due_at < now() + timedelta(seconds=60)


@pytest.fixture
def silent_broker(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """It takes connections and never says a word."""
    assert settings.redis_url
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{server.getsockname()[1]}/0")
        monkeypatch.setenv("PUBLISH_TIMEOUT_SECONDS", "0.4")
        get_settings.cache_clear()
        yield


@pytest.mark.usefixtures("silent_broker")
def test_broker_that_never_answers_does_not_hold_the_upload(as_owner: Caller) -> None:
    answer = as_owner.post("/workflows", json=recording())
    assert (answer.status_code, answer.json()["labeling"]["state"]) == (201, "queued")


def test_an_empty_target_and_marked_regions_are_kept_as_they_were_sent(as_owner: Caller) -> None:
    region = {"x": 1.0, "y": 2.0, "width": 30.0, "height": 4.0}
    sent = [step(target={}, sensitive_regions=[region]), step(sensitive_regions=[])]
    answer = as_owner.post("/workflows", json=recording(steps=sent))
    assert answer.status_code == 201, answer.text
    steps = as_owner.get(f"/workflows/{answer.json()['id']}").json()["steps"]
    assert [one["sensitive_regions"] for one in steps] == [[region], None]
    assert steps[0]["target"]["name"] is None
