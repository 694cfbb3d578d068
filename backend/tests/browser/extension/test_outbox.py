"""A recording is kept until the server has it, and the server gets it once."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import func, select

from app.accounts import tokens
from app.accounts.actor import Actor
from app.core.db import transaction
from app.storage.models import Screenshot
from app.workflows.models import Step, Workflow
from tests.browser.extension.gate import Gate
from tests.browser.extension.loaded import Extension
from tests.browser.extension.recorded import put
from tests.services import wait_until


@pytest.fixture
def connected(extension: Extension, gate: Gate, token: str) -> Extension:
    status = extension.do("connect", server=f"{gate.address}/workflows?q=x", token=token)
    assert status["connection"] == {"server": gate.address, "person": "Mira Okafor"}
    return extension


def state(extension: Extension, recording_id: str) -> dict[str, Any]:
    """Of one of them; {} when it is not there."""
    found = [each for each in extension.recordings() if each["id"] == recording_id]
    return found[0] if found else {}


def wait_for(extension: Extension, recording_id: str, done: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    wait_until(lambda: done(state(extension, recording_id)), f"the recording, not {state(extension, recording_id)}")
    return state(extension, recording_id)


def is_uploaded(recording: dict[str, Any]) -> bool:
    return bool(recording["state"] == "uploaded")


def stored() -> list[tuple[str, list[str | None]]]:
    """Workflows with the screenshots of their steps."""
    with transaction(read_only=True) as session:
        return [
            (workflow.name, list(session.scalars(select(Step.screenshot_id).where(Step.workflow_id == workflow.id))))
            for workflow in session.scalars(select(Workflow).order_by(Workflow.id))
        ]


def due(extension: Extension, recording_id: str) -> None:
    """As if the time until the next attempt were over, and the alarm rang."""
    extension.desk.evaluate(
        "async (id) => (await import('/store.js')).changeRecording(id, { nextAttemptAt: Date.now() - 1 })", recording_id
    )
    extension.kill_worker()
    extension.do("status")


def test_pictures_go_first_then_the_workflow_whose_page_opens(
    connected: Extension, gate: Gate, tab: Page, server: str
) -> None:
    connected.do("start", name="Greet")
    tab.click("#one")
    tab.click("#away")
    tab.wait_for_url("**/second")
    connected.do("stop")
    recording_id = connected.recording()["id"]
    with connected.context.expect_page() as opening:
        connected.do("upload", recordingId=recording_id)
    opening.value.wait_for_url(f"{gate.address}/**")

    uploaded = wait_for(connected, recording_id, is_uploaded)
    assert uploaded["workflowUrl"] == f"{gate.address}/workflows/1"
    assert gate.uploads[-1] == "/api/v1/workflows"
    assert set(gate.uploads[:-1]) == {"/api/v1/screenshots"}
    dump = connected.dump()
    assert (dump["steps"], dump["pictures"], dump["moments"]) == ([], [], [])
    [(name, screenshots)] = stored()
    assert name == "Greet"
    assert len(screenshots) == 2
    assert all(screenshots)
    assert server


def test_what_was_dropped_and_hidden_does_not_leave(connected: Extension, gate: Gate) -> None:
    recording_id = put(connected, "Review", 3)
    connected.desk.evaluate(
        """async (id) => {
          const { changeStep } = await import("/store.js");
          await changeStep(id, "s2", { dropped: true });
          await changeStep(id, "s3", { hidden: [{ x: 100, y: 100, width: 50, height: 50 }] });
        }""",
        recording_id,
    )
    connected.do("upload", recordingId=recording_id)
    wait_for(connected, recording_id, is_uploaded)

    body = json.loads(gate.bodies[-1])
    assert [step["target"]["name"] for step in body["steps"]] == ["Button 1", "Button 3"]
    assert gate.uploads == ["/api/v1/screenshots"] * 2 + ["/api/v1/workflows"]
    with transaction(read_only=True) as session:
        assert session.scalar(select(func.count()).select_from(Screenshot)) == 2


def test_what_was_done_in_another_tab_says_so(connected: Extension, gate: Gate) -> None:
    recording_id = put(connected, "Compare", 4)
    connected.desk.evaluate(
        """async (id) => {
          const { changeStep } = await import("/store.js");
          const { UNKNOWN_TAB } = await import("/background/frames.js");
          await changeStep(id, "s2", { tabId: 7 });
          await changeStep(id, "s3", { tabId: UNKNOWN_TAB });
        }""",
        recording_id,
    )
    connected.do("upload", recordingId=recording_id)
    wait_for(connected, recording_id, is_uploaded)
    told = [step["target"]["attributes"].get("data-wp-tab") for step in json.loads(gate.bodies[-1])["steps"]]
    assert told == [None, "2", None, None]


@pytest.mark.parametrize("when", ["before", "after"])
def test_the_worker_is_killed_at_every_point_of_an_upload(connected: Extension, gate: Gate, when: str) -> None:
    for nth in range(3):
        hold = gate.holding(nth, when)
        recording_id = put(connected, f"Killed {when} {nth}")
        connected.do("upload", recordingId=recording_id)
        assert hold.reached.wait(30), gate.uploads
        connected.kill_worker()
        hold.lost.set()
        gate.hold = None
        connected.do("status")
        wait_for(connected, recording_id, is_uploaded)

    kept = stored()
    assert [name for name, _ in kept] == [f"Killed {when} {nth}" for nth in range(3)]
    assert all(len(screenshots) == 2 and all(screenshots) for _, screenshots in kept)
    assert connected.dump()["pictures"] == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lost_answer_is_asked_for_again(connected: Extension, gate: Gate, when: str) -> None:
    hold = gate.holding(2, when)
    recording_id = put(connected, "Lost answer")
    connected.do("upload", recordingId=recording_id)
    assert hold.reached.wait(30)
    gate.hold = None
    hold.lost.set()
    waiting = wait_for(connected, recording_id, lambda found: found["problem"])
    assert (waiting["state"], waiting["problem"]["code"], waiting["problem"]["retries"]) == (
        "uploading",
        "offline",
        True,
    )
    due(connected, recording_id)
    wait_for(connected, recording_id, is_uploaded)

    assert [name for name, _ in stored()] == ["Lost answer"]
    assert gate.uploads.count("/api/v1/screenshots") == 2


def tried(times: int) -> Callable[[dict[str, Any]], object]:
    return lambda found: found["attempts"] == times


def answering(status: int, body: str) -> Callable[[str], tuple[int, str] | None]:
    """To whoever posts a workflow."""
    return lambda path: (status, body) if path.endswith("/workflows") else None


def test_a_server_that_is_down_for_a_day_loses_nothing(connected: Extension, gate: Gate) -> None:
    gate.is_open = False
    recording_id = put(connected, "Patience")
    connected.do("upload", recordingId=recording_id)
    waits = []
    for attempts in range(1, 10):
        waiting = wait_for(connected, recording_id, tried(attempts))
        waits.append(waiting["nextAttemptAt"] - connected.desk.evaluate("Date.now()"))
        assert waiting["problem"]["text"] == f"{gate.address} cannot be reached."
        assert connected.desk.evaluate("chrome.alarms.getAll()")
        due(connected, recording_id)
    assert waits[0] < 40_000
    assert max(waits) <= 72 * 60_000
    assert waits[-1] > 40 * 60_000
    assert len(connected.dump()["pictures"]) == 2

    wait_for(connected, recording_id, tried(10))
    gate.is_open = True
    due(connected, recording_id)
    wait_for(connected, recording_id, is_uploaded)
    assert [name for name, _ in stored()] == ["Patience"]
    assert connected.desk.evaluate("chrome.alarms.getAll()") == []


def test_nothing_is_tried_before_its_time(connected: Extension, gate: Gate) -> None:
    gate.is_open = False
    recording_id = put(connected, "Wait")
    connected.do("upload", recordingId=recording_id)
    wait_for(connected, recording_id, lambda found: found["attempts"] == 1)
    connected.kill_worker()
    connected.do("status")
    connected.do("status")
    assert state(connected, recording_id)["attempts"] == 1


SPOILED = [
    (401, "InvalidToken", "x", "signed_out", "uploading", False),
    (403, "Forbidden", "You may not.", "refused", "review", False),
    (404, "NotFound", "x", "refused", "review", False),
    (413, "TooLarge", "The request is larger than 5 bytes.", "too_large", "review", False),
    (422, "InvalidInput", "steps.3.value: too long", "refused", "review", False),
    (429, "TooManyRequests", "Slow down.", "server", "uploading", True),
    (500, "InternalError", "Oh.", "server", "uploading", True),
    (503, "Unavailable", "Oh.", "server", "uploading", True),
    (200, "", "a captive portal", "server", "uploading", True),
]


def test_a_refusal_says_what_to_do_and_loses_nothing(connected: Extension, gate: Gate) -> None:
    for status, error, detail, code, after, retries in SPOILED:
        answer = json.dumps({"error": error, "detail": detail})
        gate.spoil = answering(status, answer)
        recording_id = put(connected, "Refused", 1)
        connected.do("upload", recordingId=recording_id)
        refused = wait_for(connected, recording_id, lambda found: found["problem"])
        assert (refused["problem"]["code"], refused["state"], refused["problem"]["retries"]) == (code, after, retries)
        assert refused["problem"]["remedy"]
        if status in {403, 413, 422}:
            assert detail in refused["problem"]["text"]
        assert len(refused["steps"]) == 1
        gate.spoil = lambda _path: None
        connected.do("upload", recordingId=recording_id)
        wait_for(connected, recording_id, is_uploaded)
    assert len(stored()) == len(SPOILED)


def test_a_picture_that_is_refused_names_its_step(connected: Extension, gate: Gate) -> None:
    answer = json.dumps({"error": "TooLarge", "detail": "The picture is too large."})
    gate.spoil = lambda path: (413, answer) if path.endswith("/screenshots") and len(gate.uploads) == 2 else None
    recording_id = put(connected, "Large", 2)
    connected.do("upload", recordingId=recording_id)
    refused = wait_for(connected, recording_id, lambda found: found["problem"])
    assert refused["problem"]["text"] == "The picture of step 2: The picture is too large."


def test_a_token_that_was_revoked_waits_for_a_new_one(connected: Extension, gate: Gate, actor: Actor) -> None:
    with transaction() as session:
        [known] = tokens.list_(session, actor)
        tokens.revoke(session, actor, known.id)
    recording_id = put(connected, "Revoked")
    connected.do("upload", recordingId=recording_id)
    waiting = wait_for(connected, recording_id, lambda found: found["problem"])
    assert (waiting["problem"]["code"], waiting["nextAttemptAt"]) == ("signed_out", None)
    with transaction() as session:
        secret = tokens.create(session, actor, name="again", scopes=["read", "write"])[1]
    connected.do("connect", server=gate.address, token=secret)
    wait_for(connected, recording_id, is_uploaded)


def test_without_a_connection_it_waits_for_one(extension: Extension, gate: Gate, token: str) -> None:
    recording_id = put(extension, "Early")
    extension.do("upload", recordingId=recording_id)
    waiting = wait_for(extension, recording_id, lambda found: found["problem"])
    assert (waiting["state"], waiting["problem"]["code"]) == ("uploading", "not_connected")
    extension.do("connect", server=gate.address, token=token)
    wait_for(extension, recording_id, is_uploaded)


def test_a_wrong_token_or_server_is_not_connected_to(extension: Extension, gate: Gate) -> None:
    refused = extension.send("connect", server=gate.address, token="wp_" + "x" * 43)
    assert (refused["ok"], refused["error"]) == (False, "not_connected")
    assert extension.send("connect", server="javascript:alert(1)", token="x")["error"] == "refused"
    gate.is_open = False
    assert extension.send("connect", server=gate.address, token="x")["error"] == "not_connected"
    assert extension.do("status")["connection"] is None


def test_screenshots_that_the_server_gave_up_are_sent_again(connected: Extension) -> None:
    recording_id = put(connected, "Forgotten")
    connected.desk.evaluate(
        """async () => {
          const { within, done } = await import("/store.js");
          await within("readwrite", ["pictures"], async (pictures) => {
            for (const each of await done(pictures.getAll())) pictures.put({ ...each, screenshotId: "gone" });
          });
        }"""
    )
    connected.do("upload", recordingId=recording_id)
    wait_for(connected, recording_id, is_uploaded)
    [(_, screenshots)] = stored()
    assert all(screenshots)


def test_a_recording_that_is_discarded_on_its_way_is_gone(connected: Extension, gate: Gate) -> None:
    hold = gate.holding(0, "before")
    recording_id = put(connected, "Never mind")
    connected.do("upload", recordingId=recording_id)
    assert hold.reached.wait(30)
    connected.do("discard", recordingId=recording_id)
    gate.hold = None
    hold.lost.set()
    connected.do("status")
    assert connected.recordings() == []
    assert stored() == []
