"""Whatever the bytes: a recording or one of our own errors, never anything else."""

import json
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.errors import InvalidInput, TooLarge
from app.recordings.formats.imported import BrokenJson
from app.recordings.formats.reading import read
from tests.recordings.formats.files import LIMITS, encoded, envelope, flow, recording, shown, step, zipped
from tests.recordings.formats.test_markdown_guide import INSIDE, REMOTE, scribe, tango
from tests.recordings.formats.test_overlay_mvp import step as overlaid
from tests.recordings.formats.test_overlay_mvp import upload
from tests.recordings.formats.test_playwright import act, click, fill, lines
from tests.recordings.formats.test_workflow_use import CLICK, typed, workflow

GOOD = [
    encoded(recording()),
    encoded(envelope(labels=[{"source": "ai"}], status="draft")),
    zipped({"workflow.json": shown("a"), "screenshots/a.png": b"picture" * 40}),
    flow(
        {"type": "setViewport", "width": 9, "height": 9},
        {"type": "navigate", "url": "https://a.example", "assertedEvents": [{"type": "navigation", "title": "One"}]},
        {"type": "change", "value": "a", "selectors": [["aria/Name", "#b"], "xpath//a[1]"], "frame": [0]},
        {"type": "keyDown", "key": "Enter"},
    ),
    lines(
        click(),
        fill('iframe >> internal:control=enter-frame >> internal:label="A"i'),
        act("press", key="s", modifiers=2),
    ),
    workflow(CLICK | {"screenshot": "AAAA"}, typed("{a}"), input_schema=[{"name": "a"}]),
    upload(overlaid("input_commit", action_data={"value": "a"})),
    scribe(
        "About", "## Part", '1. Enter the password "a b" in [it](https://a.example)', INSIDE, "Tip! `x`", "**2. B**"
    ),
    tango("## # [One](https://a.example)", "### 1. Click on A\n" + REMOTE),
]
KINDS = [
    "navigate",
    "click",
    "doubleClick",
    "hover",
    "change",
    "keyDown",
    "keyUp",
    "scroll",
    "setViewport",
    "close",
    "a",
]

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
selectors = st.lists(st.text() | st.sampled_from(["aria/", "text/", "xpath//"]) | st.lists(st.text()) | anything)
devtools_step = st.fixed_dictionaries(
    {"type": st.sampled_from(KINDS)},
    optional={
        "selectors": selectors | anything,
        "assertedEvents": st.lists(st.fixed_dictionaries({"type": st.just("navigation")}, optional={"url": anything}))
        | anything,
        **dict.fromkeys(("key", "value", "url", "frame", "target", "button", "width", "height", "x"), anything),
    },
)

fuzzed = settings(deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])


def only_our_errors(data: bytes) -> None:
    try:
        for imported in read(data, limits=LIMITS):
            for picture in imported.screenshots.values():
                picture.read()
    except (InvalidInput, TooLarge) as error:
        error.detail.encode()


