"""Whatever the bytes: a recording or one of our own errors, never anything else."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.errors import InvalidInput, TooLarge
from app.recordings.formats.imported import BrokenJson
from app.recordings.formats.reading import read
from tests.recordings.formats.files import LIMITS, encoded, envelope, flow, recording, shown, step, zipped

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


def test_a_lone_surrogate_is_an_error_with_its_place() -> None:
    data = json.dumps({"title": "t", "steps": [{"type": "click", "selectors": ["aria/\ud800"]}]}).encode()
    with pytest.raises(BrokenJson, match="line 1 column"):
        read(data, limits=LIMITS)
