"""Smaller pictures of a screenshot: the page, a thumbnail, and the surroundings of the element that was used."""

import hashlib
from collections.abc import Iterable
from typing import Literal, Protocol

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from app.storage.images import EncodedImage, decode, decoding_slot, encode_webp, sniff

Size = Literal["page", "thumb", "crop"]
SIZES: tuple[Size, ...] = ("page", "thumb", "crop")

RENDERING = "1"
"""Part of every variant's key: raise it when the pictures are drawn differently, and they are made anew."""

ANY_SIZE = 2**40
"""Originals were measured when they came in; a limit that is lowered later does not hide them."""

PAGE_WIDTH = 1024
THUMB_WIDTH = 320
MAX_HEIGHT_OF_WIDTH = {"page": 8.0, "thumb": 0.75}
"""A picture of a whole long page is cut off at the bottom, so that it stays a picture of this shape."""

CROP_SIZE = (640, 400)
CROP_MARGIN = 48
"""CSS pixels shown around an element that is larger than the crop."""

RING, HALO, SHADOW = (255, 77, 46), (255, 255, 255), (20, 20, 40)
RING_GAP, RING_WIDTH, HALO_WIDTH, RING_RADIUS = 4.0, 3.0, 1.5, 6.0
"""In pixels of the finished picture."""

LEAST_OUTLINED, MIN_SIDE_OUTLINED = 8.0, 24

QUALITY = {"page": 82, "thumb": 78, "crop": 88}


class Box(Protocol):
    """Where the element was, in CSS pixels of the viewport."""

    @property
    def x(self) -> float: ...
    @property
    def y(self) -> float: ...
    @property
    def width(self) -> float: ...
    @property
    def height(self) -> float: ...


class Viewport(Protocol):
    """Size of the visible page, in CSS pixels."""

    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...


Rectangle = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def variant_key(blob: str, size: Size, box: Box | None = None, viewport: Viewport | None = None) -> str:
    """Key under which a variant is kept. A thumbnail shows no outline, so all steps of a screenshot share it."""
    shown = [RENDERING]
    if box is not None and size != "thumb":
        shown += [f"{edge:.2f}" for edge in (box.x, box.y, box.width, box.height)]
        shown += [str(viewport.width)] if viewport is not None else []
    digest = hashlib.sha256(" ".join(shown).encode()).hexdigest()[:16]
    return f"{variants_prefix(blob)}{size}-{digest}.webp"


def variants_prefix(blob: str) -> str:
    """What the keys of all variants of this original begin with."""
    return f"variants/{blob}/"


def render_variant(
    original: bytes, size: Size, box: Box | None = None, viewport: Viewport | None = None
) -> EncodedImage:
    """One variant of a stored original. A box that lies outside the picture is not outlined."""
    return render_variants(original, [size], box, viewport)[size]


def render_variants(
    original: bytes, sizes: Iterable[Size], box: Box | None = None, viewport: Viewport | None = None
) -> dict[Size, EncodedImage]:
    """Several variants out of one decoding."""
    with decoding_slot():
        picture = decode(original, sniff(original), max_pixels=ANY_SIZE)
        picture = _on_white(picture)
        # By the picture's width alone: the device pixel ratio that a recorder tells is not always the picture's.
        scale = picture.width / viewport.width if viewport is not None else 1.0
        element = _element(box, scale, picture.size) if box is not None else None
        return {size: _render(picture, size, element, scale) for size in sizes}


def _render(picture: Image.Image, size: Size, element: Rectangle | None, scale: float) -> EncodedImage:
    if size == "crop" and element is not None:
        return _crop(picture, element, scale)
    narrow = "thumb" if size == "thumb" else "page"
    width = THUMB_WIDTH if size == "thumb" else PAGE_WIDTH
    visible = (0.0, 0.0, float(picture.width), min(picture.height, picture.width * MAX_HEIGHT_OF_WIDTH[narrow]))
    shown = _view(picture, visible, min(1.0, width / picture.width))
    if element is not None and size != "thumb":
        shown = _outline(shown, _seen(element, visible, shown.width / picture.width))
    return encode_webp(shown, quality=QUALITY[narrow], method=4)


def _crop(picture: Image.Image, element: Rectangle, scale: float) -> EncodedImage:
    """The element in the middle, with as much around it as makes the crop's shape."""
    around = 2 * CROP_MARGIN * scale
    needed = max(
        scale,
        (element[2] - element[0] + around) / CROP_SIZE[0],
        (element[3] - element[1] + around) / CROP_SIZE[1],
    )
    left, width = _span(element[0], element[2], CROP_SIZE[0] * needed, picture.width)
    top, height = _span(element[1], element[3], CROP_SIZE[1] * needed, picture.height)
    region = (left, top, left + width, top + height)
    zoom = min(1.0, CROP_SIZE[0] / width, CROP_SIZE[1] / height)
    shown = _view(picture, region, zoom)
    return encode_webp(_outline(shown, _seen(element, region, zoom)), quality=QUALITY["crop"], method=4)


