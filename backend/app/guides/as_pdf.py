"""A guide as PDF, set by Typst: tagged for screen readers (PDF/UA-1), searchable, with bookmarks and page numbers.

What was recorded reaches Typst as data in a file of JSON, never as markup. Latin letters are in the fonts beside this
file; for other scripts the fonts of this computer are used. Where none has a sign, the guide says so on its first page
and is no PDF/UA, which allows no sign to be missing.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from app.guides import phrases
from app.guides.as_html import is_web_address
from app.guides.export import Source
from app.guides.model import Guide, GuideStep
from app.guides.pictures import Pictures, as_jpeg
from app.guides.words import Words

if TYPE_CHECKING:
    import typst

FONTS = Path(__file__).parent / "fonts"
TEMPLATE = Path(__file__).parent / "templates" / "guide.typ"
CHUNK_BYTES = 256 * 1024
CONTENTS_FROM = 8
"""Steps from which on there is a table of contents."""


def pieces(source: Source) -> Iterator[bytes]:
    """The file. Pictures pass through a folder of their own, one in memory at a time until Typst takes them."""
    with TemporaryDirectory(prefix="wp-pdf-") as folder:
        root = Path(folder)
        data = _data(source.guide, _written(source.pictures, root))
        (root / "guide.typ").write_bytes(TEMPLATE.read_bytes())
        _set(root, data)
        with (root / "guide.pdf").open("rb") as file:
            while piece := file.read(CHUNK_BYTES):
                yield piece


def _set(root: Path, data: dict[str, Any]) -> None:
    import typst  # noqa: PLC0415 - takes memory that other exports do not need

    def compile_as(standards: list["typst.PDFStandard"]) -> None:
        (root / "guide.json").write_text(json.dumps(data))
        typst.compile(
            root / "guide.typ",
            root / "guide.pdf",
            root=root,
            font_paths=_fonts(),
            pdf_standards=standards,
            pdf_tags=True,
            package_path=root,
            package_cache_path=root,
        )

    try:
        compile_as(["ua-1"])
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
        data["lost_signs"] = True
        compile_as([])


@cache
def _fonts() -> "typst.Fonts":
    import typst  # noqa: PLC0415

    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=[FONTS])


def _written(pictures: Pictures, root: Path) -> dict[int, str]:
    """The pictures' files by the steps' ids."""
    written = {}
    for step_id, picture in pictures.items():
        if (image := picture.read("page")) is not None:
            path = written[step_id] = f"{picture.name}.jpg"
            (root / path).write_bytes(as_jpeg(image))
    return written


def _data(guide: Guide, pictures: dict[int, str]) -> dict[str, Any]:
    said = phrases.of(guide.language)
    language, _, region = (guide.language or said.language).partition("-")
    return {
        "title": guide.title,
        "description": guide.description,
        "language": language.lower() if len(language) in (2, 3) else said.language,
        "region": region.upper() if len(region) == 2 and region.isalpha() else None,
        "start": _address(guide.starting_url),
        "variables": [each.model_dump(include={"label", "example"}) for each in guide.variables],
        "contents": len(guide.steps) >= CONTENTS_FROM,
        "lost_signs": False,
        "said": {
            name: getattr(said, name)
            for name in ("contents", "start_at", "needed", "example", "page", "of_pages", "lost_signs")
        },
        "sections": [
            {
                "heading": section.heading or said.steps,
                "where": _address(section.url) if section.heading else None,
                "steps": [_step(guide, step, pictures.get(step.id)) for step in section.steps],
            }
            for section in guide.sections
        ],
    }


def _step(guide: Guide, step: GuideStep, picture: str | None) -> dict[str, Any]:
    return {
        "number": step.number,
        "kind": step.note_kind,
        "called": phrases.of(guide.language).of_note(step.note_kind),
        "words": [_words(guide, part) for part in step.words],
        "picture": picture,
        "alt": step.alt,
    }


def _words(guide: Guide, part: Words) -> dict[str, str | None]:
    text = guide.asked[part.text] if part.kind == "variable" else part.text
    return {"kind": part.kind, "text": text, "href": part.href}


def _address(url: str | None) -> dict[str, str | None] | None:
    return {"text": url, "href": url if is_web_address(url) else None} if url else None