@fuzzed
@given(st.binary(max_size=200), st.sampled_from([b"", b"{", b"[", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf{"]))
def test_any_bytes(data: bytes, start: bytes) -> None:
    only_our_errors(start + data)


@fuzzed
@given(st.sampled_from(GOOD), st.data())
def test_a_good_file_with_bytes_changed_or_cut(good: bytes, data: st.DataObject) -> None:
    changed = bytearray(good)
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    only_our_errors(bytes(changed[: data.draw(st.integers(1, len(good)))]))


@fuzzed
@given(st.dictionaries(st.sampled_from(["name", "title", "steps", "format", "workflow", "labels", "status"]), anything))
def test_any_json(value: dict[str, Any]) -> None:
    only_our_errors(encoded(value))


@fuzzed
@given(st.dictionaries(st.sampled_from(["action", "target", "value", "page", "label", "timestamp"]), anything))
def test_any_step_of_ours(changes: dict[str, Any]) -> None:
    only_our_errors(encoded(recording(steps=[step(**changes)])))


@fuzzed
@given(st.lists(devtools_step, min_size=1, max_size=8), anything)
def test_any_flow(steps: list[dict[str, Any]], title: Any) -> None:
    only_our_errors(encoded({"title": title, "steps": steps}))


def dictionaries(*keys: str) -> st.SearchStrategy[dict[str, Any]]:
    """Some of these keys, with anything at all."""
    return st.fixed_dictionaries({}, optional=dict.fromkeys(keys, anything))


shorter = settings(fuzzed, max_examples=40)

actions = st.sampled_from(["openPage", "navigate", "click", "fill", "press", "select", "setInputFiles", "a"])
facts_of_actions = dictionaries(
    "selector", "text", "key", "modifiers", "options", "files", "url", "signals", "locator", "button"
)


@shorter
@given(st.lists(st.tuples(actions, facts_of_actions), max_size=4), anything)
def test_any_lines_of_playwright(script: list[tuple[str, dict[str, Any]]], options: Any) -> None:
    told = {"browserName": "chromium", "contextOptions": options}
    only_our_errors(lines(*({"name": name} | facts for name, facts in script), options=told))


PIECES = [
    "internal:",
    "role=",
    "label=",
    "text=",
    "attr=",
    "control=enter-frame",
    "[name=",
    '"',
    "'",
    "/",
    "\\",
    ">>",
    "]",
    "i",
    "nth=1",
    "css=",
    "//",
    "#a",
    ".b",
    "(",
    "`",
    "=",
    "*",
    "é",
    "\u202e",
    "password",
]


@shorter
@given(st.lists(st.sampled_from([*PIECES, " "]), max_size=30).map("".join))
def test_any_selector(selector: str) -> None:
    only_our_errors(lines(click(selector), fill(selector)))
    only_our_errors(workflow(CLICK | {"cssSelector": selector, "xpath": selector}))


types = st.sampled_from(["navigation", "click", "input", "select_change", "key_press", "scroll", "agent"])
facts_of_types = dictionaries(
    "url", "cssSelector", "xpath", "value", "selectedText", "key", "task", "screenshot", "timestamp", "frameUrl"
)


@shorter
@given(st.lists(st.tuples(types, facts_of_types), max_size=4), st.lists(dictionaries("name"), max_size=3) | anything)
def test_any_workflow(steps: list[tuple[str, dict[str, Any]]], schema: Any) -> None:
    only_our_errors(workflow(*({"type": kind} | facts for kind, facts in steps), input_schema=schema))


@shorter
@given(
    st.sampled_from(["click", "input_commit", "select_change", "submit", "navigate"]),
    dictionaries("selectors", "element_meta", "page_context", "action_data", "timestamp"),
    dictionaries("tag_name", "role", "type", "label_text", "bounding_box", "stable_attrs", "value", "viewport"),
)
def test_any_upload(kind: str, changes: dict[str, Any], parts: dict[str, Any]) -> None:
    only_our_errors(upload(overlaid(kind, **changes)))
    only_our_errors(upload(overlaid(kind, **dict.fromkeys(("selectors", "element_meta", "page_context"), parts))))


MARKS = [
    *("# ", "## ", "### ", "1. ", "2\\. ", "**3. ", "\n", "\n\n", "Tip! ", "---", 'Enter "x" as password'),
    *("![", "](", ")", "[", "]", "[[", "]]", "<", ">", "`", "```", "*", "__", "data:image/png;base64,"),
    *("https://a.example/?b", "<br/>", "<img src='", "&amp;"),
]


@shorter
@given(st.lists(st.sampled_from(MARKS) | st.text(max_size=5), max_size=40).map("".join))
def test_any_guide(text: str) -> None:
    only_our_errors(scribe(text))
    only_our_errors(scribe(f"1. A{text}"))


@pytest.mark.parametrize(
    "piece",
    ["![", "[a](", "[[", "`", "<img ", "<b", "**", "_a", "\\", '"', "enter '", "https://", "# a\n", "password is "],
)
def test_the_time_to_read_a_guide_grows_with_its_length(piece: str) -> None:
    short, long = (seconds(scribe("1. " + piece * (size // len(piece)))) for size in (9_000, 90_000))
    assert long < 30 * short + 0.1, "ten times the text takes far more than ten times as long"


def seconds(data: bytes) -> float:
    begun = time.process_time()
    only_our_errors(data)
    return time.process_time() - begun


def test_a_lone_surrogate_is_an_error_with_its_place() -> None:
    data = json.dumps({"title": "t", "steps": [{"type": "click", "selectors": ["aria/\ud800"]}]}).encode()
    with pytest.raises(BrokenJson, match="line 1 column"):
        read(data, limits=LIMITS)
