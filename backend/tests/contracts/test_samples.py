"""The samples keep to the formats that they stand for, and carry nothing secret."""

import io
import json
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.recordings.schema import RecordingIn
from app.workflows.content import SECRET_KINDS, WITHOUT_TARGET, Action, StepContent

SAMPLES = Path(__file__).resolve().parents[3] / "samples"
RECORDING = SAMPLES / "create-an-account.zip"
DEVTOOLS = SAMPLES / "approve-an-expense-report.devtools.json"
ONE_AND_A_HALF_MEGABYTES = 1_500_000


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    with zipfile.ZipFile(RECORDING) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


@pytest.fixture(scope="module")
def document(files: dict[str, bytes]) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(files["workflow.json"])
    return content


@pytest.fixture(scope="module")
def steps(document: dict[str, Any]) -> list[StepContent]:
    return [StepContent.model_validate_json(json.dumps(step)) for step in document["workflow"]["steps"]]


def picture_of(step: StepContent, files: dict[str, bytes]) -> Image.Image:
    return Image.open(io.BytesIO(files[f"screenshots/{step.screenshot_id}.webp"]))


def test_recording_is_the_body_that_the_api_takes(document: dict[str, Any]) -> None:
    assert document.keys() == {"format", "workflow"}
    assert document["format"] == "workflow-platform/1"
    recording = RecordingIn.model_validate_json(json.dumps(document["workflow"]))
    assert recording.starting_url == recording.steps[0].page.url


def test_no_value_of_a_password_field_is_kept(steps: list[StepContent]) -> None:
    passwords = [step for step in steps if step.target and step.target.attributes.get("type") == "password"]
    assert passwords
    for step in passwords:
        assert step.value is None
        assert step.value_kind in SECRET_KINDS


def test_nothing_of_the_machine_that_recorded_it_is_left(files: dict[str, bytes]) -> None:
    text = files["workflow.json"].decode()
    for trace in ("127.0.0.1", "localhost", "/home/", "/root", "/tmp/", "csrf", "session"):  # noqa: S108  looked for
        assert trace not in text


def test_recording_shows_the_usual_controls_and_a_page_change(steps: list[StepContent]) -> None:
    assert len(steps) >= 8
    assert {step.action for step in steps} >= {
        Action.NAVIGATE,
        Action.CLICK,
        Action.INPUT,
        Action.SELECT,
        Action.CHECK,
        Action.SUBMIT,
    }
    assert len({step.page.url for step in steps}) >= 3


def test_every_target_can_be_named_found_and_told_apart(steps: list[StepContent]) -> None:
    for step in steps:
        if step.action in WITHOUT_TARGET:
            continue
        assert step.target
        assert step.target.name
        assert step.target.role
        assert step.target.selectors
    named = [(step.action, step.page.url, step.target.name) for step in steps if step.target]
    assert len(set(named)) == len(named)


def test_every_step_has_its_own_picture_and_no_picture_is_left_over(
    steps: list[StepContent], files: dict[str, bytes]
) -> None:
    pictures = {name for name in files if name.startswith("screenshots/")}
    assert {f"screenshots/{step.screenshot_id}.webp" for step in steps} == pictures
    assert len(pictures) == len(steps)
    for step in steps:
        with picture_of(step, files) as picture:
            picture.load()


def test_every_box_lies_within_its_picture(steps: list[StepContent], files: dict[str, bytes]) -> None:
    for step in steps:
        if not step.target:
            continue
        box, viewport = step.target.box, step.page.viewport
        assert box
        assert viewport
        with picture_of(step, files) as picture:
            scale = picture.width / viewport.width
            assert picture.height == viewport.height * scale
            assert min(box.x, box.y) >= 0
            assert min(box.width, box.height) > 0
            assert (box.x + box.width) * scale <= picture.width
            assert (box.y + box.height) * scale <= picture.height


def test_every_box_outlines_something(steps: list[StepContent], files: dict[str, bytes]) -> None:
    """A box over one flat colour outlines nothing: the picture was made at another moment than the facts."""
    for step in steps:
        if not step.target or not step.target.box:
            continue
        box = step.target.box
        with picture_of(step, files) as picture:
            part = picture.convert("L").crop((int(box.x), int(box.y), int(box.x + box.width), int(box.y + box.height)))
            darkest, lightest = part.getextrema()
            assert isinstance(darkest, int | float)
            assert isinstance(lightest, int | float)
            assert lightest - darkest > 20, step.screenshot_id


def test_steps_follow_one_another_in_time(steps: list[StepContent]) -> None:
    times = [step.timestamp for step in steps if step.timestamp]
    assert len(times) == len(steps)
    assert all(earlier < later for earlier, later in pairwise(times))


def test_zip_is_small_and_carries_fixed_times_and_names() -> None:
    assert RECORDING.stat().st_size < ONE_AND_A_HALF_MEGABYTES
    with zipfile.ZipFile(RECORDING) as archive:
        entries = archive.infolist()
    assert entries[0].filename == "workflow.json"
    assert {entry.date_time for entry in entries} == {(2026, 11, 23, 10, 0, 0)}
    assert [entry.filename for entry in entries[1:]] == sorted(entry.filename for entry in entries[1:])


def test_devtools_recording_holds_what_importers_meet() -> None:
    flow = json.loads(DEVTOOLS.read_bytes())
    assert flow.keys() == {"title", "timeout", "selectorAttribute", "steps"}
    types = [step["type"] for step in flow["steps"]]
    assert types[:2] == ["setViewport", "navigate"]
    assert {"click", "change", "keyDown", "keyUp", "scroll", "waitForElement"} <= set(types)
    assert any("frame" in step for step in flow["steps"])
    assert any(event["type"] == "navigation" for step in flow["steps"] for event in step.get("assertedEvents", []))