def _span(start: float, end: float, wanted: float, limit: int) -> tuple[int, int]:
    """Start and length of the crop along one axis, moved to stay inside the picture."""
    length = max(1, min(limit, round(wanted)))
    middle = (start + end) / 2
    return round(min(max(0.0, middle - length / 2), limit - length)), length


def _element(box: Box, scale: float, size: tuple[int, int]) -> Rectangle | None:
    """The box in the picture's pixels, cut to the picture; None if nothing of it is inside."""
    left, top = max(0.0, box.x * scale), max(0.0, box.y * scale)
    right = min(float(size[0]), (box.x + box.width) * scale)
    bottom = min(float(size[1]), (box.y + box.height) * scale)
    return (left, top, right, bottom) if right - left >= 1 and bottom - top >= 1 else None


def _seen(element: Rectangle, region: Rectangle, zoom: float) -> Rectangle:
    left, top = region[0], region[1]
    return (
        (element[0] - left) * zoom,
        (element[1] - top) * zoom,
        (element[2] - left) * zoom,
        (element[3] - top) * zoom,
    )


def _view(picture: Image.Image, region: Rectangle, zoom: float) -> Image.Image:
    size = (max(1, round((region[2] - region[0]) * zoom)), max(1, round((region[3] - region[1]) * zoom)))
    return picture.resize(size, Image.Resampling.LANCZOS, box=region, reducing_gap=3.0)


def _outline(picture: Image.Image, element: Rectangle) -> Image.Image:
    """A rounded ring around the element: coloured, between two white lines, on a soft shadow.

    The white shows it on dark pages, the colour and the shadow on light ones. It stays inside the picture.
    """
    if min(picture.size) < MIN_SIDE_OUTLINED:
        return picture
    inner = _inset(_grown(element, RING_GAP), picture.size, RING_WIDTH + HALO_WIDTH)
    both = RING_WIDTH + 2 * HALO_WIDTH
    shadow = _ring_mask(picture.size, inner, both).filter(ImageFilter.GaussianBlur(4))
    picture.paste(SHADOW, mask=shadow.point(lambda value: value * 0.4))
    picture.paste(HALO, mask=_ring_mask(picture.size, _grown(inner, -HALO_WIDTH), both))
    picture.paste(RING, mask=_ring_mask(picture.size, inner, RING_WIDTH))
    return picture


def _grown(rectangle: Rectangle, by: float) -> Rectangle:
    return (rectangle[0] - by, rectangle[1] - by, rectangle[2] + by, rectangle[3] + by)


def _inset(rectangle: Rectangle, size: tuple[int, int], edge: float) -> Rectangle:
    """Moved inside the picture, so that the ring of an element at the border is drawn whole."""
    left, top = (min(max(rectangle[axis], edge), size[axis] - edge - LEAST_OUTLINED) for axis in (0, 1))
    right, bottom = (min(rectangle[2 + axis], size[axis] - edge) for axis in (0, 1))
    return (left, top, max(right, left + LEAST_OUTLINED), max(bottom, top + LEAST_OUTLINED))


def _ring_mask(size: tuple[int, int], inner: Rectangle, thickness: float) -> Image.Image:
    """Coverage of the band of this thickness outside the rounded rectangle, smooth at its edges."""
    outer = _rounded(size, _grown(inner, thickness), RING_RADIUS + thickness)
    return ImageChops.subtract(outer, _rounded(size, inner, RING_RADIUS))


def _rounded(size: tuple[int, int], rectangle: Rectangle, radius: float) -> Image.Image:
    fine = 4
    left, top = max(0, int(rectangle[0]) - 1), max(0, int(rectangle[1]) - 1)
    right, bottom = min(size[0], int(rectangle[2]) + 2), min(size[1], int(rectangle[3]) + 2)
    patch = Image.new("L", (max(1, right - left) * fine, max(1, bottom - top) * fine))
    ImageDraw.Draw(patch).rounded_rectangle(
        [
            ((rectangle[0] - left) * fine, (rectangle[1] - top) * fine),
            ((rectangle[2] - left) * fine - 1, (rectangle[3] - top) * fine - 1),
        ],
        radius * fine,
        fill=255,
    )
    mask = Image.new("L", size)
    mask.paste(patch.reduce(fine), (left, top))
    return mask


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    ground = Image.new("RGB", picture.size, (255, 255, 255))
    ground.paste(picture, mask=picture)
    return ground
