"""Workflows of browser-use's workflow-use: what becomes a step, and what becomes a warning that names it."""

import io
from base64 import b64encode
from typing import Any

import pytest
from PIL import Image

from app.core.config import Settings
from app.recordings.formats.imported import ImportedRecording, ImportTooLarge, InvalidRecording
from app.recordings.formats.reading import read
from app.recordings.schema import RecordingStep
from app.recordings.service import prepare
from app.workflows.content import Action
from app.workflows.errors import TooManySteps
from tests.recordings.formats.files import LIMITS, encoded

CLICK = {
    "type": "click",
    "timestamp": 1_764_000_000_000,
    "tabId": 7,
    "url": "https://a.example/",
    "frameUrl": "https://a.example/",
    "xpath": "body/div[1]/button[1]",
    "cssSelector": "div.bar > button#go[name='go']",
    "elementTag": "BUTTON",
    "elementText": "Go",
}


def a_png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 6), "red").save(buffer, "PNG")
    return buffer.getvalue()


def typed(value: Any, **facts: Any) -> dict[str, Any]:
    return {"type": "input", "cssSelector": "input[name='a']", "elementTag": "INPUT", "value": value} | facts


def workflow(*steps: Any, **changes: Any) -> bytes:
    return encoded(
        {"name": "Sign up", "description": "", "version": "1.0", "steps": list(steps), "input_schema": []} | changes
    )


def imported(*steps: Any, **changes: Any) -> ImportedRecording:
    (found,) = read(workflow(*steps, **changes), limits=LIMITS)
    return found


def only(*steps: Any, **changes: Any) -> RecordingStep:
    (step,) = imported(*steps, **changes).recording.steps
    return step


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (workflow(5), InvalidRecording, r"^steps\[0\]: is not an object"),
        (workflow(CLICK, {"url": "a"}), InvalidRecording, r"^steps\[1\]\.type: is missing"),
        (workflow({"type": 5}), InvalidRecording, r"^steps\[0\]\.type: is missing or not text"),
        (workflow(), InvalidRecording, "No step of this recording"),
        (workflow({"type": "dance"}), InvalidRecording, "No step of this recording"),
        (workflow(*[None] * 21), TooManySteps, "has 21 steps; at most 20"),
        (workflow(CLICK | {"elementText": "a" * 100_000}), ImportTooLarge, "MAX_REQUEST_BYTES"),
    ],
)
def test_what_is_no_workflow_is_refused_saying_why(data: bytes, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        read(data, limits=LIMITS)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"type": "dance\u202e"}, '"dance�" is of a kind that is not known'),
        ({"type": "navigation"}, "no address"),
        ({"type": "key_press"}, "names no key"),
        ({"type": "key_press", "key": 5}, "key is not text"),
        ({"type": "agent"}, "does not say what to do"),
        ({"type": "click"}, "does not say on which element"),
        (CLICK | {"colour": "red"}, 'not known were left out: "colour"'),
        (CLICK | {"timestamp": "yesterday"}, "moment is no date"),
        (CLICK | {"timestamp": True}, "moment is no date"),
        (CLICK | {"timestamp": 1e300}, "moment is no date"),
        (CLICK | {"cssSelector": ["#a"]}, "CSS selector is not text"),
        (CLICK | {"elementText": "a\u202eb"}, "text-direction overrides were removed"),
        (CLICK | {"screenshot": "no base64!"}, "picture is not base64"),
        (CLICK | {"screenshot": 5}, "picture is not base64"),
        (CLICK | {"screenshot": "A" * 80_000}, "MAX_SCREENSHOT_BYTES"),
        (typed(["a"]), "value is not text"),
    ],
)
def test_what_does_not_fit_is_a_warning_naming_the_step(step: dict[str, Any], words: str) -> None:
    warnings = imported(CLICK, step).warnings
    assert any(warning.step == 2 and words in warning.message for warning in warnings), warnings


def test_what_the_whole_file_loses_is_said() -> None:
    found = imported(
        CLICK | {"description": "Go"}, CLICK, CLICK | {"description": "Go"}, workflow_analysis="Thinking …"
    )
    assert list(map(str, found.warnings)) == [
        'Fields that are not known were left out: "workflow_analysis".',
        "The description of steps 1, 3 was left out: the steps are labelled anew.",
    ]


