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


@fuzzed
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "name": st.sampled_from(
                    ["openPage", "navigate", "click", "fill", "press", "select", "setInputFiles", "a"]
                )
            },
            optional=dict.fromkeys(
                ("selector", "text", "key", "modifiers", "options", "files", "url", "signals", "locator", "button"),
                anything,
            ),
        ),
        max_size=6,
    ),
    anything,
)
def test_any_lines_of_playwright(actions: list[dict[str, Any]], options: Any) -> None:
    only_our_errors(lines(*actions, options={"browserName": "chromium", "contextOptions": options}))


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
]
PIECES += ["i", "nth=1", " ", "css=", "//", "#a", ".b", "(", "`", "=", "*", "a b", "é", "\u202e", "password"]


@fuzzed
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_selector(selector: str) -> None:
    only_our_errors(lines(click(selector), fill(selector)))
    only_our_errors(workflow(CLICK | {"cssSelector": selector, "xpath": selector}))


@fuzzed
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "type": st.sampled_from(
                    ["navigation", "click", "input", "select_change", "key_press", "scroll", "agent"]
                )
            },
            optional=dict.fromkeys(
                (
                    "url",
                    "cssSelector",
                    "xpath",
                    "value",
                    "selectedText",
                    "key",
                    "task",
                    "screenshot",
                    "timestamp",
                    "frameUrl",
                ),
                anything,
            ),
        ),
        max_size=6,
    ),
    st.lists(st.fixed_dictionaries({"name": anything}), max_size=3) | anything,
)
def test_any_workflow(steps: list[dict[str, Any]], schema: Any) -> None:
    only_our_errors(workflow(*steps, input_schema=schema))


@fuzzed
@given(
    st.sampled_from(["click", "input_commit", "select_change", "submit", "navigate"]),
    st.dictionaries(
        st.sampled_from(["selectors", "element_meta", "page_context", "action_data", "timestamp"]), anything
    ),
    st.dictionaries(
        st.sampled_from(
            ["tag_name", "role", "type", "label_text", "bounding_box", "stable_attrs", "value", "viewport"]
        ),
        anything,
    ),
)
def test_any_upload(kind: str, changes: dict[str, Any], parts: dict[str, Any]) -> None:
    only_our_errors(upload(overlaid(kind, **changes)))
    only_our_errors(upload(overlaid(kind, **dict.fromkeys(("selectors", "element_meta", "page_context"), parts))))


MARKS = [
    "# ",
    "## ",
    "### ",
    "1. ",
    "2\\. ",
    "**3. ",
    "\n",
    "\n\n",
    "![",
    "](",
    ")",
    "[",
    "]",
    "[[",
    "]]",
    "<",
    ">",
    "`",
    "```",
    "*",
]
MARKS += [
    "__",
    "data:image/png;base64,",
    "https://a.example/?b",
    'Enter "x" as password',
    "Tip! ",
    "---",
    "<br/>",
    "<img src='",
    "&amp;",
]


@fuzzed
@given(st.lists(st.sampled_from(MARKS) | st.text(max_size=5), max_size=40).map("".join))
def test_any_guide(text: str) -> None:
    only_our_errors(scribe(text))
    only_our_errors(scribe(f"1. A{text}"))


@pytest.mark.parametrize(
    "piece",
    ["![", "[a](", "[[", "`", "<img ", "<b", "**", "_a", "\\", '"', "enter '", "https://", "# a\n", "password is "],
)
def test_a_guide_that_repeats_itself_is_read_in_time(piece: str) -> None:
    begun = time.process_time()
    only_our_errors(scribe("1. " + piece * (90_000 // len(piece))))
    assert time.process_time() - begun < 5, "reading takes more than a time that grows with the text"


def test_a_lone_surrogate_is_an_error_with_its_place() -> None:
    data = json.dumps({"title": "t", "steps": [{"type": "click", "selectors": ["aria/\ud800"]}]}).encode()
    with pytest.raises(BrokenJson, match="line 1 column"):
        read(data, limits=LIMITS)
