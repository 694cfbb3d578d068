"""Pictures for a model: opaque where something was typed, and no larger than it can use."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw
from sqlalchemy import Engine

from app.core.db import transaction
from app.storage import service
from app.storage.file_store import FileStore
from app.storage.frames import seen
from app.storage.images import BrokenImage
from app.storage.model_pictures import PAINT, Drawing, Kind, draw, plan
from app.storage.models import Screenshot
from app.storage.store import StorageFull
from tests.storage.pictures import encoded, opened, page
from tests.storage.test_service import person, stored
from tests.storage.test_variants import BUTTON, VIEWPORT, Box, Viewport, ring

FIELD = Box(600, 300, 240, 40)
SECRETS = (FIELD, Box(200, 500, 300, 60))
INK = (200, 0, 120)


def planned(size: tuple[int, int], box: Box | None, viewport: Viewport | None, hidden: Sequence[Box] = ()) -> Drawing:
    drawing = plan(size, box, viewport, hidden)
    assert drawing is not None
    return drawing


def written(size: tuple[int, int], regions: Sequence[Box], scale: float, text: str) -> bytes:
    """A page with something written into these regions, to their last pixel."""
    picture = page(*size)
    pen = ImageDraw.Draw(picture)
    for box in regions:
        edges = [round(edge * scale) for edge in (box.x, box.y, box.x + box.width, box.y + box.height)]
        pen.rectangle(edges, fill=INK)
        pen.text((edges[0] + 4, edges[1] + 4), text, fill="white")
    return encoded(picture, "PNG")


def near(picture: Image.Image, color: tuple[int, int, int], by: int = 40) -> tuple[int, int, int, int] | None:
    channels = [
        channel.point(lambda value, wanted=wanted: 255 if abs(value - wanted) < by else 0)
        for channel, wanted in zip(picture.convert("RGB").split(), color, strict=True)
    ]
    return ImageChops.multiply(ImageChops.multiply(channels[0], channels[1]), channels[2]).getbbox()


@pytest.mark.parametrize(
    ("size", "viewport"),
    [
        ((1280, 720), None),
        ((1280, 4_000), VIEWPORT),
        ((1280, 800), VIEWPORT),
        ((2560, 1380), VIEWPORT),
    ],
    ids=["scale unknown", "whole page", "window", "cut off"],
)
def test_a_picture_is_not_drawn_if_nobody_knows_where_its_regions_are(
    size: tuple[int, int], viewport: Viewport | None
) -> None:
    assert plan(size, BUTTON, viewport, SECRETS) is None
    assert plan(size, BUTTON, viewport, []) is not None


def test_another_picture_than_the_one_planned_for_is_refused() -> None:
    with pytest.raises(ValueError, match="pixels"):
        draw(encoded(page(1280, 721), "PNG"), planned((1280, 720), BUTTON, VIEWPORT, SECRETS))
    with pytest.raises(BrokenImage):
        draw(encoded(page(1280, 720), "PNG")[:900], planned((1280, 720), BUTTON, VIEWPORT, SECRETS))


@pytest.mark.parametrize("box", [FIELD, BUTTON, None])
@pytest.mark.parametrize("ratio", [1, 1.25, 2])
def test_not_one_bit_of_what_was_typed_is_in_the_pictures(ratio: float, box: Box | None) -> None:
    size = (round(1280 * ratio), round(720 * ratio))
    drawing = planned(size, box, VIEWPORT, SECRETS)
    one, other = (draw(written(size, SECRETS, ratio, text), drawing) for text in ("hunter22", "Ada Lovelace"))
    clean = draw(encoded(page(*size), "PNG"), drawing)
    for kind, picture in one.items():
        assert picture.data == other[kind].data == clean[kind].data
        assert near(opened(picture.data), INK) is None
    without = draw(written(size, SECRETS, ratio, "hunter22"), planned(size, box, VIEWPORT))
    assert near(opened(without["page"].data), INK) is not None  # it would have been seen


def test_painted_regions_are_of_one_colour_and_the_field_is_still_outlined() -> None:
    field = Box(600, 300, 240, 160)
    drawing = planned((1280, 720), field, VIEWPORT, [field])
    pictures = draw(written((1280, 720), [field], 1, "hunter22"), drawing)
    for kind, picture in pictures.items():
        region, zoom = drawing.frames[kind].region, drawing.frames[kind].zoom
        left, top, right, bottom = seen((600, 300, 840, 460), region, zoom)
        inside = opened(picture.data).convert("RGB").crop((left + 16, top + 16, right - 16, bottom - 16))
        for channel, paint in zip(inside.split(), PAINT, strict=True):
            low, high = channel.getextrema()
            assert paint - 3 <= low <= high <= paint + 3  # type: ignore[operator]
        outline = ring(picture.data)
        assert outline == pytest.approx((left - 7, top - 7, right + 7, bottom + 7), abs=3)


def test_sizes_are_those_that_a_model_can_use() -> None:
    pictures = draw(encoded(page(1920, 1080), "PNG"), planned((1920, 1080), BUTTON, Viewport(1920, 1080)))
    assert {kind: (one.width, one.height) for kind, one in pictures.items()} == {"page": (768, 432), "crop": (640, 400)}
    assert {one.media_type for one in pictures.values()} == {"image/jpeg"}


def test_a_crop_that_would_be_the_page_is_left_out() -> None:
    assert [*planned((600, 300), Box(10, 10, 50, 20), None).frames] == ["page"]
    assert [*planned((1280, 720), Box(5_000, 10, 50, 20), VIEWPORT).frames] == ["page"]
    assert [*planned((1280, 720), None, VIEWPORT).frames] == ["page"]


def test_of_a_long_page_the_part_with_the_element_is_shown() -> None:
    drawing = planned((1280, 20_000), Box(100, 15_000, 100, 40), VIEWPORT)
    left, top, right, bottom = drawing.frames["page"].region
    assert (left, right, bottom - top) == (0, 1280, 1280)
    assert top < 15_000 < bottom


@given(
    size=st.tuples(st.integers(1, 9_000), st.integers(1, 9_000)),
    box=st.none() | st.builds(Box, *[st.floats(-50, 9_000)] * 2, *[st.floats(0, 3_000)] * 2),
    viewport=st.none() | st.builds(Viewport, st.integers(1, 4_000), st.integers(1, 4_000)),
)
@settings(max_examples=300, deadline=None)
def test_no_picture_is_larger_than_a_model_can_use(
    size: tuple[int, int], box: Box | None, viewport: Viewport | None
) -> None:
    for frame in planned(size, box, viewport).frames.values():
        left, top, right, bottom = frame.region
        assert 0 <= left < right <= size[0]
        assert 0 <= top < bottom <= size[1]
        assert frame.zoom <= 1
        width, height = (right - left) * frame.zoom, (bottom - top) * frame.zoom
        assert max(width, height) <= 768.01
        assert ceil(width / 28) * ceil(height / 28) <= 784


@pytest.fixture
def screenshot(engine: Engine, file_store: FileStore) -> Screenshot:
    owner = person(engine, "a@example.com")
    with transaction(engine=engine) as session:
        return stored(session, file_store, owner, written((1280, 720), SECRETS, 1, "hunter22"))


def opened_for_model(blobs: FileStore, screenshot: Screenshot, hidden: Sequence[Box] = SECRETS) -> dict[Kind, bytes]:
    pictures = service.open_for_model(blobs, screenshot, FIELD, VIEWPORT, hidden=hidden)
    return {kind: picture.data for kind, picture in pictures.items()}


def variants(blobs: FileStore) -> list[str]:
    return sorted(blob.key for blob in blobs.list("variants/"))


def test_pictures_are_kept_and_each_painting_is_another(screenshot: Screenshot, file_store: FileStore) -> None:
    painted = opened_for_model(file_store, screenshot)
    keys = variants(file_store)
    assert len(keys) == 2
    assert opened_for_model(file_store, screenshot) == painted
    assert variants(file_store) == keys
    bare = opened_for_model(file_store, screenshot, ())
    assert len(variants(file_store)) == 4
    assert bare["crop"] != painted["crop"]
    assert opened_for_model(file_store, screenshot) == painted


def test_a_picture_that_is_gone_or_cannot_be_kept_is_drawn(
    screenshot: Screenshot, file_store: FileStore, folder: Path
) -> None:
    painted = opened_for_model(file_store, screenshot)
    file_store.delete(variants(file_store)[0])
    assert opened_for_model(file_store, screenshot) == painted

    class Full(FileStore):
        def put(self, key: str, data: bytes) -> None:
            raise StorageFull(f"no room for {len(data)} bytes of {key}")

    file_store.delete_prefix("variants/")
    assert opened_for_model(Full(folder), screenshot) == painted


def test_erasing_the_original_takes_them_along(engine: Engine, screenshot: Screenshot, file_store: FileStore) -> None:
    opened_for_model(file_store, screenshot)
    with transaction(engine=engine) as session:
        gone = service.delete(session, [screenshot.id])
    service.erase(file_store, gone)
    assert [*file_store.list()] == []


def test_where_the_regions_are_not_known_nothing_is_shown(screenshot: Screenshot, file_store: FileStore) -> None:
    assert service.open_for_model(file_store, screenshot, FIELD, None, hidden=SECRETS) == {}
    assert variants(file_store) == []


def test_the_key_says_everything_that_is_drawn() -> None:
    @dataclass(frozen=True)
    class Longer:
        width: int = 1280
        height: int = 724

    drawings = [
        planned((1280, 720), FIELD, VIEWPORT),
        planned((1280, 720), FIELD, VIEWPORT, SECRETS),
        planned((1280, 720), FIELD, VIEWPORT, SECRETS[:1]),
        planned((1280, 720), replace(FIELD, x=601), VIEWPORT, SECRETS),
        planned((1280, 720), FIELD, Viewport(Longer.width, Longer.height), SECRETS),
    ]
    assert len({drawing.key("ab/c.webp", "crop") for drawing in drawings}) == len(drawings)
