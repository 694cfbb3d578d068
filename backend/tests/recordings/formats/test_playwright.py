"""What Playwright's codegen writes as JSON Lines: what becomes a step, and what becomes a warning that names it."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.core.config import Settings
from app.recordings.formats.imported import BrokenJson, ImportedRecording, ImportTooLarge, InvalidRecording
from app.recordings.formats.reading import read
from app.recordings.schema import RecordingStep
from app.recordings.service import prepare
from app.workflows.content import Action, Viewport
from app.workflows.errors import TooManySteps
from tests.recordings.formats.files import LIMITS

REAL = Path(__file__).parent / "written_by" / "playwright-1.65.1.jsonl"
"""Its recorder wrote it while a person's clicks and keys came to pages of a server on this machine; only the server's
name was replaced afterwards."""

OPTIONS = {"browserName": "chromium", "launchOptions": {"headless": False}, "contextOptions": {}}
SAVE = 'internal:role=button[name="Save"i]'


def act(name: str, **facts: Any) -> dict[str, Any]:
    return {"name": name, "signals": [], "pageAlias": "page"} | facts


def click(selector: Any = SAVE, **facts: Any) -> dict[str, Any]:
    return act("click", selector=selector, **({"button": "left", "modifiers": 0, "clickCount": 1} | facts))


def fill(selector: str, text: Any = "Ada") -> dict[str, Any]:
    return act("fill", selector=selector, text=text)


def lines(*actions: Any, options: Any = OPTIONS) -> bytes:
    return b"\n".join(json.dumps(value).encode() for value in (options, *actions))


def imported(*actions: Any, **changes: Any) -> ImportedRecording:
    (found,) = read(lines(*actions, **changes), limits=LIMITS)
    return found


def only(*actions: Any) -> RecordingStep:
    (step,) = imported(*actions).recording.steps
    return step


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (lines(click())[:-9], BrokenJson, r"^Line 2 is not valid JSON: .* column \d+\. Take the line out"),
        (lines(click(), 5), InvalidRecording, "^Line 3: is not an object"),
        (lines(click(), {"selector": "a"}), InvalidRecording, "^Line 3: its name.* is missing or not text"),
        (lines({"name": 5}), InvalidRecording, "^Line 2: its name.* is missing or not text"),
        (lines(), InvalidRecording, "No step of this recording"),
        (lines(act("openPage", url="about:blank"), act("closePage")), InvalidRecording, "No step of this recording"),
        (lines(*[click()] * 21), TooManySteps, "more than 20 steps"),
        (lines() + b"\n" * 400, TooManySteps, "has 401 lines; at most 400"),
        (lines(fill("#a", "x" * 100_000)), ImportTooLarge, "MAX_REQUEST_BYTES"),
    ],
)
def test_what_is_no_recording_is_refused_saying_why(data: bytes, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        read(data, limits=LIMITS)


@pytest.mark.parametrize(
    "data",
    [
        lines(click()),
        lines(click()).replace(b"\n", b"\r\n\r\n"),
        b"\xef\xbb\xbf" + lines(click()) + b"\n",
        lines(click()).decode().encode("utf-16"),
        lines(options=click()),
    ],
)
def test_it_is_known_by_its_first_line(data: bytes) -> None:
    (found,) = read(data, limits=LIMITS)
    assert [step.action for step in found.recording.steps] == [Action.CLICK]
    assert not found.warnings


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (act("closePage"), "closes the tab"),
        (act("assertVisible", selector=SAVE), "only checks the page"),
        (act("assertText", selector=SAVE, text="a"), "only checks the page"),
        (act("swipe\u202e"), '"swipe�" is of a kind that is not known'),
        (act("navigate"), "no address"),
        (act("navigate", url=5), "address is not text"),
        (click(None), "does not say on which element"),
        (click(5), "selector is not a text"),
        (click("a" * 2_001), "selector is not a text of at most 2,000"),
        (click("a\u202eb"), "text-direction overrides were removed from the selector"),
        (act("click", locator={"kind": "role", "body": "a" * 4_000}), "locator is too long"),
        (click() | {"button": "middle"}, "unusual mouse button"),
        (click() | {"button": []}, None),
        (click() | {"button": ["right"]}, "unusual mouse button"),
        (click() | {"modifiers": 2}, "key was held down"),
        (click(colour="red"), 'not known were left out: "colour"'),
        (act("press", key=""), "names no key"),
        (act("press", key="a", modifiers="2"), "held down are not a number"),
        (act("select", selector="select", options=[{"a": 1}]), "options are not a list of texts"),
        (act("setInputFiles", selector="input", files=5), "files are not a list of texts"),
        (fill("#a", {"a": 1}), "value is not text"),
        (click() | {"signals": 5}, "signals are not a list"),
        (click() | {"signals": [5]}, "signal is of a kind that is not known"),
        (click() | {"signals": [{"name": "dialog", "dialogAlias": ""}]}, "dialog of the page appeared"),
        (click() | {"signals": [{"name": "download", "downloadAlias": ""}]}, "file was downloaded"),
    ],
)
def test_what_does_not_fit_is_a_warning_naming_the_step(action: dict[str, Any], words: str | None) -> None:
    warnings = imported(click(), action, click()).warnings
    if words is None:
        assert not warnings
    else:
        assert any(warning.step == 2 and words in warning.message for warning in warnings), warnings


def test_the_tab_that_is_closed_at_the_end_is_no_loss() -> None:
    assert not imported(click(), act("closePage")).warnings


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ('internal:role=button[name="Save"i]', {"role": "button", "name": "Save"}),
        ("internal:role=button[name='Save \\'it\\''s][pressed=true]", {"role": "button", "name": "Save 'it'"}),
        ('role=button[name="Say \\"a >> b\\""]', {"role": "button", "name": 'Say "a >> b"'}),
        ("internal:role=link[name=/^Inbox$/i]", {"role": "link", "name": "Inbox"}),
        ("internal:role=link[name=/Inbox \\(\\d+\\)/i]", {"role": "link", "name": None}),
        ("internal:role=button", {"role": "button", "name": None}),
        ('internal:label="Email"i', {"name": "Email"}),
        ('internal:text="Save"s', {"name": "Save", "text": "Save"}),
        ("internal:text=/Save \\d/", {"name": None, "text": None}),
        ('text=It\'s "here"', {"name": 'It\'s "here"', "text": 'It\'s "here"'}),
        ('"Save"', {"name": "Save", "text": "Save"}),
        ('internal:testid=[data-testid="save"s]', {"attributes": {"data-testid": "save"}}),
        ("data-testid=save", {"attributes": {"data-testid": "save"}}),
        ('internal:attr=[alt="Logo"i]', {"name": "Logo", "attributes": {"alt": "Logo"}}),
        ("form > input#email[type='email']", {"tag": "input", "attributes": {"id": "email", "type": "email"}}),
        ("css=button.primary", {"tag": "button"}),
        ("//div/input[@name='q']", {"tag": "input", "attributes": {"name": "q"}}),
        ("xpath=(//a)[2]", {"tag": None}),
        ('internal:role=listitem >> internal:has-text="Milk"i', {"role": "listitem", "text": "Milk", "name": "Milk"}),
        ("internal:role=button >> nth=1", {"role": "button"}),
        ("#a >> visible=true", {"attributes": {"id": "a"}}),
    ],
)
def test_the_element_is_read_from_the_selector(selector: str, expected: dict[str, Any]) -> None:
    target = only(click(selector)).target
    assert target is not None
    assert {key: getattr(target, key) for key in expected} == expected


@pytest.mark.parametrize(
    ("locator", "expected"),
    [
        ({"kind": "role", "body": "button", "options": {"attrs": [], "name": "Save"}}, ("button", "Save", {})),
        ({"kind": "label", "body": "Email", "options": {"exact": False}}, (None, "Email", {})),
        ({"kind": "test-id", "body": "save", "options": {}}, (None, None, {"data-testid": "save"})),
        ({"kind": "default", "body": "#save", "options": {}}, (None, None, {"id": "save"})),
        ({"kind": "role", "body": "row", "next": {"kind": "text", "body": "Ada"}}, (None, "Ada", {})),
        ({"kind": "role", "body": "link", "options": 5, "next": {"kind": "first", "body": ""}}, ("link", None, {})),
    ],
)
def test_without_a_selector_the_locator_tells(locator: Any, expected: tuple[Any, ...]) -> None:
    target = only(act("click", locator=locator)).target
    assert target is not None
    assert (target.role, target.name, target.attributes) == expected


@pytest.mark.parametrize(
    ("selector", "frame"),
    [
        ('iframe[name="side"] >> internal:control=enter-frame >> internal:role=button', ['iframe[name="side"]']),
        (
            "#a >> internal:control=enter-frame >> #b >> nth=1 >> internal:control=enter-frame >> b",
            ["#a", "#b >> nth=1"],
        ),
    ],
)
def test_the_way_into_frames_is_kept(selector: str, frame: list[str]) -> None:
    target = only(click(selector)).target
    assert target is not None
    assert target.frame == frame


def test_a_locator_leads_into_frames_too() -> None:
    button = {"kind": "role", "body": "button", "options": {"name": "Pin"}}
    for way in (
        {"kind": "frame-locator", "body": "#a", "next": button},
        {"kind": "default", "body": "#a", "next": {"kind": "frame", "body": "", "next": button}},
    ):
        target = only(act("click", locator=way)).target
        assert target is not None
        assert (target.frame, target.name) == (["#a"], "Pin")


def test_what_stands_around_tells_elements_apart() -> None:
    selector = (
        'internal:role=dialog[name="Team"i] >> internal:role=row >> internal:has-text="Bob"i >> internal:role=button'
    )
    target = only(click(selector)).target
    assert target is not None
    assert (target.context.section, target.context.row) == ("Team", "Bob")
    assert target.selectors == [selector, 'aria/[role="button"]']


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (click(), (Action.CLICK, None, None)),
        (click() | {"clickCount": 2}, (Action.DOUBLE_CLICK, None, None)),
        (click() | {"button": "right"}, (Action.RIGHT_CLICK, None, None)),
        (act("hover", selector=SAVE), (Action.HOVER, None, None)),
        (act("check", selector=SAVE), (Action.CHECK, None, None)),
        (act("uncheck", selector=SAVE), (Action.UNCHECK, None, None)),
        (fill("#a"), (Action.INPUT, "Ada", "text")),
        (fill("#a", ""), (Action.INPUT, None, "text")),
        (act("select", selector="#a", options=["de", "fr"]), (Action.SELECT, "de, fr", "option")),
        (
            act("setInputFiles", selector="#a", files=["C:\\Users\\ada\\cv.pdf", "/home/ada/b.png"]),
            (Action.UPLOAD, "cv.pdf, b.png", "file"),
        ),
        (act("press", selector="body", key="s", modifiers=2), (Action.PRESS, "Ctrl+S", None)),
        (act("press", selector="#a", key="P", modifiers=15), (Action.PRESS, "Ctrl+Alt+Shift+Meta+P", None)),
        (act("press", selector="#a", key="?", modifiers=8), (Action.PRESS, "?", None)),
        (act("press", selector="#a", key=" "), (Action.PRESS, "Space", None)),
        (act("openPage", url="https://a.example"), (Action.NAVIGATE, None, None)),
    ],
)
def test_each_action_becomes_a_step(action: dict[str, Any], expected: tuple[Any, ...]) -> None:
    step = only(action)
    assert (step.action, step.value, step.value_kind) == expected


@pytest.mark.parametrize(
    ("before", "left"),
    [
        ([click("#a")], 0),
        ([act("press", selector="#z", key="Tab")], 0),
        ([click("#b")], 1),
        ([click("#a") | {"clickCount": 2}], 1),
        ([click("#a") | {"button": "right"}], 1),
        ([click("#a") | {"modifiers": 2}], 1),
        ([click("#a") | {"pageAlias": "page1"}], 1),
        ([act("press", selector="#z", key="Enter")], 1),
        ([act("press", selector="#z", key="Tab", modifiers=2)], 1),
    ],
)
def test_what_only_leads_into_the_field_that_is_filled_is_no_step(before: list[dict[str, Any]], left: int) -> None:
    assert len(imported(*before, fill("#a")).recording.steps) == left + 1


def test_each_tab_keeps_its_page_and_all_have_the_viewport() -> None:
    opened = click() | {"signals": [{"name": "popup", "popupAlias": "page1"}]}
    went = click() | {"signals": [{"name": "navigation", "url": "https://a.example/2"}]}
    found = imported(
        act("navigate", url="https://a.example/1"),
        opened,
        click() | {"pageAlias": "page1"},
        went,
        click(),
        options=OPTIONS | {"contextOptions": {"viewport": {"width": 800, "height": 600}}},
    )
    assert [step.page.url and step.page.url[-2:] for step in found.recording.steps] == ["/1", "/1", None, "/1", "/2"]
    assert {step.page.viewport for step in found.recording.steps} == {Viewport(width=800, height=600)}
    assert found.recording.starting_url == "https://a.example/1"


@pytest.mark.parametrize(
    "selector",
    [
        'internal:role=textbox[name="Password"i]',
        'internal:label="One-time code"i',
        'internal:testid=[data-testid="user-password"s]',
        'internal:attr=[placeholder="PIN"i]',
        "#token-field",
        "form input[type=password]",
        "//input[@autocomplete='cc-csc']",
        'input[name="pw"]',
    ],
)
def test_what_is_typed_into_a_secret_field_is_gone(selector: str) -> None:
    echoed = click('internal:text="You typed c4nary-Pa55"i')
    ready = prepare(imported(fill(selector, "c4nary-Pa55"), echoed).recording, Settings())
    assert "c4nary" not in ready.recording.model_dump_json()
    assert "Step 1" in ready.warnings[0]


def test_what_the_recorder_really_writes_is_read() -> None:
    (found,) = read(REAL.read_bytes(), limits=Settings())
    assert [(warning.step, warning.message.split('"')[1]) for warning in found.warnings] == [
        (8, "closePage"),
        (14, "assertVisible"),
    ]
    ready = prepare(found.recording, Settings())
    text = ready.recording.model_dump_json()
    assert "hunter2" not in text
    assert "pw-secret" not in text
    assert [label.instruction for label in ready.labels] == [
        'Go to the "Index" page.',
        'Click "Refresh".',
        'Click "Bob Delete".',
        'Double-click "Ada".',
        'Click "Pin".',
        'Click "Help".',
        'Click "New contact".',
        'Enter the full name in the "Full name" field.',
        'Enter the password in the "Password" field.',
        'Enter the password in the "User password" field.',
        'Select "fr" from the "Country GermanyFrance" dropdown.',
        'Select the "Terms" checkbox.',
        'Clear the "Terms" checkbox.',
        'Upload the file in "Photo".',
        'Click "Logo".',
        'Turn "o" on or off.',
        "Click \"Say 'hello' >> now\".",
        "Press Ctrl+S.",
        'Click the "Full name" field.',
        "Press Enter.",
    ]
