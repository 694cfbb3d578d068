"""How well names are read from pictures: buttons and icons drawn for it, on which the right answer is known.

`python -m benchmarks.ocr` needs the extra: uv pip install "workflow-platform[ocr]".
"""

import argparse
import io
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

from PIL import Image, ImageDraw, ImageFont

from app.labeling.ocr import OcrMissing, names_from_pictures, require
from app.workflows.content import Action, Box, Page, StepContent, Target, Viewport
from benchmarks import report
from benchmarks.report import Row

TEXTS = (
    "Save", "Save draft", "Add to cart", "Sign out", "Export as CSV", "Filters", "Mark all as read", "Next page",
    "Compose", "Abbrechen", "Löschen", "Précédent", "Guardar", "Zurücksetzen", "Run query", "New folder",
)  # fmt: skip
LOOKS = (
    ("white", "#1d4ed8", 14), ("black", "#e5e7eb", 14), ("#374151", "white", 12), ("white", "#166534", 20),
    ("#9ca3af", "white", 14), ("#1d4ed8", "white", 11),
)  # fmt: skip
"""Ink, paper, size of the letters in CSS pixels."""
SHAPES = ("plus", "cross", "lines", "circle", "triangle", "empty")
DrawIt = Callable[[ImageDraw.ImageDraw, tuple[float, float]], None]
VIEWPORT = Viewport(width=1280, height=720)


@dataclass(frozen=True, slots=True)
class Case:
    """A drawn control; `text` is empty where there is nothing to read."""

    text: str
    picture: bytes
    step: StepContent


def cases() -> list[Case]:
    """Every text in every look, and icons without any text."""
    buttons = [_button(text, *look) for text, look in product(TEXTS, LOOKS)]
    return [*buttons, *(_icon(shape, *look[:2]) for shape, look in product(SHAPES, LOOKS))]


def _button(text: str, ink: str, paper: str, size: int) -> Case:
    font = _font(size)
    width = round(font.getlength(text)) + 2 * size
    return _case(text, ink, paper, (width, round(2.2 * size)), lambda draw, middle: draw.text(
        middle, text, fill=ink, font=font, anchor="mm"
    ))  # fmt: skip


def _font(size: int) -> ImageFont.FreeTypeFont:
    """Pillow's own has no letters with accents."""
    try:
        return ImageFont.truetype("DejaVuSans.ttf", size)
    except OSError:
        raise SystemExit("The texts are drawn in DejaVu Sans, which is not installed (fonts-dejavu-core).") from None


def _icon(shape: str, ink: str, paper: str) -> Case:
    def draw_it(draw: ImageDraw.ImageDraw, middle: tuple[float, float]) -> None:
        x, y = middle
        if shape == "plus":
            draw.line([(x - 7, y), (x + 7, y)], fill=ink, width=2)
            draw.line([(x, y - 7), (x, y + 7)], fill=ink, width=2)
        elif shape == "cross":
            draw.line([(x - 6, y - 6), (x + 6, y + 6)], fill=ink, width=2)
            draw.line([(x - 6, y + 6), (x + 6, y - 6)], fill=ink, width=2)
        elif shape == "lines":
            for down in (-6, 0, 6):
                draw.line([(x - 8, y + down), (x + 8, y + down)], fill=ink, width=2)
        elif shape == "circle":
            draw.ellipse([x - 7, y - 7, x + 7, y + 7], outline=ink, width=2)
        elif shape == "triangle":
            draw.polygon([(x - 6, y - 7), (x + 8, y), (x - 6, y + 7)], fill=ink)

    return _case("", ink, paper, (32, 32), draw_it)


def _case(text: str, ink: str, paper: str, size: tuple[int, int], draw_it: DrawIt) -> Case:
    left, top = 200, 120
    page = Image.new("RGB", (VIEWPORT.width, VIEWPORT.height), "white")
    draw = ImageDraw.Draw(page)
    draw.text((left, top - 30), "Words above", fill="black", font=_font(14))
    draw.rounded_rectangle([left, top, left + size[0], top + size[1]], 4, fill=paper, outline=ink)
    draw_it(draw, (left + size[0] / 2, top + size[1] / 2))
    packed = io.BytesIO()
    page.save(packed, "PNG", compress_level=1)
    box = Box(x=left, y=top, width=size[0] + 1, height=size[1] + 1)
    step = StepContent(action=Action.CLICK, target=Target(tag="canvas", box=box), page=Page(viewport=VIEWPORT))
    return Case(text, packed.getvalue(), step)


def measure(given: argparse.Namespace) -> list[Row]:
    """Names read letter by letter, names where there are none, and what it costs."""
    drawn = cases()[:: 8 if given.quick else 1]
    names_from_pictures([drawn[0].step], lambda _: drawn[0].picture)  # loads the models
    began = time.perf_counter()
    found = names_from_pictures([one.step for one in drawn], lambda index: drawn[index].picture)
    seconds = (time.perf_counter() - began) / len(drawn)
    named = [(one.text, found.get(index, "")) for index, one in enumerate(drawn) if one.text]
    wrong = [(text, read) for text, read in named if text != read]
    invented = [found[index] for index, one in enumerate(drawn) if not one.text and index in found]
    for text, read in wrong:
        print(f"drawn {text!r}, read {read!r}")
    print(f"read where there is nothing: {invented or 'none'}")
    return [
        Row("ocr: names read letter by letter", 100 * (1 - len(wrong) / len(named)), "%", of="ours"),
        Row("ocr: names read wrongly", 100 * sum(bool(read) for _, read in wrong) / len(named), "%", of="ours"),
        Row(
            "ocr: icons without text that were given a name", len(invented), f"of {len(drawn) - len(named)}", of="ours"
        ),
        Row("ocr: time for one control", 1000 * seconds, "ms", of="ours"),
    ]


def main() -> None:
    """On one core."""
    given = report.parser(__doc__).parse_args()
    try:
        require()
    except OcrMissing as error:
        sys.exit(error.detail)
    report.run(measure, given)


if __name__ == "__main__":
    main()
