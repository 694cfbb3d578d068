"""Smaller pictures of a screenshot for people: the page, a thumbnail, and the surroundings of the element used."""

import hashlib
from collections.abc import Iterable
from typing import Literal

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from app.storage.frames import (
    HALO,
    HALO_WIDTH,
    MIN_SIDE_OUTLINED,
    RING,
    RING_RADIUS,
    RING_WIDTH,
    Box,
    Rectangle,
    Viewport,
    crop_around,
    element,
    grown,
    ring_inside,
    scale_of,
    seen,
    size_of,
)
from app.storage.images import ANY_SIZE, EncodedImage, decode, decoding_slot, encode_webp, sniff

Size = Literal["page", "thumb", "crop"]
SIZES: tuple[Size, ...] = ("page", "thumb", "crop")

RENDERING = "2"
"""Part of every variant's key: raise it when the pictures are drawn differently, and they are made anew."""

PAGE_WIDTH = 1024
THUMB_WIDTH = 320
MAX_HEIGHT_OF_WIDTH = {"page": 8.0, "thumb": 0.75}
"""A picture of a whole long page is cut off at the bottom, so that it stays a picture of this shape."""

SHADOW = (20, 20, 40)
SHADOW_REACH = 24.0
"""Pixels around the element's ring that are drawn in; beyond them there is nothing left of the shadow."""

QUALITY = {"page": 82, "thumb": 78, "crop": 88}


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


def size_of_variant(
    size: Size, width: int, height: int, box: Box | None = None, viewport: Viewport | None = None
) -> tuple[int, int]:
    """Width and height of the variant of an original of this size, without drawing it."""
    scale = scale_of(width, viewport)
    shown = element(box, scale, (width, height)) if box is not None else None
    if size == "crop" and shown is not None:
        return size_of(*crop_around(shown, scale, (width, height)))
    narrow = "thumb" if size == "thumb" else "page"
    visible = (0.0, 0.0, float(width), min(height, width * MAX_HEIGHT_OF_WIDTH[narrow]))
    return size_of(visible, min(1.0, (THUMB_WIDTH if size == "thumb" else PAGE_WIDTH) / width))


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
        picture = on_white(decode(original, sniff(original), max_pixels=ANY_SIZE))
        scale = scale_of(picture.width, viewport)
        shown = element(box, scale, picture.size) if box is not None else None
        return {size: _render(picture, size, shown, scale) for size in sizes}


def view(picture: Image.Image, region: Rectangle, zoom: float) -> Image.Image:
    """A part of the picture, made smaller. HAMMING is as sharp as LANCZOS for text, and takes half the time."""
    return picture.resize(size_of(region, zoom), Image.Resampling.HAMMING, box=region, reducing_gap=2.0)


def on_white(picture: Image.Image) -> Image.Image:
    """Without transparency."""
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    ground = Image.new("RGB", picture.size, (255, 255, 255))
    ground.paste(picture, mask=picture)
    return ground


def _render(picture: Image.Image, size: Size, shown: Rectangle | None, scale: float) -> EncodedImage:
    if size == "crop" and shown is not None:
        region, zoom = crop_around(shown, scale, picture.size)
        crop = _outline(view(picture, region, zoom), seen(shown, region, zoom))
        return encode_webp(crop, quality=QUALITY["crop"])
    narrow = "thumb" if size == "thumb" else "page"
    width = THUMB_WIDTH if size == "thumb" else PAGE_WIDTH
    visible = (0.0, 0.0, float(picture.width), min(picture.height, picture.width * MAX_HEIGHT_OF_WIDTH[narrow]))
    smaller = view(picture, visible, min(1.0, width / picture.width))
    if shown is not None and size != "thumb":
        smaller = _outline(smaller, seen(shown, visible, smaller.width / picture.width))
    return encode_webp(smaller, quality=QUALITY[narrow])


def _outline(picture: Image.Image, shown: Rectangle) -> Image.Image:
    """A rounded ring around the element: coloured, between two white lines, on a soft shadow.

    The white shows it on dark pages, the colour and the shadow on light ones. It stays inside the picture.
    """
    if min(picture.size) < MIN_SIDE_OUTLINED:
        return picture
    around = grown(ring_inside(shown, picture.size), SHADOW_REACH)
    left, top = max(0, int(around[0])), max(0, int(around[1]))
    right, bottom = min(picture.width, int(around[2])), min(picture.height, int(around[3]))
    patch = picture.crop((left, top, right, bottom))
    _ring(patch, seen(ring_inside(shown, picture.size), (left, top, right, bottom), 1.0))
    picture.paste(patch, (left, top))
    return picture


def _ring(picture: Image.Image, inner: Rectangle) -> None:
    both = RING_WIDTH + 2 * HALO_WIDTH
    shadow = _ring_mask(picture.size, inner, both).filter(ImageFilter.GaussianBlur(4))
    picture.paste(SHADOW, mask=shadow.point(lambda value: value * 0.4))
    picture.paste(HALO, mask=_ring_mask(picture.size, grown(inner, -HALO_WIDTH), both))
    picture.paste(RING, mask=_ring_mask(picture.size, inner, RING_WIDTH))


def _ring_mask(size: tuple[int, int], inner: Rectangle, thickness: float) -> Image.Image:
    """Coverage of the band of this thickness outside the rounded rectangle, smooth at its edges."""
    outer = _rounded(size, grown(inner, thickness), RING_RADIUS + thickness)
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
