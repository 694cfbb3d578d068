"""Our JSON: what the API refuses is refused here too, with the place."""

import codecs

import pytest

from app.recordings.formats.imported import BrokenJson, ImportTooLarge, InvalidRecording, UnknownFormat
from app.recordings.formats.reading import read
from app.recordings.schema import RecordingIn
from app.workflows.errors import TooManySteps
from app.workflows.models import WorkflowStatus
from tests.recordings.formats.files import LIMITS, encoded, envelope, recording, step


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{"name": "a",\n "steps": [}', "line 2 column 12"),
        (b'{"name": "a", "steps": [', "EOF while parsing"),
        (b'{"name": "\\ud800", "steps": []}', "line 1 column"),
        (b'{"name": "a\x01", "steps": []}', "control character"),
        (b'{"name": "\xff", "steps": []}', "invalid unicode"),
        (b'{"name": NaN, "steps": []}', "expected value"),
        (b'{"steps": ' + b"[" * 10_000, "recursion limit"),
        (codecs.BOM_UTF16_LE + b"{\x00\x00\xd8\x00\x00", "not valid UTF-16"),
        (b'{"action": 1}\n{"action": 2}', "line 2 column 1"),
    ],
)
def test_broken_json_is_refused_with_its_place(data: bytes, message: str) -> None:
    with pytest.raises(BrokenJson, match=message):
        read(data, limits=LIMITS)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": " "}, "^name: is empty"),
        ({"name": "a\u202eb"}, "^name: contains control characters or text-direction overrides"),
        ({"colour": "red"}, "^colour: unknown field"),
        ({"steps": []}, "^steps: is empty"),
        ({"steps": {"0": step()}}, "^steps: is not a list"),
        ({"steps": [step(), step(target={"box": {"x": "left"}})]}, r"^steps\[1\]\.target\.box\.x: is not a number"),
        ({"steps": [step(action="explode")]}, r"^steps\[0\]\.action: is not one of"),
        ({"steps": [step(label={"instruction": "Click."})]}, r"^steps\[0\]\.label\.field_label: is missing"),
    ],
)
def test_a_wrong_field_is_named_by_its_path(changes: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidRecording, match=message):
        read(encoded(recording(**changes)), limits=LIMITS)
    in_envelope = message.replace("^", r"^workflow\.", 1)
    with pytest.raises(InvalidRecording, match=in_envelope):
        read(encoded(envelope(workflow=recording(**changes))), limits=LIMITS)


@pytest.mark.parametrize("changes", [{"workflow": None}, {"workflow": []}, {"status": "lost"}, {"labels": 5}])
def test_a_wrong_envelope_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidRecording, match=f"^{next(iter(changes))}: is "):
        read(encoded(envelope(**changes)), limits=LIMITS)


def test_too_many_steps_are_refused_before_they_are_looked_at() -> None:
    with pytest.raises(TooManySteps, match="has 21 steps; at most 20"):
        read(encoded(recording(steps=[None] * 21)), limits=LIMITS)


def test_too_much_json_is_refused() -> None:
    with pytest.raises(ImportTooLarge, match="MAX_REQUEST_BYTES"):
        read(encoded(recording(description="a" * 100_000)), limits=LIMITS)


def test_a_file_that_is_too_large_is_refused_whatever_it_is() -> None:
    with pytest.raises(ImportTooLarge, match="MAX_IMPORT_BYTES"):
        read(b"PK\x03\x04" + bytes(2_000), limits=LIMITS.model_copy(update={"max_import_bytes": 1_000}))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n ",
        b"\x00",
        b"hello",
        b"%PDF-1.7",
        b"<svg/>",
        b"[]",
        b"{}",
        b'{"steps": 1, "title": "a"}',
        encoded({"name": "w", "steps": [{"type": "dance", "url": "https://a.example"}]}),
        encoded({"name": "w", "steps": [{"type": ["click"], "url": "https://a.example"}]}),
        encoded({"name": "w", "steps": [{"action_type": "click"}]}),
        encoded(envelope(format="workflow-platform/2")),
        encoded(envelope(format="other/1")),
        encoded(envelope(format=None)),
    ],
)
def test_an_unknown_format_is_refused_naming_the_known_ones(data: bytes) -> None:
    with pytest.raises(UnknownFormat, match="What can be imported: JSON of this program, its zip"):
        read(data, limits=LIMITS)


@pytest.mark.parametrize(
    "data",
    [
        encoded(recording()),
        encoded(envelope()),
        codecs.BOM_UTF8 + encoded(recording()),
        encoded(recording()).decode().encode("utf-16"),
        b"\n " + encoded(recording()),
    ],
)
def test_a_recording_is_read_whatever_wraps_it(data: bytes) -> None:
    (imported,) = read(data, limits=LIMITS)
    assert imported.recording == RecordingIn.model_validate(recording())
    assert not imported.screenshots
    assert not imported.warnings


def test_a_persons_words_and_the_status_come_along() -> None:
    label = {"field_label": "New contact", "instruction": 'Click "New contact".'}
    value = envelope(workflow=recording(steps=[step(label=label)]), status="published")
    (imported,) = read(encoded(value), limits=LIMITS)
    assert imported.recording.steps[0].label is not None
    assert imported.recording.steps[0].label.instruction == 'Click "New contact".'
    assert imported.status is WorkflowStatus.PUBLISHED


def test_what_is_not_taken_over_is_said() -> None:
    labels = [{"source": "ai"}, None, {"source": "human"}, {"source": "rules", "confidence": 1}]
    (imported,) = read(encoded(envelope(labels=labels, colour="red", **{"a\x00": 1})), limits=LIMITS)
    assert [warning.message for warning in imported.warnings] == [
        'Fields that are not known were left out: "a�", "colour".',
        "1 label by AI was left out: the steps are labelled anew.",
    ]


def test_a_bare_file_only_names_its_pictures() -> None:
    data = encoded(recording(steps=[step(screenshot_id="a"), step(), step(screenshot_id="b")]))
    (imported,) = read(data, limits=LIMITS)
    assert [found.screenshot_id for found in imported.recording.steps] == [None, None, None]
    assert list(map(str, imported.warnings)) == [
        "2 steps have pictures that are not in the file; an export as zip holds them."
    ]
