"""A guide as one HTML file that needs nothing else: no script, no request, pictures and style inside."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from app.guides import phrases
from app.guides.export import Source
from app.guides.model import GuideStep
from app.guides.pictures import Pictures

FOLDER = Path(__file__).parent / "templates"
PIECES_AT_ONCE = 50


def pieces(source: Source) -> Iterator[bytes]:
    """The file piece by piece, one picture in memory at a time."""
    guide = source.guide
    said = phrases.of(guide.language)
    style = (FOLDER / "guide.css").read_text()
    digest = b64encode(sha256(style.encode()).digest()).decode()
    stream = _template().stream(
        guide=guide,
        said=said,
        language=guide.language or said.language,
        direction=_direction(guide.language),
        image=_images(source.pictures),
        style=style,
        policy=f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
    )
    stream.enable_buffering(PIECES_AT_ONCE)
    for piece in stream:
        yield piece.encode()


def _images(pictures: Pictures) -> Callable[[GuideStep], dict[str, object] | None]:
    """The attributes of a step's `<img>`."""

    def image(step: GuideStep) -> dict[str, object] | None:
        found = pictures[step.id].read("page") if step.id in pictures else None
        if found is None:
            return None
        data = f"data:{found.media_type};base64,{b64encode(found.data).decode()}"
        return {"src": data, "width": found.width, "height": found.height, "alt": step.alt}

    return image


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["web_address"] = is_web_address
    return environment.get_template("guide.html")


def is_web_address(url: str | None) -> bool:
    """Only these become links: a recorded `javascript:` address stays text."""
    try:
        return url is not None and urlsplit(url).scheme in {"http", "https"}
    except ValueError:
        return False


def _direction(language: str | None) -> str:
    try:
        return str(Locale.parse(language or "en", sep="-").text_direction)
    except (ValueError, UnknownLocaleError):
        return "ltr"
