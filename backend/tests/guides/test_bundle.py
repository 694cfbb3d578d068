"""What an export holds, an import gives back."""

import json
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.config import Settings
from app.guides import as_json, bundle
from app.recordings.formats.reading import read
from app.recordings.schema import RecordingIn
from app.workflows.content import Action, Box, Context, Page, StepContent, Target, Viewport
from app.workflows.models import LabelSource, WorkflowStatus
from tests.guides.rows import view, workflow

LIMITS = Settings()
TOKEN = "ghp_16C7e42F292c6912E7710c838347Ae178B4a"

# Words, because what looks like a secret is masked on its way out.
words = st.text(alphabet="abc é漢<>&\"'\\\n\t😀", max_size=12)
number = st.integers(0, 20_000)
boxes = st.builds(Box, x=number, y=number, width=number, height=number)
contexts = st.builds(Context, label=words, row=st.none() | words)
targets = st.builds(
    Target,
    tag=st.none() | words,
    name=st.none() | words,
    attributes=st.dictionaries(words, st.none() | words, max_size=3),
    selectors=st.lists(words | st.lists(words, max_size=3), max_size=3),
    box=st.none() | boxes,
    context=contexts,
    frame=st.lists(number | words, max_size=2),
)
viewports = st.builds(Viewport, width=st.integers(1, 20_000), height=st.integers(1, 20_000))
pages = st.builds(Page, url=st.none() | words, title=st.none() | words, viewport=st.none() | viewports)
moments = st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
contents = st.builds(
    StepContent,
    action=st.sampled_from(Action),
    note_kind=st.sampled_from([None, "note", "tip", "warning", "step"]),
    timestamp=st.none() | moments,
    target=st.none() | targets,
    value=st.none() | words,
    value_kind=st.sampled_from([None, "text", "option"]),
    page=pages,
    screenshot_id=st.none() | st.sampled_from(["one", "two"]),
)


def zipped(document: str, pictures: dict[str, bytes]) -> bytes:
    def get(picture: bytes) -> bytes:
        return picture

    paths = [(f"screenshots/{name}.webp", lambda data=data: get(data)) for name, data in pictures.items()]
    return b"".join(bundle.pieces([("workflow.json", document), ("guide.md", "# Guide\n")], paths))


@settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(contents, words.filter(str.strip), st.sampled_from(LabelSource)), min_size=1, max_size=4))
def test_a_zip_that_is_read_again_is_the_same_recording(steps: list[tuple[StepContent, str, LabelSource]]) -> None:
    views = [
        view(text, field_label=text, source=source, position=number, content=content)
        for number, (content, text, source) in enumerate(steps, 1)
    ]
    document = as_json.document(workflow(description="For sales"), views)
    pictures = {name: name.encode() for name in ("one", "two") if any(name == c.screenshot_id for c, _, _ in steps)}
    (imported,) = read(zipped(as_json.render(document), pictures), limits=LIMITS)
    assert imported.recording.name == "Create a contact"
    assert imported.recording.description == "For sales"
    assert imported.status is WorkflowStatus.DRAFT
    assert {name: picture.read() for name, picture in imported.screenshots.items()} == pictures
    for found, (content, text, source) in zip(imported.recording.steps, steps, strict=True):
        assert StepContent.model_validate(found.model_dump(exclude={"label", "heading"})) == content
        assert (found.label and found.label.instruction) == (text if source is LabelSource.HUMAN else None)
    assert all("label" in str(warning) for warning in imported.warnings)


def test_the_inner_part_is_the_body_of_a_post() -> None:
    views = [view(source=LabelSource.HUMAN), view(position=2)]
    document = json.loads(as_json.render(as_json.document(workflow(), views)))
    recording = RecordingIn.model_validate(document["workflow"])
    assert [step.label is None for step in recording.steps] == [False, True]
    assert document["labels"][1] == {
        "field_label": "Save", "instruction": 'Click "Save".', "confidence": 0.9, "source": "rules", "model": None
    }  # fmt: skip


def test_no_secret_is_in_the_document() -> None:
    target = Target(name=TOKEN, attributes={TOKEN: TOKEN}, selectors=[[TOKEN]], context=Context(row=TOKEN))
    content = StepContent(action=Action.INPUT, target=target, value=TOKEN, page=Page(url=TOKEN, title=TOKEN))
    views = [view(TOKEN, field_label=TOKEN, source=LabelSource.HUMAN, content=content)]
    assert TOKEN not in as_json.render(as_json.document(workflow(TOKEN, TOKEN, TOKEN), views))


def test_the_value_of_a_secret_is_not_in_the_document_even_if_it_was_stored() -> None:
    stored = view(content=StepContent(action=Action.INPUT))
    stored.step.value, stored.step.value_kind = "hunter2", "password"
    assert "hunter2" not in as_json.render(as_json.document(workflow(), [stored]))


def test_the_same_content_gives_the_same_bytes() -> None:
    assert zipped("{}", {"a": b"a"}) == zipped("{}", {"a": b"a"})


def test_a_picture_that_is_gone_is_left_out() -> None:
    data = b"".join(bundle.pieces([], [("screenshots/a.png", lambda: None), ("screenshots/b.png", lambda: b"b")]))
    assert ZipFile(BytesIO(data)).namelist() == ["screenshots/b.png"]


def test_other_programs_can_unpack_it() -> None:
    with ZipFile(BytesIO(zipped('{"é": 1}', {"a": b"picture"}))) as archive:
        assert archive.testzip() is None
        assert archive.read("workflow.json").decode() == '{"é": 1}'
        assert archive.read("screenshots/a.webp") == b"picture"


@pytest.mark.parametrize("count", [60])
def test_one_picture_at_a_time_is_in_memory(count: int) -> None:
    def pictures() -> Iterator[bundle.Picture]:
        for number in range(count):
            yield f"screenshots/{number}.webp", lambda: bytes(1_000_000)

    tracemalloc.start()
    try:
        sent = sum(len(piece) for piece in bundle.pieces([], pictures()))
        assert sent > count * 1_000_000
        assert tracemalloc.get_traced_memory()[1] < 6_000_000
    finally:
        tracemalloc.stop()
