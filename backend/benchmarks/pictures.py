"""What it costs to draw the pictures of a step from a 1920×1080 screenshot, against Pillow's best filter and JPEG.

    python -m benchmarks.pictures

The baseline draws the same sizes as one draws them first: each picture opened, cut and made smaller with LANCZOS, saved
as JPEG; it neither outlines anything nor paints anything over. Processor time, the best of several rounds in turns.
"""

import argparse
import io
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from app.storage import model_pictures
from app.storage.frames import Rectangle, size_of
from app.storage.images import re_encode
from app.storage.variants import SIZES, render_variants
from benchmarks import report
from benchmarks.report import Row

SIZE = (1920, 1080)
ROUNDS = 12
_WORDS = ("contact", "invoice", "report", "order", "customer", "settings", "quarterly", "draft", "review", "export")


@dataclass(frozen=True)
class Box:
    """The element, and a field to hide."""

    x: float = 600
    y: float = 300
    width: float = 240
    height: float = 40


@dataclass(frozen=True)
class Viewport:
    """Of a screen without magnification."""

    width: int = SIZE[0]
    height: int = SIZE[1]


def screenshot() -> bytes:
    """A page of text, lines and buttons, as it is kept: lossless WebP."""
    chosen = random.Random(1)  # noqa: S311 - always the same page
    picture = Image.new("RGB", SIZE, "white")
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(16)
    pen.rectangle((0, 0, SIZE[0], 64), fill=(32, 48, 96))
    pen.rectangle((0, 64, 260, SIZE[1]), fill=(244, 246, 250))
    for y in range(90, SIZE[1] - 20, 28):
        pen.text((24, y), chosen.choice(_WORDS).title(), fill=(60, 70, 90), font=font)
        pen.line((280, y + 22, SIZE[0] - 20, y + 22), fill=(225, 228, 235))
        for x in range(300, SIZE[0] - 40, 260):
            pen.text((x, y), " ".join(chosen.choices(_WORDS, k=3)), fill=(30, 30, 40), font=font)
        pen.rounded_rectangle((1780, y - 2, 1880, y + 18), 6, fill=(37, 99, 235))
    return re_encode(_saved(picture, "PNG"), max_bytes=10**8, max_pixels=10**8).data


def naive(original: bytes, wanted: Sequence[tuple[Rectangle, float]], *, together: bool = False) -> list[bytes]:
    """Each by itself; `together`: out of one decoding."""
    opened = _opened(original) if together else None
    return [
        _saved(
            (opened or _opened(original)).resize(size_of(region, zoom), Image.Resampling.LANCZOS, box=region),
            "JPEG",
            quality=80,
        )
        for region, zoom in wanted
    ]


def milliseconds(works: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """In turns, so that whatever else the machine does disturbs all alike."""
    best = [float("inf")] * len(works)
    for _ in range(rounds):
        for at, work in enumerate(works):
            began = time.process_time()
            work()
            best[at] = min(best[at], 1_000 * (time.process_time() - began))
    return best


def measure(given: argparse.Namespace) -> list[Row]:
    """For a model, and for people."""
    original, box, viewport = screenshot(), Box(), Viewport()
    drawing = model_pictures.plan(SIZE, box, viewport, [box])
    assert drawing is not None
    model = [(frame.region, frame.zoom) for frame in drawing.frames.values()]
    whole = (0.0, 0.0, float(SIZE[0]), float(SIZE[1]))
    people = [(whole, 1024 / SIZE[0]), (whole, 320 / SIZE[0]), model[0]]
    for_model, one_by_one, together, for_people, people_naive = milliseconds(
        [
            lambda: model_pictures.draw(original, drawing),
            lambda: naive(original, model),
            lambda: naive(original, model, together=True),
            lambda: render_variants(original, SIZES, box, viewport),
            lambda: naive(original, people),
        ],
        3 if given.quick else ROUNDS,
    )
    print(f"pictures: a screenshot of {SIZE[0]}×{SIZE[1]}, {len(original) / 1000:.0f} KB as it is kept")
    return [
        Row("pictures: page and crop for a model", for_model, "ms", one_by_one, at_most=0.65),
        Row("pictures: the same, baseline decodes once", for_model, "ms", together),
        Row("pictures: page, thumbnail and crop for people", for_people, "ms", people_naive, at_most=0.65),
    ]


def _opened(original: bytes) -> Image.Image:
    with Image.open(io.BytesIO(original)) as opened:
        return opened.convert("RGB")


def _saved(picture: Image.Image, kind: str, **options: int) -> bytes:
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


def main() -> None:
    """On one core."""
    report.run(measure, report.parser(__doc__).parse_args())


if __name__ == "__main__":
    main()
