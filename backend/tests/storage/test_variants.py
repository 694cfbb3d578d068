"""Variants: bounded sizes, and the outline where the element is."""

from dataclasses import dataclass

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from app.storage.frames import RING
from app.storage.variants import SIZES, Size, render_variant, render_variants, size_of_variant, variant_key
from tests.storage.pictures import encoded, opened, page, pixel


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Viewport:
    width: int
    height: int


BUTTON = Box(600, 300, 120, 40)
VIEWPORT = Viewport(1280, 720)


def ring(data: bytes) -> tuple[int, int, int, int] | None:
    """Bounding box of the pixels in the ring's colour."""
    near = [
        channel.point(lambda value, wanted=wanted: 255 if abs(value - wanted) < 40 else 0)
        for channel, wanted in zip(opened(data).convert("RGB").split(), RING, strict=True)
    ]
    return ImageChops.multiply(ImageChops.multiply(near[0], near[1]), near[2]).getbbox()


@pytest.mark.parametrize(
    "box",
    [
        Box(2_000, 100, 50, 50),
        Box(100, 900, 50, 50),
        Box(-80, 100, 50, 50),
        Box(100, -80, 50, 50),
        Box(100, 100, 0, 0),
    ],
    ids=["right", "below", "left", "above", "empty"],
)
def test_a_box_outside_the_picture_is_not_outlined(box: Box) -> None:
    original = encoded(page(1280, 720), "PNG")
    plain = render_variant(original, "page")
    assert ring(plain.data) is None
    assert render_variant(original, "page", box, VIEWPORT).data == plain.data
    assert render_variant(original, "crop", box, VIEWPORT).data == plain.data


def test_a_box_partly_outside_is_outlined_inside_the_picture() -> None:
    original = encoded(page(1280, 720), "PNG")
    left, top, right, bottom = ring(render_variant(original, "page", Box(-40, -40, 100, 80), VIEWPORT).data) or (0,) * 4
    assert left >= 1
    assert top >= 1
    assert 48 <= right <= 60  # 60 CSS pixels at 1024 / 1280, and the ring around
    assert 32 <= bottom <= 44


@pytest.mark.parametrize("background", ["white", "black", "#2563eb", "#ff4d2e"])
@pytest.mark.parametrize("device_pixel_ratio", [1, 1.5, 2])
def test_the_ring_is_where_the_element_is_whatever_the_screen(background: str, device_pixel_ratio: float) -> None:
    size = (round(1280 * device_pixel_ratio), round(720 * device_pixel_ratio))
    original = encoded(Image.new("RGB", size, "gray" if background == "#ff4d2e" else background), "PNG")
    found = ring(render_variant(original, "page", BUTTON, VIEWPORT).data)
    zoom = 1024 / 1280
    element = (600 * zoom, 300 * zoom, 720 * zoom, 340 * zoom)
    around = (element[0] - 7, element[1] - 7, element[2] + 7, element[3] + 7)
    assert found == pytest.approx(around, abs=2)


def test_without_a_viewport_the_box_is_taken_in_the_pictures_pixels() -> None:
    found = ring(render_variant(encoded(page(1000, 700), "PNG"), "page", Box(100, 100, 50, 50)).data)
    assert found == pytest.approx((93, 93, 157, 157), abs=2)


def test_a_crop_shows_the_element_in_the_middle() -> None:
    crop = render_variant(encoded(page(2560, 1440), "PNG"), "crop", BUTTON, VIEWPORT)
    assert (crop.width, crop.height, crop.media_type) == (640, 400, "image/webp")
    left, top, right, bottom = ring(crop.data) or (0,) * 4
    assert (left + right) / 2 == pytest.approx(320, abs=2)
    assert (top + bottom) / 2 == pytest.approx(200, abs=2)
    assert right - left == pytest.approx(134, abs=3)


