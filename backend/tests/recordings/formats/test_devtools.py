"""Recordings of the DevTools Recorder: what becomes a step, and what becomes a warning that names it."""

from typing import Any

import pytest

from app.recordings.formats.imported import ImportedRecording, InvalidRecording
from app.recordings.formats.reading import read
from app.recordings.masking import mask_step
from app.recordings.schema import RecordingStep
from app.workflows.content import Action, Viewport
from app.workflows.errors import TooManySteps
from tests.recordings.formats.files import LIMITS, encoded, flow

CLICK = {"type": "click", "selectors": [["aria/Save"]]}


def imported(*steps: dict[str, Any], **changes: Any) -> ImportedRecording:
    (found,) = read(flow(*steps, **changes), limits=LIMITS)
    return found


def only(*steps: dict[str, Any]) -> RecordingStep:
    (step,) = imported(*steps).recording.steps
    return step


def key(name: str, *kinds: str) -> list[dict[str, Any]]:
    return [{"type": kind, "target": "main", "key": name} for kind in kinds or ("keyDown", "keyUp")]


def change(value: Any, *selectors: Any) -> dict[str, Any]:
    return {"type": "change", "value": value, "selectors": list(selectors) or [["aria/Title"]]}


def presses(*steps: dict[str, Any]) -> list[str | None]:
    return [step.value for step in imported(*steps, CLICK).recording.steps if step.action is Action.PRESS]


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([5], r"steps\[0\]: is not an object"),
        ([CLICK, {"selectors": []}], r"steps\[1\]\.type: is missing"),
        ([{"type": 5}], r"steps\[0\]\.type: is missing or not text"),
        ([], "No step of this recording"),
        ([{"type": "close"}, {"type": "setViewport", "width": 9, "height": 9}], "No step of this recording"),
    ],
)
def test_a_flow_without_steps_is_refused(steps: list[Any], message: str) -> None:
    with pytest.raises(InvalidRecording, match=message):
        read(flow(*steps), limits=LIMITS)


@pytest.mark.parametrize("steps", [[CLICK] * 21, [{"type": "close"}] * 401])
def test_too_many_steps_are_refused(steps: list[Any]) -> None:
    with pytest.raises(TooManySteps, match="MAX_STEPS"):
        read(flow(*steps), limits=LIMITS)


@pytest.mark.parametrize(
    "kind",
    ["close", "emulateNetworkConditions", "waitForElement", "waitForExpression", "customStep", "swipe\u202e"],
)
def test_what_cannot_be_shown_is_a_warning_naming_the_step(kind: str) -> None:
    found = imported(CLICK, {"type": kind})
    assert len(found.recording.steps) == 1
    (warning,) = found.warnings
    assert warning.step == 2
    assert kind.replace("\u202e", "�") in warning.message


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"type": "navigate"}, "no address"),
        ({"type": "navigate", "url": 5}, "address is not text"),
        ({"type": "keyDown"}, "names no key"),
        ({"type": "keyUp", "key": "a"}, "was not pressed in this recording"),
        ({"type": "click"}, "does not say on which element"),
        (CLICK | {"button": "back"}, "unusual mouse button"),
        (CLICK | {"button": ["secondary"]}, "unusual mouse button"),
        (CLICK | {"colour": 1}, 'not known were left out: "colour"'),
        (CLICK | {"selectors": "aria/Save"}, "selectors are not a list"),
        (CLICK | {"selectors": [[], [5], {}, "aria/Save"]}, "A selector that is not text was left out"),
        (CLICK | {"selectors": ["#a"] * 31}, "Of 31 selectors, the first 30"),
        (CLICK | {"frame": ["a"]}, "way to the frame"),
        (CLICK | {"frame": [-1]}, "way to the frame"),
        (CLICK | {"assertedEvents": 5}, "asserted events are not a list"),
        (CLICK | {"assertedEvents": [{"type": "other"}]}, "not a navigation"),
        ({"type": "setViewport", "width": 0, "height": 9}, "size of the window"),
        ({"type": "setViewport", "width": "1", "height": 9}, "size of the window"),
        ({"type": "setViewport", "width": 9, "height": 9, "isMobile": True}, "emulated phone"),
        (change({"a": 1}), "value is not text"),
        (change("a" * 6_000), "value was cut after 5,000 characters"),
        (change("a\x00b"), "Control characters or text-direction overrides were removed from the value"),
        ({"type": "click", "selectors": ["aria/Sa\u202eve"]}, "removed from the selector"),
    ],
)
def test_what_does_not_fit_is_a_warning_naming_the_step(step: dict[str, Any], words: str) -> None:
    warnings = imported(CLICK, step).warnings
    assert any(warning.step == 2 and words in warning.message for warning in warnings), warnings


