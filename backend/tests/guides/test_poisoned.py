"""A recording with poison in every field, exported in every format and opened by what others wrote."""

import json
from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import pypdfium2
import pytest
import yaml
from docx import Document
from markdown_it import MarkdownIt
from pypdf import PdfReader

from app.core.config import Settings
from app.guides.export import Source
from app.guides.formats import FORMATS
from app.recordings import service as recordings
from app.recordings.formats.reading import read
from app.recordings.schema import RecordingIn
from app.workflows.models import LabelSource
from tests.guides.rows import view, workflow
from tests.guides.sources import made, source
from tests.web.test_poisoned_recording import ADDRESSES, POISON, poisoned

ACTING = {"html_block", "html_inline", "image", "fence", "code_block", "table_open", "hr"}


def poisoned_source(address: str) -> Source:
    """Labels by rules and by a person, who typed poison, too."""
    prepared = recordings.prepare(RecordingIn.model_validate({"name": POISON, **poisoned(address)}))
    views = []
    for place, (step, label) in enumerate(zip(prepared.recording.steps, prepared.labels, strict=True), 1):
        words, whose = (
            (label.instruction, LabelSource.RULES) if place % 2 else (f'**{POISON}** "{POISON}"', LabelSource.HUMAN)
        )
        views.append(view(words, field_label=label.field_label, source=whose, position=place, content=step))
    variable = {"name": "who", "label": POISON[:100], "example": POISON}
    return source(views, workflow(POISON, POISON, address, variables=[variable]))


def markdown(text: str) -> None:
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(text)
    found = {part.type for token in tokens for part in (token, *(token.children or ()))}
    assert not found & ACTING
    links = [part.attrGet("href") for token in tokens for part in token.children or () if part.type == "link_open"]
    assert all(str(link).startswith(("http://", "https://")) for link in links)
    assert "alert(1)" in text


def zipped_markdown(data: bytes) -> None:
    with ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            assert not name.startswith(("/", "."))
            if name.endswith(".md"):
                markdown(archive.read(name).decode().rpartition("---\n")[2])


def skill(data: bytes) -> None:
    zipped_markdown(data)
    with ZipFile(BytesIO(data)) as archive:
        head = yaml.safe_load(archive.read(archive.namelist()[0]).decode().split("---\n")[1])
    assert set(head) == {"name", "description"}


def pdf(data: bytes) -> None:
    reader = PdfReader(BytesIO(data))
    assert "alert(1)" in "".join(page.extract_text() for page in reader.pages)
    for page in reader.pages:
        for note in page.get("/Annots", []):
            action = note.get_object().get("/A", {})
            assert str(action.get("/URI", "http")).startswith("http")
            assert action.get("/S") in (None, "/URI", "/GoTo")
    assert "/OpenAction" not in reader.trailer["/Root"]  # type: ignore[operator]  # a dictionary, typed as any object
    for shown in pypdfium2.PdfDocument(data):
        assert shown.render().to_pil().convert("L").getextrema()[0] < 90


def docx(data: bytes) -> None:
    word = Document(BytesIO(data))
    assert POISON in word.paragraphs[0].text
    links = [link.address for paragraph in word.paragraphs for link in paragraph.hyperlinks]
    assert all(link.startswith(("http://", "https://")) for link in links)
    assert "instrText" not in word.element.xml


def importable(data: bytes) -> None:
    (imported,) = read(data, limits=Settings())
    assert imported.recording.name == POISON
    assert imported.recording.steps[0].target
    assert imported.recording.steps[0].target.name == POISON


def devtools(data: bytes) -> None:
    assert json.loads(data)["title"] == POISON
    (imported,) = read(data, limits=Settings())
    assert imported.recording.steps


def playwright(data: bytes) -> None:
    text = data.decode()
    assert "\u2028" not in text
    assert json.dumps(POISON) in text
    assert "\n<" not in text


def html(data: bytes) -> None:
    """Opened by Chromium in the browser tests."""
    assert b"<script" not in data
    assert b"<img" not in data


OPENED: dict[str, Callable[[bytes], None]] = {
    "markdown": lambda data: markdown(data.decode()),
    "markdown-zip": zipped_markdown,
    "wiki": zipped_markdown,
    "html": html,
    "pdf": pdf,
    "docx": docx,
    "json": importable,
    "zip": importable,
    "skill": skill,
    "playwright": playwright,
    "devtools": devtools,
}


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("format_", FORMATS)
def test_nothing_recorded_acts_in_any_file(format_: str, address: str) -> None:
    OPENED[format_](made(format_, poisoned_source(address)))
