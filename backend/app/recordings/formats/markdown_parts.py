"""The Markdown of Scribe and Tango taken apart: titles, headings, numbered steps, what stands below them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.recordings.formats.markdown_text import images, link, plain

_STEP = re.compile(r"(?:#{1,6}\s{1,9})?(?:\*\*|__)?\s?(?P<number>\d{1,4})\\?[.)](?:\*\*|__)?\s{1,9}(?P<words>\S.*)")
_TITLE = re.compile(r"#\s+(?P<words>\S.*)")
_HEADING = re.compile(r"#{2,6}\s+(?:#\s+)?(?P<words>\S.*)")
_NOTHING = re.compile(r"\s*(?:[*_-]\s?){3,}\s*|\s*<br\s?/?>\s*|\s*")
_ORIGIN = re.compile(
    r"made (?:by .{1,200} )?with \[?(?:scribe|tango)|created with \[?tango|view most recent version|^creation date:"
    r"|^created by:|^last updated:",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"(?P<kind>tip|note|hint|alert|warning|caution|attention)\s?[!:]+\s*(?P<words>\S.*)", re.IGNORECASE)
_KINDS = {"tip": "tip", "hint": "tip", "note": "note"}
_FARTHEST_AHEAD = 10
"""Numbers that a deleted step leaves out."""


@dataclass(slots=True)
class Part:
    """A step (`number`), or an aside below one (`aside`: tip, note or warning)."""

    number: int | None
    lines: list[str]
    aside: str | None = None
    heading: str | None = None
    page: tuple[str, str] | None = None
    """Title and address of the page that a heading of Tango names, for this step and those that follow."""
    pictures: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Pages:
    """One guide of the file."""

    title: str | None = None
    about: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    has_origin: bool = False
    heading_left: str | None = None
    pictures_before: int = 0


def guides(text: str) -> Iterator[Pages]:
    """The guides of the file; each begins with a title of the highest level."""
    reader = _Reader()
    fenced = False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced and (match := _TITLE.fullmatch(line)) and not _STEP.match(line):
            if reader.guide.parts:
                yield reader.guide
                reader = _Reader()
            reader.titled(match["words"])
        else:
            reader.read(line, fenced=fenced)
    if reader.guide.parts:
        yield reader.guide


class _Reader:
    """Reads one guide line by line."""

    def __init__(self) -> None:
        self.guide = Pages()
        self._heading: str | None = None
        self._page: tuple[str, str] | None = None
        self._blank = True

    def titled(self, words: str) -> None:
        if self.guide.title is not None:
            self.guide.about.append(self.guide.title)
        self.guide.title = link(words)[0]

    def read(self, raw: str, *, fenced: bool) -> None:
        line, pictures = images(raw)
        if pictures:
            self._picture(pictures)
        if _NOTHING.fullmatch(line):
            self._blank = self._blank or not pictures
            return
        if fenced:
            self._words(line)
        elif (match := _STEP.fullmatch(line)) and self._is_next(int(match["number"])):
            self._step(int(match["number"]), match["words"])
        elif _ORIGIN.search(plain(line.lstrip("# ")).text):
            self.guide.has_origin = True
        elif match := _HEADING.fullmatch(line):
            self._headed(match["words"])
        else:
            self._words(line)
        self._blank = False

    def _is_next(self, number: int) -> bool:
        """A list within a step begins again at 1 without a heading before it."""
        numbers = [part.number for part in self.guide.parts[-200:] if part.number is not None]
        if not numbers:
            return number == 1
        anew = number == 1 and self._heading is not None
        return anew or 0 < number - numbers[-1] <= _FARTHEST_AHEAD

    def _step(self, number: int, words: str) -> None:
        part = Part(number, [words], heading=self._heading, page=self._page)
        self._heading = self.guide.heading_left = self._page = None
        self.guide.parts.append(part)

    def _headed(self, words: str) -> None:
        title, address = link(words)
        if address:
            self._page = (title, address)
        self._heading = self.guide.heading_left = title or None

    def _picture(self, sources: list[str]) -> None:
        steps = [part for part in self.guide.parts[-20:] if part.number is not None]
        if steps:
            steps[-1].pictures += sources
        else:
            self.guide.pictures_before += len(sources)

    def _words(self, line: str) -> None:
        words = line.strip().lstrip("> ").strip()
        if not self.guide.parts:
            if self._heading:
                self.guide.about.append(self._heading)
                self._heading = self.guide.heading_left = None
            self.guide.about.append(words)
        elif match := _ASIDE.fullmatch(plain(words).text):
            self.guide.parts.append(Part(None, [match["words"]], aside=_KINDS.get(match["kind"].lower(), "warning")))
        else:
            self.guide.parts[-1].lines.append(words)