def test_fields_of_the_flow_that_are_not_known_are_a_warning() -> None:
    (found,) = read(encoded({"title": "t", "steps": [CLICK], "timeout": 5, "author": "me"}), limits=LIMITS)
    assert [warning.message for warning in found.warnings] == ['Fields that are not known were left out: "author".']


@pytest.mark.parametrize(
    ("title", "name"),
    [("", None), (None, None), (" a\n b ", "a b"), ("\x00", None), ("Recording 11/24/2026 at 3:14:15 PM", None)],
)
def test_a_name_is_made_of_the_title(title: Any, name: str | None) -> None:
    assert imported(CLICK, title=title).recording.name == name


@pytest.mark.parametrize(
    ("selectors", "expected"),
    [
        ([["aria/Save"], ["#save"]], (None, None, "Save", None)),
        ([["#save"], ["aria/Save"]], (None, None, "Save", None)),
        ([['aria/Save[role="button"]']], (None, "button", "Save", None)),
        ([["aria/[name='Save'][role='button']"]], (None, "button", "Save", None)),
        ([['aria/[role="button"]'], ["text/Save"]], (None, "button", "Save", "Save")),
        ([["text/Save"], ["aria/Save the contact"]], (None, None, "Save the contact", "Save")),
        ([["aria/Row of Ada", 'aria/[role="generic"]']], (None, None, "Row of Ada", None)),
        ([["my-app", "pierce/button.save"]], ("button", None, None, None)),
        ([["#list > li:nth-of-type(2) > a"]], ("a", None, None, None)),
        ([['xpath///*[@id="a b"]/div/input[2]']], ("input", None, None, None)),
        ([["xpath///body/descendant::my-button"]], ("my-button", None, None, None)),
        ([["aria/"], ["text/"]], (None, None, None, None)),
        (["aria/Save"], (None, None, "Save", None)),
    ],
)
def test_names_and_roles_come_from_the_selectors(selectors: list[Any], expected: tuple[str | None, ...]) -> None:
    target = only({"type": "click", "selectors": selectors}).target
    assert target is not None
    assert (target.tag, target.role, target.name, target.text) == expected


def test_selectors_and_frame_are_kept() -> None:
    step = only({"type": "click", "frame": [1, 0], "selectors": [["my-app", "#save"], ["[data-testid='save']"], "#x"]})
    assert step.target is not None
    assert step.target.selectors == [["my-app", "#save"], "[data-testid='save']", "#x"]
    assert step.target.frame == [1, 0]
    assert step.target.attributes == {"id": "save", "data-testid": "save"}


@pytest.mark.parametrize(
    ("step", "action"),
    [
        (CLICK, Action.CLICK),
        (CLICK | {"button": "primary", "offsetX": 5, "offsetY": 5, "deviceType": "pen", "duration": 60}, Action.CLICK),
        (CLICK | {"button": "secondary"}, Action.RIGHT_CLICK),
        (CLICK | {"button": "auxiliary"}, Action.CLICK),
        (CLICK | {"type": "doubleClick"}, Action.DOUBLE_CLICK),
        (CLICK | {"type": "hover"}, Action.HOVER),
        ({"type": "scroll", "x": 0, "y": 200}, Action.SCROLL),
        ({"type": "navigate", "url": "https://a.example"}, Action.NAVIGATE),
    ],
)
def test_each_kind_becomes_its_action(step: dict[str, Any], action: Action) -> None:
    assert only(step).action is action


@pytest.mark.parametrize(
    ("value", "selectors", "expected"),
    [
        ("Ada", ["aria/Name"], (Action.INPUT, "Ada", "text")),
        (5, ["aria/Count"], (Action.INPUT, "5", "text")),
        ("", ["aria/Name"], (Action.INPUT, None, "text")),
        ("de", ["aria/Country", "select.country"], (Action.SELECT, "de", "option")),
        ("de", ['aria/Country[role="listbox"]'], (Action.SELECT, "de", "option")),
        ("de", ['aria/Country[role="combobox"]', "#a > input"], (Action.INPUT, "de", "text")),
        ("true", ['aria/Terms[role="checkbox"]'], (Action.CHECK, None, None)),
        (False, ['aria/Terms[role="checkbox"]'], (Action.UNCHECK, None, None)),
        ("yes", ["aria/Terms", "input[type=checkbox]"], (Action.TOGGLE, None, None)),
        ("on", ["aria/Terms", "input[type='radio']"], (Action.CHECK, None, None)),
    ],
)
def test_a_change_is_told_by_its_element(value: Any, selectors: list[Any], expected: tuple[Any, ...]) -> None:
    step = only(change(value, *selectors))
    assert (step.action, step.value, step.value_kind) == expected


