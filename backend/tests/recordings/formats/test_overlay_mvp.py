"""Uploads of OverlayMVP: what becomes a step, and what becomes a warning that names it."""

from typing import Any

import pytest

from app.core.config import Settings
from app.recordings.formats.imported import ImportedRecording, InvalidRecording
from app.recordings.formats.reading import read
from app.recordings.schema import RecordingStep
from app.recordings.service import prepare
from app.workflows.content import Action, Box, Viewport
from app.workflows.errors import TooManySteps
from tests.recordings.formats.files import LIMITS, encoded

META = {"tag_name": "BUTTON", "role": "button", "type": "submit", "inner_text": " Save\n it ", "classes": ["big"]}
PAGE = {"url": "https://a.example/1", "title": "One", "viewport": {"width": 1280, "height": 720}}


def step(kind: Any = "click", **facts: Any) -> dict[str, Any]:
    plain = {"step_number": 1, "timestamp": "2026-11-23T10:00:00Z", "action_type": kind, "screenshot_id": None}
    ways = {"primary": "#save", "css": "form > #save", "xpath": "//form/button[1]"}
    return plain | {"selectors": ways, "element_meta": META, "page_context": PAGE, "action_data": {}} | facts


def upload(*steps: Any, **changes: Any) -> bytes:
    return encoded({"name": "Save it", "starting_url": "https://a.example/", "steps": list(steps)} | changes)


def imported(*steps: Any, **changes: Any) -> ImportedRecording:
    (found,) = read(upload(*steps, **changes), limits=LIMITS)
    return found


def only(*steps: Any) -> RecordingStep:
    (found,) = imported(*steps).recording.steps
    return found


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (upload(step(), 5), InvalidRecording, r"^steps\[1\]: is not an object"),
        (upload(step(), {}), InvalidRecording, r"^steps\[1\]\.action_type: is missing"),
        (upload(step(5)), InvalidRecording, r"^steps\[0\]\.action_type: is missing or not text"),
        (upload(step("dance")), InvalidRecording, "No step of this recording"),
        (upload(*[step()] * 21), TooManySteps, "has 21 steps; at most 20"),
    ],
)
def test_what_is_no_upload_is_refused_saying_why(data: bytes, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        read(data, limits=LIMITS)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (step("dance\u202e"), '"dance�" is of a kind that is not known'),
        (step("navigate", page_context=None), "no address"),
        (step(selectors=None, element_meta=None), "does not say on which element"),
        (step(colour="red"), 'not known were left out: "colour"'),
        (step(selectors=5), "selectors is not an object"),
        (step(element_meta=[]), "element_meta is not an object"),
        (step(page_context="a"), "page_context is not an object"),
        (step(action_data="a"), "action_data is not an object"),
        (step(element_meta=META | {"colour": 1}), '"element_meta.colour"'),
        (step(selectors={"primary": "#a", "shadow": "#b"}), '"selectors.shadow"'),
        (step(selectors={"primary": 5}), "selector 'primary' is not text"),
        (step(selectors={"stable_attrs": {"id": 5}}), "attribute 'id' is not text"),
        (step(selectors={"stable_attrs": {f"a{number}": "b" for number in range(61)}}), "the first 60"),
        (step(action_data={"value": "a"}), '"action_data.value"'),
        (step("input_commit", action_data={"value": ["a"]}), "value is not text"),
        (step(element_meta=META | {"bounding_box": {"x": 1}}), "place of the element"),
        (step(element_meta=META | {"bounding_box": {"x": 1, "y": 1, "width": -1, "height": 1}}), "place of the"),
        (step(page_context=PAGE | {"viewport": {"width": 0, "height": 1}}), "size of the window"),
        (step(page_context=PAGE | {"scroll": 1}), '"scroll"'),
        (step(timestamp="soon"), "moment is no date"),
    ],
)
def test_what_does_not_fit_is_a_warning_naming_the_step(wrong: dict[str, Any], words: str) -> None:
    warnings = imported(step(), wrong).warnings
    assert any(warning.step == 2 and words in warning.message for warning in warnings), warnings


