"""Words that a recording brings along are masked like everything else, and must say something."""

import pytest

from app.core.config import Settings
from app.recordings.formats.imported import InvalidRecording
from app.recordings.formats.reading import read
from app.recordings.schema import RecordingIn
from app.recordings.service import prepare
from tests.recordings.formats.files import LIMITS, encoded, recording, step

CARD = "4111 1111 1111 1111"


def test_a_persons_label_is_masked_by_shape_and_by_what_was_typed_elsewhere() -> None:
    label = {"field_label": "c4nary-Pa55", "instruction": f"Pay with {CARD}, then enter c4nary-Pa55."}
    typed = step(action="input", target={"tag": "input", "name": "Password"}, value="c4nary-Pa55")
    sent = RecordingIn.model_validate(recording(steps=[typed, step(label=label)]))
    ready = prepare(sent, Settings())
    words = ready.recording.steps[1].label
    assert words is not None
    assert words.instruction == "Pay with [card number], then enter •••."
    assert words.field_label == "•••"
    assert "Step 2: card number was masked." in ready.warnings


@pytest.mark.parametrize("words", [" ", "\u200b", "\t\n", "\u2066\u2069"])
@pytest.mark.parametrize("field", ["field_label", "instruction"])
def test_words_that_nobody_sees_are_refused_with_their_place(field: str, words: str) -> None:
    label = {"field_label": "Save", "instruction": "Save it."} | {field: words}
    with pytest.raises(InvalidRecording, match=rf"^steps\[0\]\.label\.{field}: is empty"):
        read(encoded(recording(steps=[step(label=label)])), limits=LIMITS)
