"""What cannot be used is refused in words that say what and where, and nothing of it is kept."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.bodies import PNG, recording, step
from tests.api.callers import Caller
from tests.api.refusals import assert_refused, raw

# POST /workflows ----------------------------------------------------------------------------------------------------


def with_target(**fields: Any) -> dict[str, Any]:
    return {"json": recording(steps=[step(), step(target=fields)])}


BAD_RECORDINGS: dict[str, tuple[dict[str, Any], int, list[str]]] = {
    "unknown field": ({"json": recording(colour="red")}, 422, ["colour: unknown field"]),
    "unknown fields deep inside": (
        with_target(tag="a", colour="red", box={"z": 1}),
        422,
        ["steps[1].target.colour: unknown field", "steps[1].target.box.x: is missing"],
    ),
    "wrong types": (
        {"json": recording(name=7, steps=[step(action=["click"], timestamp="soon", page="x")])},
        422,
        ["name: is not text", "steps[0].action: is not one of", "steps[0].timestamp: is not a date", "steps[0].page"],
    ),
    "unknown action": ({"json": recording(steps=[step(action="dance")])}, 422, ["steps[0].action: is not one of"]),
    "no steps": ({"json": recording(steps=[])}, 422, ["steps: is empty"]),
    "10,000 steps": ({"json": recording(steps=[{"action": "note"}] * 10_000)}, 422, ["10,000 steps", "MAX_STEPS"]),
    "more steps than are read": ({"json": recording(steps=[{}] * 100_000)}, 422, ["steps: is too long"]),
    "empty name": ({"json": recording(name="")}, 422, ["name: is empty"]),
    "name of spaces": ({"json": recording(name=" \t ")}, 422, ["name: is empty"]),
    "long name": ({"json": recording(name="x" * 201)}, 422, ["name: is too long: at most 200 characters"]),
    "long text": (
        with_target(text="x" * 5_001),
        422,
        ["steps[1].target.text: is too long: at most 5000 characters"],
    ),
    "lone surrogate": (raw('{"name": "\\ud800", "steps": []}'), 422, ["is not valid JSON", "line 1 column"]),
    "right-to-left override": (
        {"json": recording(name="invoice\u202egnp.exe")},
        422,
        ["name: contains control characters or text-direction overrides"],
    ),
    "override in a target": (with_target(name="\u202ex"), 422, ["steps[1].target.name: contains control characters"]),
    "NUL": ({"json": recording(name="a\x00b")}, 422, ["name: contains control characters"]),
    "not UTF-8": (raw(b'{"name": "\xff"}'), 422, ["is not valid JSON"]),
    "broken JSON": (raw('{"name": "x", "steps": ['), 422, ["body: is not valid JSON", "line 1 column"]),
    "no body": (raw(""), 422, ["body: is not valid JSON"]),
    "not an object": (raw("[]"), 422, ["body: is not an object"]),
    "not a number": (
        raw('{"name": "x", "steps": [{"action": "click", "target": {"box": {"x": NaN}}}]}'),
        422,
        ["steps[0].target.box.x"],
    ),
    "infinite": (
        raw('{"name": "x", "steps": [{"action": "click", "target": {"box": {"x": 1e999}}}]}'),
        422,
        ["steps[0].target.box.x"],
    ),
    "deep nesting": (raw("[" * 100_000), 422, ["recursion limit exceeded"]),
    "deep nesting inside": (
        raw('{"name": "x", "steps": ' + '[{"target": ' * 5_000 + "1" + "}]" * 5_000 + "}"),
        422,
        ["recursion limit exceeded"],
    ),
    "wrong content type": (
        {"content": "{}", "headers": {"Content-Type": "text/plain"}},
        415,
        ["Content-Type: application/json"],
    ),
    "time without a zone": (
        {"json": recording(steps=[step(timestamp="2026-11-23T10:00:00")])},
        422,
        ["steps[0].timestamp: has no time zone"],
    ),
    "time beyond time": (
        {"json": recording(steps=[step(timestamp="9999-12-31T23:59:59-23:00")])},
        422,
        ["steps[0].timestamp: this moment lies outside the years 1 to 9999"],
    ),
    "screenshot without a name": (
        {"json": recording(steps=[step(screenshot_id="")])},
        422,
        ["steps[0].screenshot_id: is empty"],
    ),
    "screenshot that is not there": (
        {"json": recording(steps=[step(), step(screenshot_id="nothing")])},
        422,
        ["Step 2 names the screenshot 'nothing'"],
    ),
    "hundreds of mistakes": (
        {"json": recording(steps=[{"action": "x", "y": 1}] * 400)},
        422,
        ["steps[0].action", "and 790 more"],
    ),
}


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("case", BAD_RECORDINGS)
def test_bad_recording_is_refused(case: str, as_owner: Caller) -> None:
    sent, status, words = BAD_RECORDINGS[case]
    assert_refused(as_owner.post("/workflows", **sent), status, *words)


@pytest.mark.usefixtures("nothing_kept")
def test_mistakes_are_named_for_programs_too(as_owner: Caller) -> None:
    answer = as_owner.post("/workflows", json=recording(name="", steps=[step(action="x")]))
    assert [problem["field"] for problem in answer.json()["fields"]] == ["name", "steps.0.action"]


@pytest.mark.usefixtures("nothing_kept")
def test_what_was_sent_is_not_repeated(as_owner: Caller) -> None:
    """It may be a secret."""
    answer = as_owner.post("/workflows", json=recording(name=["hunter2"], steps=[step(action="hunter2")]))
    assert "hunter2" not in answer.text


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize(
    ("path", "bytes_", "words"),
    [
        ("/workflows", 8_000_001, ["8,000,000 bytes", "MAX_REQUEST_BYTES"]),
        ("/tokens", 500_001, ["500,000 bytes"]),
        ("/workflows/1/steps", 500_001, ["500,000 bytes"]),
    ],
)
def test_too_large_a_body_is_not_read_to_its_end(
    path: str, bytes_: int, words: list[str], declared: bool, as_owner: Caller
) -> None:
    """Whether its length was declared or not."""
    read = 0

    def pieces() -> Iterator[bytes]:
        nonlocal read
        yield b'{"name": "'
        while read < 2 * bytes_:
            read += 100_000
            yield b"x" * 100_000

    body = raw(b'"' + b"x" * bytes_) if declared else {**raw(b""), "content": pieces()}
    answer = as_owner.post(path, **body)
    assert_refused(answer, 413, "larger than", *words)
    assert answer.json()["error"] == "TooLarge"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/workflows/{}"),
        ("PATCH", "/workflows/{}"),
        ("DELETE", "/workflows/{}"),
        ("DELETE", "/workflows/{}/steps/{}"),
        ("GET", "/workflows/{}/labeling"),
        ("GET", "/workflows/{}/labeling/events"),
        ("GET", "/workflows/{}/export?format=json"),
        ("POST", "/workflows/{}/labeling/cancel"),
        ("POST", "/workflows/{}/label"),
        ("POST", "/runs/{}/retry"),
        ("POST", "/runs/{}/acknowledge"),
        ("DELETE", "/tokens/{}"),
    ],
)
def test_numbers_that_no_row_can_have_are_not_found(method: str, path: str, as_owner: Caller) -> None:
    more: dict[str, Any] = {"json": {}} if method == "PATCH" else {}
    for number in (2**63, 2**64, 10**30, -1, 0, -(2**63) - 1):
        assert_refused(as_owner.request(method, path.format(number, number), **more), 404, "There is no")


def test_numbers_beyond_reading_are_refused(as_owner: Caller) -> None:
    assert_refused(as_owner.get("/workflows/" + "9" * 5_000), 422, "workflow_id: is too large a number")
    assert_refused(as_owner.get("/screenshots/%00"), 422, "screenshot_id: has the wrong form")
    uploaded = as_owner.upload("/screenshots", PNG).json()["id"]
    assert as_owner.get(f"/screenshots/{uploaded}?step_id={2**70}").status_code == 200