def test_what_the_file_only_refers_to_is_said() -> None:
    found = imported(step(screenshot_id="a"), step(), step(screenshot_id="b", dom_context={"parent": "form"}), extra=1)
    assert list(map(str, found.warnings)) == [
        'Fields that are not known were left out: "extra".',
        "The picture of steps 1, 3 is not in the file, only its number.",
        "What stood around the element (dom_context) of step 3 was left out.",
    ]
    assert {each.screenshot_id for each in found.recording.steps} == {None}


def test_an_element_is_told_by_all_that_was_noted() -> None:
    meta = META | {
        "label_text": "Save it",
        "placeholder": "Here",
        "nearby_text": "Cancel",
        "bounding_box": {"left": 1, "top": 2.5, "width": 3, "height": 4},
    }
    ways = {"primary": "#save", "css": "#save", "xpath": "//b", "data_testid": "go", "stable_attrs": {"name": "n"}}
    found = only(step(element_meta=meta, selectors=ways))
    target = found.target
    assert target is not None
    assert (target.tag, target.role, target.name, target.text) == ("button", "button", "Save it", "Save it")
    assert target.attributes == {"data-testid": "go", "type": "submit", "name": "n", "id": "save"}
    assert target.selectors == ["#save", "xpath///b"]
    assert (target.context.label, target.context.placeholder, target.context.nearby) == ("Save it", "Here", "Cancel")
    assert target.box == Box(x=1, y=2.5, width=3, height=4)
    assert (found.page.title, found.page.viewport) == ("One", Viewport(width=1280, height=720))
    assert found.timestamp is not None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (step(), (Action.CLICK, None, None, "/1")),
        (step("submit"), (Action.SUBMIT, None, None, "/1")),
        (step("input_commit", action_data={"value": "Ada"}), (Action.INPUT, "Ada", "text", "/1")),
        (step("input_commit", action_data={"value": 5}), (Action.INPUT, "5", "text", "/1")),
        (step("input_commit", action_data={"value": ""}), (Action.INPUT, None, "text", "/1")),
        (
            step("select_change", action_data={"value": "pe", "selected_text": "Peru"}),
            (Action.SELECT, "Peru", "option", "/1"),
        ),
        (step("navigate"), (Action.NAVIGATE, None, None, "/1")),
        (step("navigate", action_data={"to_url": "https://a.example/2"}), (Action.NAVIGATE, None, None, "/2")),
    ],
)
def test_each_type_becomes_its_action(raw: dict[str, Any], expected: tuple[Any, ...]) -> None:
    found = imported(raw)
    assert not found.warnings
    (made,) = found.recording.steps
    assert (made.action, made.value, made.value_kind, (made.page.url or "")[-2:]) == expected


@pytest.mark.parametrize(
    "facts",
    [
        {"element_meta": {"tag_name": "input", "type": "password"}},
        {"element_meta": {"tag_name": "input", "label_text": "One-time code"}},
        {"element_meta": {"tag_name": "input", "placeholder": "PIN"}},
        {"selectors": {"data_testid": "user-password"}},
        {"selectors": {"stable_attrs": {"autocomplete": "cc-csc"}}},
        {"selectors": {"xpath": "//input[@name='api_key']"}},
    ],
)
def test_what_is_typed_into_a_secret_field_is_gone(facts: dict[str, Any]) -> None:
    secret = step(
        "input_commit", action_data={"value": "c4nary-Pa55"}, **{"element_meta": {"tag_name": "input"}} | facts
    )
    echoed = step(element_meta=META | {"nearby_text": "c4nary-Pa55"})
    ready = prepare(imported(secret, echoed, name="With c4nary-Pa55").recording, Settings())
    assert "c4nary" not in ready.recording.model_dump_json()