def test_a_crop_at_the_edge_stays_inside_the_picture() -> None:
    crop = render_variant(encoded(page(1280, 720), "PNG"), "crop", Box(1270, 710, 10, 10), VIEWPORT)
    assert (crop.width, crop.height) == (640, 400)
    left, top, right, bottom = ring(crop.data) or (0,) * 4
    assert left > 600
    assert top > 360
    assert right <= 640
    assert bottom <= 400


def test_a_crop_of_a_large_element_shows_it_whole() -> None:
    crop = render_variant(encoded(page(1280, 720), "PNG"), "crop", Box(100, 50, 1000, 600), VIEWPORT)
    assert crop.width <= 640
    assert crop.height <= 400
    left, _, right, _ = ring(crop.data) or (0,) * 4
    assert right - left > 480


def test_sizes_are_bounded_and_small_pictures_are_not_blown_up() -> None:
    tall = render_variants(encoded(page(1500, 20_000), "PNG"), ["page", "thumb"])
    assert (tall["page"].width, tall["page"].height) == (1024, 8192)
    assert (tall["thumb"].width, tall["thumb"].height) == (320, 240)
    small = render_variants(encoded(page(200, 100), "PNG"), ["page", "thumb"])
    assert {(image.width, image.height) for image in small.values()} == {(200, 100)}


def test_transparency_is_shown_on_white() -> None:
    shown = render_variant(encoded(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG"), "page")
    assert pixel(opened(shown.data), 25, 25) == (255, 255, 255, 255)


def test_steps_share_what_looks_the_same_and_nothing_else() -> None:
    blob = "ab/abcd.webp"
    other = Box(601, 300, 120, 40)
    keys = {
        variant_key(blob, size, box, viewport)
        for size in ("page", "crop")
        for box in (BUTTON, other)
        for viewport in (VIEWPORT, Viewport(1920, 1080))
    }
    assert len(keys) == 8
    assert variant_key(blob, "thumb", BUTTON, VIEWPORT) == variant_key(blob, "thumb")
    assert variant_key(blob, "page", BUTTON, VIEWPORT) != variant_key(blob, "page")
    assert all(key.startswith("variants/ab/abcd.webp/") for key in keys)


edges = st.floats(-100_000, 100_000)
lengths = st.floats(0, 100_000)


@given(
    size=st.tuples(st.integers(1, 700), st.integers(1, 700)),
    box=st.none() | st.builds(Box, edges | st.floats(-10, 800), edges | st.floats(-10, 800), lengths, lengths),
    viewport=st.none() | st.builds(Viewport, st.integers(1, 20_000), st.integers(1, 20_000)),
    wanted=st.sampled_from(["page", "thumb", "crop"]),
)
@example(size=(1, 1), box=Box(0, 0, 5, 5), viewport=Viewport(1, 1), wanted="crop")
@example(size=(1, 700), box=Box(0, 0, 5, 500), viewport=None, wanted="crop")
@example(size=(700, 1), box=Box(300, 0, 5, 5), viewport=Viewport(20_000, 1), wanted="crop")
@settings(max_examples=120, deadline=None)
def test_every_box_in_every_viewport_gives_a_picture(
    size: tuple[int, int], box: Box | None, viewport: Viewport | None, wanted: Size
) -> None:
    variant = render_variant(encoded(Image.new("RGB", size, "white"), "PNG"), wanted, box, viewport)
    assert opened(variant.data).size == (variant.width, variant.height)
    assert 1 <= variant.width <= (320 if wanted == "thumb" else 1024)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("box", [None, BUTTON, Box(0, 0, 1280, 720), Box(2_000, 100, 50, 50), Box(1270, 700, 50, 50)])
@pytest.mark.parametrize("picture", [(1280, 720), (2560, 1440), (375, 6_000), (200, 90), (1, 1)])
def test_the_size_of_a_variant_is_known_before_it_is_drawn(
    size: Size, box: Box | None, picture: tuple[int, int]
) -> None:
    drawn = render_variant(encoded(page(*picture), "PNG"), size, box, VIEWPORT)
    assert size_of_variant(size, *picture, box, VIEWPORT) == (drawn.width, drawn.height)
