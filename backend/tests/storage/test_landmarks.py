"""A page that has moved is noticed by what stands around a field; what is typed into it is no move."""

import pytest
from PIL import Image, ImageDraw

from app.storage.frames import Rectangle
from app.storage.landmarks import Landmark, landmark

FIELD = (200, 300, 700, 340)
NAMES = ("First name", "Last name", "Department", "Email", "Role", "Notes", "Phone", "City", "Country", "Language")


def form(*, scrolled: int = 0, typed: str = "", focus: str = "", ratio: int = 1, menu: bool = True) -> Image.Image:
    """Fields with their names above them, beside a menu that does not scroll."""
    picture = Image.new("RGB", (1280 * ratio, 720 * ratio), "white")
    pen = ImageDraw.Draw(picture)

    def scaled(*edges: float) -> Rectangle:
        return tuple(edge * ratio for edge in edges)  # type: ignore[return-value]

    for row, name in enumerate(NAMES):
        top = 100 + 100 * row - scrolled
        pen.text(scaled(200, top - 22)[:2], name, fill="black", font_size=14 * ratio)
        border = (0, 80, 220) if name == focus else (170, 170, 170)
        pen.rectangle(scaled(200, top, 700, top + 40), outline=border, width=(2 if name == focus else 1) * ratio)
        pen.text(scaled(210, top + 10)[:2], typed, fill="black", font_size=16 * ratio)
    if menu:
        pen.rectangle(scaled(0, 0, 180, 720), fill=(40, 30, 90))
        for row in range(14):
            pen.text(scaled(20, 30 + 48 * row)[:2], f"Menu {row}", fill="white", font_size=14 * ratio)
    return picture


def of(picture: Image.Image, ratio: int = 1) -> Landmark:
    return landmark(picture, tuple(edge * ratio for edge in FIELD), float(ratio))  # type: ignore[arg-type]


@pytest.mark.parametrize("scrolled", [3, 10, 37, 60, 100, 200, 250])
@pytest.mark.parametrize("ratio", [1, 2])
def test_a_page_that_was_scrolled_is_noticed(scrolled: int, ratio: int) -> None:
    before, after = form(ratio=ratio), form(scrolled=scrolled, ratio=ratio)
    assert not of(before, ratio).stands_in(after)


def test_nothing_stands_in_a_picture_of_another_size_or_on_an_empty_page() -> None:
    assert not of(form()).stands_in(form(ratio=2))
    empty = Image.new("RGB", (1280, 720), "white")
    assert not of(empty).telling
    assert not of(empty).stands_in(empty)
    assert not of(form()).stands_in(empty)
    assert not landmark(form(), (1300, 800, 1400, 840), 1.0).stands_in(form())


@pytest.mark.parametrize("ratio", [1, 2])
def test_typing_and_the_focus_move_nothing(ratio: int) -> None:
    before = of(form(focus="Department", ratio=ratio), ratio)
    for after in (form(ratio=ratio), form(typed="Ada", focus="Email", ratio=ratio), form(menu=False, ratio=ratio)):
        assert before.stands_in(after)
