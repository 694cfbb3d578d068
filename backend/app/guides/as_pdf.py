"""A guide as PDF, set by Typst: tagged for screen readers (PDF/UA-1), searchable, with bookmarks and page numbers.

What was recorded reaches Typst as data in a file of JSON, never as markup. Latin letters are in the fonts beside this
file; for other scripts the fonts of this computer are used. Where none has a sign, the guide says so on its first page
and is no PDF/UA, which allows no sign to be missing.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog

from app.core.errors import AppError
from app.guides import phrases
from app.guides.as_html import is_web_address
from app.guides.export import Source
from app.guides.model import Guide, GuideStep
from app.guides.pictures import Pictures, as_jpeg
from app.guides.words import Words

log = structlog.get_logger(__name__)

TYPESETTING = Path(__file__).parent / "typesetting.py"
TEMPLATE = Path(__file__).parent / "templates" / "guide.typ"
CHUNK_BYTES = 256 * 1024
CONTENTS_FROM = 8
"""Steps from which on there is a table of contents."""
TIMEOUT_SECONDS = 200


class CannotSetPages(AppError):
    """The PDF could not be made. Another format may do."""


def pieces(source: Source) -> Iterator[bytes]:
    """The file. Pictures pass through a folder of their own, one in memory at a time until Typst takes them."""
    with TemporaryDirectory(prefix="wp-pdf-") as folder:
        root = Path(folder)
        data = _data(source.guide, _written(source.pictures, root))
        (root / "guide.json").write_text(json.dumps(data), "utf-8")
        (root / "guide.typ").write_bytes(TEMPLATE.read_bytes())
        _set(root)
        with (root / "guide.pdf").open("rb") as file:
            while piece := file.read(CHUNK_BYTES):
                yield piece


def _set(root: Path) -> None:
    program = [sys.executable, "-P", str(TYPESETTING), str(root)]
    try:
        # S603: the program is ours, and the folder has no name but ours.
        subprocess.run(program, check=True, capture_output=True, timeout=TIMEOUT_SECONDS)  # noqa: S603
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        # Not what Typst said of it: that may quote what was recorded.
        log.error("typesetting_failed", error=type(error).__name__, code=getattr(error, "returncode", None))
        raise CannotSetPages from None


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
