"""A PDF as others read it: pypdf its text, PDFium its pages."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from pypdf import PdfReader

from app.core.config import BACKEND
from app.guides.as_pdf import CannotSetPages
from tests.guides.rows import view, workflow
from tests.guides.sources import made, source


def read(data: bytes) -> PdfReader:
    return PdfReader(BytesIO(data))


def text(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in read(data).pages).split())


@pytest.mark.parametrize(
    "poison",
    ['#read("/etc/passwd")', "#panic()", "$x$ *b* _e_ `c` @a <b> = h", '"); #sys.inputs; ("', "\\u{41} // /* */ [#]"],
)
def test_what_was_recorded_is_never_markup(poison: str) -> None:
    data = made("pdf", source([view(poison, field_label="x")], workflow(poison, poison)))
    shown = text(data).replace(" ", "").count(poison.replace(" ", ""))
    assert shown >= 3, "title, purpose and step, and the footer as far as it has room"


def test_trouble_with_typst_is_said_without_what_was_recorded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "guide.typ"
    broken.write_text('#panic(json("guide.json").title)')
    monkeypatch.setattr("app.guides.as_pdf.TEMPLATE", broken)
    with pytest.raises(CannotSetPages) as caught:
        made("pdf", source(of=workflow("Recorded name")))
    assert "Recorded name" not in str(caught.value) + caught.value.detail


def test_it_is_tagged_and_says_title_and_language() -> None:
    found = read(made("pdf"))
    root: Any = found.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert found.metadata
    assert found.metadata.title == "Create a contact"
    assert b"pdfuaid" in (found.xmp_metadata.stream.get_data() if found.xmp_metadata else b"")
    assert [entry.title for entry in found.outline if not isinstance(entry, list)] == ["Contacts", "New contact"]


def test_its_text_can_be_searched_and_its_pictures_are_on_the_pages() -> None:
    data = made("pdf")
    found = text(data)
    for words in (
        "Create a contact",
        "For sales.",
        "3. Enter Customer in the Name field, exactly.",
        "Warning Ask sales",
    ):
        assert words in found
    assert "Page 1 of" in found
    pages = pypdfium2.PdfDocument(data)
    objects = [
        item for page in pages for item in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=9)
    ]
    assert len(objects) == 2
    darkest, _ = pages[0].render().to_pil().convert("L").getextrema()
    assert darkest < 60, "something is on it"
    notes = [_resolved(note) for page in read(data).pages for note in page.get("/Annots", [])]
    links = [note["/A"].get("/URI") for note in notes if "/A" in note]
    assert "https://wiki.example/a?b=1&c=2" in links


def _resolved(reference: Any) -> Any:
    return reference.get_object()


def test_signs_that_no_font_has_are_said_to_be_missing() -> None:
    made_up = "\U0001f9ff\ue123"
    assert "they are missing" in text(made("pdf", source([view(f"Click {made_up}.")])))
    assert "they are missing" not in text(made("pdf", source([view("Zażółć gęślą jaźń, Ёж, αβγ")])))


def test_the_fonts_come_with_their_licence() -> None:
    folder = BACKEND / "app" / "guides" / "fonts"
    assert "SIL Open Font License" in (folder / "LICENSE").read_text("utf-8")
    assert len(list(folder.glob("*.ttf"))) == 4
