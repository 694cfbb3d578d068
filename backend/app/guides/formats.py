"""Every format there is, by the name that a program asks for."""

from collections.abc import Callable, Iterator

from app.guides import archives, as_devtools, as_html, as_json, as_pdf, as_playwright, as_skill, markdown
from app.guides.export import Format, Source

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ZIP = "application/zip"


def _text(write: Callable[[Source], str]) -> Callable[[Source], Iterator[bytes]]:
    """A format that is one short text."""

    def make(source: Source) -> Iterator[bytes]:
        yield write(source).encode()

    return make


def _docx(source: Source) -> Iterator[bytes]:
    from app.guides import as_docx  # noqa: PLC0415 - its library takes memory and time that other exports do not need

    return as_docx.pieces(source)


_ALL = (
    # Text alone: a single file has no place for pictures, and links to them would be dead.
    Format("markdown", "md", "text/markdown; charset=utf-8", _text(lambda s: markdown.render(s.guide)), False),
    Format("markdown-zip", "zip", _ZIP, archives.reading, True),
    Format("wiki", "zip", _ZIP, archives.wiki, True),
    Format("html", "html", "text/html; charset=utf-8", as_html.pieces, True),
    Format("pdf", "pdf", "application/pdf", as_pdf.pieces, True),
    Format("docx", "docx", _WORD, _docx, True),
    Format(
        "json",
        "json",
        "application/json",
        _text(lambda s: as_json.render(as_json.document(s.workflow, s.views))),
        False,
    ),
    Format("zip", "zip", _ZIP, archives.round_trip, True),
    Format("skill", "zip", _ZIP, as_skill.pieces, True),
    Format("playwright", "spec.ts", "text/x-typescript; charset=utf-8", _text(as_playwright.render), False),
    Format("devtools", "json", "application/json", _text(as_devtools.render), False),
)

FORMATS: dict[str, Format] = {each.name: each for each in _ALL}
