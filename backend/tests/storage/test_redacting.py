"""Painting over parts of a picture: what is under them is gone from every pixel, in every format."""

import pytest
from PIL import Image, ImageDraw

from app.storage.redacting import INK, Frame, burn, carried_over, in_picture, inside
from app.workflows.content import Box, Viewport
from tests.storage.pictures import encoded, opened, page, pixel

SECRET = (255, 0, 255)
AREA = (50, 40, 150, 90)
WIDE = Viewport(width=200, height=150)


def with_secret(mode: str = "RGB") -> Image.Image:
    picture = page(mode="RGB")
    ImageDraw.Draw(picture).rectangle((AREA[0], AREA[1], AREA[2] - 1, AREA[3] - 1), fill=SECRET)
    return picture.convert(mode)


def magenta(picture: Image.Image) -> int:
    """How many pixels are nearer to the secret's colour than anything else in the picture is."""
    red, green, blue = picture.convert("RGB").split()
    bright = [band.point(lambda value: 255 if value > 150 else 0) for band in (red, blue)]
    dark = green.point(lambda value: 255 if value < 100 else 0)
    both = Image.composite(bright[0], Image.new("L", picture.size), bright[1])
    return Image.composite(both, Image.new("L", picture.size), dark).histogram()[255]


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("WEBP", {"lossless": True}),
        ("WEBP", {"quality": 90}),
        ("JPEG", {"quality": 92, "subsampling": 0}),
    ],
)
def test_nothing_of_what_was_under_it_is_left(kind: str, options: dict[str, object]) -> None:
    before = encoded(with_secret(), kind, **options)
    assert magenta(opened(before)) > 4_000
    after = burn(before, [AREA])
    picture = opened(after.data)
    assert magenta(picture) == 0
    assert picture.format == ("WEBP" if kind == "PNG" else kind)
    colour = pixel(picture, 100, 60)
    assert all(abs(got - wanted) < 8 for got, wanted in zip(colour, (*INK, 255), strict=True))
    beside = pixel(picture, 300, 200)
    assert all(abs(got - wanted) < 12 for got, wanted in zip(beside, (255, 255, 255, 255), strict=True))


def test_colours_under_transparent_pixels_go_as_well() -> None:
    picture = with_secret("RGBA")
    picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    after = opened(burn(encoded(picture, "PNG"), [AREA]).data)
    assert pixel(after, 60, 45) == (*INK, 255)
    assert after.mode == "RGBA"


def test_grey_pictures_are_painted() -> None:
    after = opened(burn(encoded(page(mode="L"), "PNG"), [AREA]).data)
    assert pixel(after, 60, 45) == (*INK, 255)


def test_half_pixels_are_painted_whole() -> None:
    assert inside([(10.6, 10.4, 19.2, 19.9)], (400, 300)) == [(10, 10, 20, 20)]


def test_what_lies_outside_is_cut_or_left_out() -> None:
    areas: list[tuple[float, float, float, float]] = [(-5, -5, 10, 10), (500, 0, 600, 50), (20, 20, 20, 40)]
    assert inside(areas, (400, 300)) == [(0, 0, 10, 10)]


def test_css_pixels_follow_the_pictures_own_scale() -> None:
    frame = Frame((400, 300), WIDE)
    assert in_picture([Box(x=10, y=20, width=30, height=40)], "css", frame) == [(20, 40, 80, 120)]
    assert in_picture([Box(x=0.5, y=0.5, width=0.25, height=0.5)], "fraction", frame) == [(200, 150, 300, 300)]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (Frame((800, 600), Viewport(width=200, height=150)), (40, 80, 160, 240)),  # same page, twice the pixels
        (Frame((800, 300), Viewport(width=400, height=150)), (20, 40, 80, 120)),  # a wider window: same place
        (Frame((400, 300), None), (20, 40, 80, 120)),
        (Frame((200, 300), None), (10, 40, 40, 120)),  # nothing known but the proportions
    ],
)
def test_the_same_place_of_another_picture(target: Frame, expected: tuple[float, ...]) -> None:
    assert carried_over([(20, 40, 80, 120)], Frame((400, 300), WIDE), target) == [expected]