@pytest.mark.parametrize(
    "selectors",
    [
        ["aria/Password"],
        ["#user_password"],
        ["aria/Code", "form > input[type='password']"],
        [["my-app", "input[type=password]"]],
        ["aria/One-time code"],
        ['xpath//form/*[@autocomplete="cc-csc"]'],
    ],
)
def test_enough_is_read_for_a_secret_to_be_known_as_one(selectors: list[Any]) -> None:
    step = only(change("hunter2", *selectors))
    masked, kinds = mask_step(step)
    assert kinds
    assert "hunter2" not in masked.model_dump_json()


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (key("Enter"), ["Enter"]),
        (key("Enter", "keyDown"), ["Enter"]),
        (key("Enter", "keyDown", "keyDown", "keyUp"), ["Enter"]),
        (key(" "), ["Space"]),
        ([*key("Tab"), *key("Tab")], ["Tab", "Tab"]),
        ([*key("Control", "keyDown"), *key("s"), *key("Control", "keyUp")], ["Ctrl+S"]),
        ([*key("Control", "keyDown"), *key("c"), *key("v"), *key("Control", "keyUp")], ["Ctrl+C", "Ctrl+V"]),
        ([*key("Shift", "keyDown"), *key("Meta", "keyDown"), *key("p")], ["Shift+Meta+P"]),
        ([*key("Shift", "keyDown"), *key("Tab"), *key("Shift", "keyUp")], ["Shift+Tab"]),
        ([*key("Shift", "keyDown"), *key("A"), *key("Shift", "keyUp")], ["A"]),
        (key("Alt"), ["Alt"]),
        ([*key("a"), *key("B"), change("aB")], []),
        ([*key("Shift"), *key(" "), *key("Backspace"), change("a")], []),
        ([*key("Control", "keyDown"), *key("v"), *key("Control", "keyUp"), change("pasted")], []),
        ([*key("Control", "keyDown"), *key("b"), *key("Control", "keyUp"), change("bold")], ["Ctrl+B"]),
        ([*key("L", "keyDown"), change("Lisbon"), *key("L", "keyUp")], []),
        ([*key("Enter", "keyDown"), change("a"), *key("Enter", "keyUp")], ["Enter"]),
        ([change("a"), *key("Tab")], ["Tab"]),
        ([*key("?"), CLICK, change("a")], ["?"]),
    ],
)
def test_keys_become_presses_unless_they_only_type(steps: list[dict[str, Any]], expected: list[str]) -> None:
    assert presses(*steps) == expected


def test_steps_in_other_tabs_say_in_which() -> None:
    second, third = "https://a.example/popup", "https://a.example/other"
    went = {"type": "navigation", "url": "https://a.example/sent", "title": "Sent"}
    found = imported(
        {"type": "navigate", "url": "https://a.example"},
        CLICK | {"target": "main", "button": "auxiliary"},
        CLICK | {"target": second, "assertedEvents": [went]},
        CLICK | {"target": "https://a.example/sent"},
        CLICK | {"target": third},
        CLICK | {"target": "main"},
    )
    attributes = [step.target.attributes for step in found.recording.steps if step.target]
    assert [own.get("data-wp-tab") for own in attributes] == [None, "2", "2", "3", None]
    assert [own.get("data-wp-button") for own in attributes] == ["middle", None, None, None, None]


def test_pages_follow_navigations_and_the_viewport() -> None:
    went = {"type": "navigation", "url": "https://a.example/2", "title": "Two"}
    found = imported(
        {"type": "setViewport", "width": 1280, "height": 720, "deviceScaleFactor": 1, "isMobile": False},
        {"type": "navigate", "url": "https://a.example", "assertedEvents": [{"type": "navigation", "title": "One"}]},
        CLICK | {"assertedEvents": [went]},
        {"type": "setViewport", "width": 800, "height": 600},
        CLICK,
        CLICK | {"target": "https://a.example/popup"},
    )
    assert [(step.page.url, step.page.title) for step in found.recording.steps] == [
        ("https://a.example", "One"),
        ("https://a.example", "One"),
        ("https://a.example/2", "Two"),
        ("https://a.example/popup", None),
    ]
    wide, small = Viewport(width=1280, height=720), Viewport(width=800, height=600)
    assert [step.page.viewport for step in found.recording.steps] == [wide, wide, small, small]
    assert found.recording.starting_url == "https://a.example"
    assert not found.warnings
