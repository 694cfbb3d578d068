"""A Word file as python-docx reads it."""

from io import BytesIO

import pytest
from docx import Document
from docx.document import Document as Word
from docx.oxml.ns import qn

from tests.guides.rows import view, workflow
from tests.guides.sources import made, source


def word(data: bytes) -> Word:
    return Document(BytesIO(data))


def texts(found: Word, style: str) -> list[str]:
    return [paragraph.text for paragraph in found.paragraphs if paragraph.style and paragraph.style.name == style]


@pytest.mark.parametrize(
    "poison", ["<w:t>x</w:t>", "]]>", "&amp; &#x0;", "a\x0bb\ufffe\x00", "{ HYPERLINK }", "=cmd|' /C calc'!A0"]
)
def test_what_was_recorded_stays_text(poison: str) -> None:
    found = word(made("docx", source([view(poison, field_label="x")], workflow(poison, poison))))
    kept = poison.replace("\ufffe", "").replace("\x00", "").replace("\x0b", "")
    assert found.paragraphs[0].text == kept
    assert texts(found, "List Number") == [kept]


def test_headings_steps_and_notes_are_what_they_are_called() -> None:
    found = word(made("docx"))
    assert texts(found, "Title") == ["Create a contact"]
    assert texts(found, "Heading 1") == ["What you need", "Contacts", "New contact"]
    assert texts(found, "List Number") == [
        "Go to the Contacts page.",
        "Click New contact.",
        "Enter Customer in the Name field, exactly.",
        "Enter the password in the Password field.",
        "Call the customer.",
        "Click Save.",
    ]
    assert texts(found, "Warning") == ["Warning  Ask sales first, see the wiki."]
    assert texts(found, "Tip") == ["Tip  Write {{nobody}} down."]
    links = {link.address for paragraph in found.paragraphs for link in paragraph.hyperlinks}
    assert "https://wiki.example/a?b=1&c=2" in links


def test_pictures_have_texts_and_the_file_a_title_and_a_language() -> None:
    found = word(made("docx", source(of=workflow(language="de", variables=[]))))
    described = [shape._inline.docPr.get("descr") for shape in found.inline_shapes]
    assert described == ['Step 2: Click "New contact".', 'Step 6: Click "Save".']
    assert (found.core_properties.title, found.core_properties.language) == ("Create a contact", "de")
    assert {each.get(qn("w:val")) for each in found.styles.element.iter(qn("w:lang"))} == {"de"}


def test_only_a_web_address_becomes_a_link() -> None:
    found = word(made("docx", source([view()], workflow(url="javascript:alert(1)"))))
    links = {link.address for paragraph in found.paragraphs for link in paragraph.hyperlinks}
    assert links == {"https://crm.example/contacts"}