def test_an_element_is_told_by_all_that_was_noted() -> None:
    step = only(CLICK | {"frameUrl": "https://pay.example/"})
    assert step.timestamp is not None
    assert step.timestamp.isoformat() == "2025-11-24T16:00:00+00:00"
    assert step.target is not None
    assert (step.target.tag, step.target.text) == ("button", "Go")
    assert step.target.attributes == {"id": "go", "name": "go"}
    assert step.target.selectors == [CLICK["cssSelector"], "xpath///body/div[1]/button[1]"]
    assert step.target.frame == ["https://pay.example/"]
    assert only(CLICK).target.frame == []  # type: ignore[union-attr]  # a click has an element


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (CLICK, (Action.CLICK, None, None)),
        ({"type": "navigation", "url": "https://a.example"}, (Action.NAVIGATE, None, None)),
        (typed("Ada"), (Action.INPUT, "Ada", "text")),
        (typed(5), (Action.INPUT, "5", "text")),
        (CLICK | {"type": "select_change", "selectedText": "Peru"}, (Action.SELECT, "Peru", "option")),
        (CLICK | {"type": "select", "selectedOption": "Peru"}, (Action.SELECT, "Peru", "option")),
        (CLICK | {"type": "radio", "selectedOption": "Yes"}, (Action.SELECT, "Yes", "option")),
        (CLICK | {"type": "checkbox", "checked": True}, (Action.CHECK, None, None)),
        (CLICK | {"type": "checkbox", "checked": False}, (Action.UNCHECK, None, None)),
        ({"type": "key_press", "key": "CmdOrCtrl+a"}, (Action.PRESS, "Ctrl+a", None)),
        ({"type": "scroll", "scrollX": 0, "scrollY": 9}, (Action.SCROLL, None, None)),
        ({"type": "agent", "task": "Find it"}, (Action.NOTE, "Find it", None)),
        ({"type": "extract_page_content", "goal": "The total"}, (Action.NOTE, "The total", None)),
    ],
)
def test_each_type_becomes_its_action(step: dict[str, Any], expected: tuple[Any, ...]) -> None:
    found = imported(step)
    assert not found.warnings
    (only_step,) = found.recording.steps
    assert (only_step.action, only_step.value, only_step.value_kind) == expected


def test_typing_on_in_the_same_field_is_one_step() -> None:
    values = [
        step.value for step in imported(typed("A"), typed("Ad"), typed("Ada"), typed("x", url="b")).recording.steps
    ]
    assert values == ["Ada", "x"]


def test_placeholders_become_variables() -> None:
    schema = [{"name": "firstName", "type": "string", "required": True}, {"name": "API-Key", "type": "string"}]
    found = imported(
        typed("{firstName}"),
        typed("Hello {firstName} {other} {{firstName}}", cssSelector="#b"),
        {"type": "agent", "task": "Look for {API-Key}"},
        input_schema=schema,
    )
    assert [(each.name, each.label) for each in found.recording.variables] == [
        ("firstname", "Firstname"),
        ("api_key", "Api key"),
    ]
    ready = prepare(found.recording, Settings())
    values = [step.value for step in ready.recording.steps]
    assert values == ["{{firstname}}", "Hello {{firstname}} {other} {{firstname}}", "Look for {{api_key}}"]
    assert ready.labels[0].instruction == "Enter {{firstname}} in the unnamed field."
    assert ready.recording.steps[2].label is not None
    assert ready.recording.steps[2].label.instruction == "Look for {{api_key}}"


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        (5, "input schema is not a list"),
        ([5], "has no name"),
        ([{"name": "  "}], "has no name"),
        ([{"name": "数"}], "cannot be a variable's name"),
        ([{"name": "1st"}], "cannot be a variable's name"),
        ([{"name": "a b"}, {"name": "A-B"}], "Two inputs would be called"),
        ([{"name": f"v{number}"} for number in range(51)], "the first 50"),
    ],
)
def test_what_cannot_be_a_variable_is_a_warning(schema: Any, words: str) -> None:
    found = imported(CLICK, input_schema=schema)
    assert any(words in warning.message for warning in found.warnings), found.warnings


@pytest.mark.parametrize("prefix", ["", "data:image/png;base64,"])
def test_pictures_that_stand_in_the_text_come_along(prefix: str) -> None:
    png = a_png()
    found = imported(CLICK, CLICK | {"screenshot": prefix + b64encode(png).decode()})
    assert [step.screenshot_id for step in found.recording.steps] == [None, "2"]
    assert found.screenshots["2"].read() == png


def test_pictures_do_not_count_as_text() -> None:
    many = [CLICK | {"screenshot": "A" * 60_000}] * 3
    assert len(imported(*many).screenshots) == 3


def test_the_recorders_own_name_is_none() -> None:
    assert imported(CLICK, name="Recorded Workflow").recording.name is None
    assert imported(CLICK, name=" \u200b ").recording.name is None
    assert imported(CLICK, name=" Sign\nup ").recording.name == "Sign up"


@pytest.mark.parametrize(
    "facts",
    [
        {"cssSelector": 'input[type="password"][name="x"]'},
        {"xpath": "//input[@autocomplete='one-time-code']"},
        {"cssSelector": "input[data-testid='api-token']"},
        {"targetText": "Password"},
    ],
)
def test_what_is_typed_into_a_secret_field_is_gone(facts: dict[str, Any]) -> None:
    echoed = {"type": "agent", "task": "Check that c4nary-Pa55 was taken"}
    ready = prepare(imported(typed("c4nary-Pa55", **facts), echoed, description="c4nary-Pa55").recording, Settings())
    assert "c4nary" not in ready.recording.model_dump_json()
