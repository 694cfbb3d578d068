"""A guide as a Word file: real headings, one numbered list through the whole guide, pictures with their texts."""

import re
from collections.abc import Iterator
from io import BytesIO
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from app.core.clock import now
from app.guides import phrases
from app.guides.as_html import is_web_address
from app.guides.export import Source
from app.guides.model import Guide, GuideStep
from app.guides.pictures import StepPicture, as_jpeg
from app.guides.words import Words
from app.workflows.content import NoteKind

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.text.paragraph import Paragraph

CHUNK_BYTES = 256 * 1024
INDENT = Cm(0.9)
WIDEST, TALLEST = Cm(14.5), Cm(15)
COLOURS: dict[NoteKind, str] = {"note": "41449C", "tip": "1A7345", "warning": "8A5800"}
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def pieces(source: Source) -> Iterator[bytes]:
    """The file. Word's format is put together as a whole, so all pictures are in memory once, as JPEG."""
    word = _document(source)
    with TemporaryFile() as file:
        word.save(file)
        file.seek(0)
        while piece := file.read(CHUNK_BYTES):
            yield piece


def _document(source: Source) -> "Word":
    guide = source.guide
    said = phrases.of(guide.language)
    word = Document()
    _prepare(word, guide, guide.language or said.language)
    word.add_heading(_xml(guide.title), 0)
    for paragraph in (guide.description or "").split("\n"):
        if paragraph.strip():
            word.add_paragraph(_xml(paragraph), style="Subtitle")
    if guide.starting_url:
        paragraph_ = word.add_paragraph(f"{said.start_at} ")
        _address(paragraph_, guide.starting_url)
    if guide.variables:
        word.add_heading(said.needed, 1)
    for variable in guide.variables:
        line = word.add_paragraph(style="List Bullet")
        line.add_run(_xml(variable.label), style="Variable")
        if variable.example:
            line.add_run(_xml(f" ({said.example} {variable.example})"))
    for section in guide.sections:
        word.add_heading(_xml(section.heading or said.steps), 1)
        if section.url and section.heading:
            where = word.add_paragraph(style="Where")
            _address(where, section.url)
        for step in section.steps:
            _step(word, guide, step, source.pictures.get(step.id))
    return word


def _prepare(word: "Word", guide: Guide, language: str) -> None:
    """Styles, language and what the file says of itself."""
    properties = word.core_properties
    properties.title, properties.author, properties.comments = _xml(guide.title)[:255], "", ""
    properties.language = language
    properties.created = properties.modified = now().replace(tzinfo=None)
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.2)
    styles = word.styles
    styles["Normal"].font.name, styles["Normal"].font.size = "Calibri", Pt(11)
    styles["Subtitle"].font.size, styles["Subtitle"].font.italic = Pt(12), False
    marks = (
        styles.element.get_or_add_rPrDefault() if hasattr(styles.element, "get_or_add_rPrDefault") else styles.element
    )
    for each in marks.iter(qn("w:lang")):
        each.set(qn("w:val"), language)
    variable = styles.add_style("Variable", WD_STYLE_TYPE.CHARACTER)
    variable.font.bold, variable.font.color.rgb = True, RGBColor.from_string(COLOURS["note"])
    code = styles.add_style("Code", WD_STYLE_TYPE.CHARACTER)
    code.font.name = "Consolas"
    link = styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    link.font.underline, link.font.color.rgb = True, RGBColor.from_string("1F4E9E")
    where = styles.add_style("Where", WD_STYLE_TYPE.PARAGRAPH)
    where.base_style = styles["Normal"]
    where.font.size, where.font.color.rgb = Pt(9), RGBColor.from_string("5B5E66")
    where.paragraph_format.keep_with_next = True
    shown = styles.add_style("Picture", WD_STYLE_TYPE.PARAGRAPH)
    shown.base_style = styles["Normal"]
    shown.paragraph_format.left_indent, shown.paragraph_format.space_after = INDENT, Pt(12)
    for kind, colour in COLOURS.items():
        style = styles.add_style(kind.capitalize(), WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        style.paragraph_format.left_indent = style.paragraph_format.right_indent = Cm(0.3)
        _framed(style.element.get_or_add_pPr(), colour)


def _framed(properties: "BaseOxmlElement", colour: str) -> None:
    """A bar at the side and a light ground, in the order that the schema asks for."""
    borders, side, ground = OxmlElement("w:pBdr"), OxmlElement("w:left"), OxmlElement("w:shd")
    for name, value in (("val", "single"), ("sz", "24"), ("space", "8"), ("color", colour)):
        side.set(qn(f"w:{name}"), value)
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "F5F5F3")):
        ground.set(qn(f"w:{name}"), value)
    borders.append(side)
    indent = properties.find(qn("w:ind"))
    for element in (borders, ground):
        if indent is not None:
            indent.addprevious(element)
        else:
            properties.append(element)


def _step(word: "Word", guide: Guide, step: GuideStep, picture: StepPicture | None) -> None:
    if step.number:
        paragraph = word.add_paragraph(style="List Number")
    else:
        kind = step.note_kind or "note"
        paragraph = word.add_paragraph(style=kind.capitalize())
        called = paragraph.add_run(f"{phrases.of(guide.language).of_note(kind)}  ")
        called.bold, called.font.color.rgb = True, RGBColor.from_string(COLOURS[kind])
    for part in step.words:
        _words(paragraph, guide, part)
    image = picture.read("page") if picture else None
    if picture is None or image is None:
        return
    paragraph.paragraph_format.keep_with_next = True
    shown = word.add_paragraph(style="Picture").add_run()
    width = min(WIDEST, TALLEST * image.width // image.height)
    drawing = shown.add_picture(BytesIO(as_jpeg(image)), width=width)
    about = drawing._inline.docPr  # noqa: SLF001 - the library has no other way to the text of a picture
    about.set("descr", _xml(picture.alt))
    about.set("name", picture.name)


def _words(paragraph: "Paragraph", guide: Guide, part: Words) -> None:
    if part.kind == "link" and part.href:
        _link(paragraph, part.text, part.href)
    elif part.kind == "variable":
        paragraph.add_run(_xml(guide.asked[part.text]), style="Variable")
    elif part.kind == "code":
        paragraph.add_run(_xml(part.text), style="Code")
    else:
        paragraph.add_run(_xml(part.text)).bold = True if part.kind in ("name", "strong") else None


def _address(paragraph: "Paragraph", url: str) -> None:
    if is_web_address(url):
        _link(paragraph, url, url)
    else:
        paragraph.add_run(_xml(url))


def _link(paragraph: "Paragraph", text: str, url: str) -> None:
    run = paragraph.add_run(_xml(text), style="Hyperlink")
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(_xml(url), RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run._r.addprevious(link)  # noqa: SLF001 - the library reads links and cannot write them
    link.append(run._r)  # noqa: SLF001


def _xml(text: str) -> str:
    """Without what XML cannot hold."""
    return _NOT_IN_XML.sub("", text)
