"""Where things lie in a screenshot: the element, what is shown around it, and how large."""

from typing import Protocol


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

CROP_SIZE = (640, 400)
CROP_MARGIN = 48
"""CSS pixels shown around an element that is larger than the crop."""

RING, HALO = (255, 77, 46), (255, 255, 255)
RING_GAP, RING_WIDTH, HALO_WIDTH, RING_RADIUS = 4.0, 3.0, 1.5, 6.0
"""In pixels of the finished picture."""

LEAST_OUTLINED, MIN_SIDE_OUTLINED = 8.0, 24


def scale_of(width: int, viewport: Viewport | None) -> float:
    """The picture's pixels for each CSS pixel.

    By the picture's width alone: the device pixel ratio that a recorder tells is not always the picture's.
    """
    return width / viewport.width if viewport is not None else 1.0


def element(box: Box, scale: float, size: tuple[int, int]) -> Rectangle | None:
    """The box in the picture's pixels, cut to the picture; None if nothing of it is inside."""
    left, top = max(0.0, box.x * scale), max(0.0, box.y * scale)
    right = min(float(size[0]), (box.x + box.width) * scale)
    bottom = min(float(size[1]), (box.y + box.height) * scale)
    return (left, top, right, bottom) if right - left >= 1 and bottom - top >= 1 else None


def crop_around(shown: Rectangle, scale: float, size: tuple[int, int]) -> tuple[Rectangle, float]:
    """The part of the picture with the element in its middle that makes the crop's shape, and its magnification."""
    around = 2 * CROP_MARGIN * scale
    needed = max(
        scale,
        (shown[2] - shown[0] + around) / CROP_SIZE[0],
        (shown[3] - shown[1] + around) / CROP_SIZE[1],
    )
    left, width = span(shown[0], shown[2], CROP_SIZE[0] * needed, size[0])
    top, height = span(shown[1], shown[3], CROP_SIZE[1] * needed, size[1])
    return (left, top, left + width, top + height), min(1.0, CROP_SIZE[0] / width, CROP_SIZE[1] / height)


def span(start: float, end: float, wanted: float, limit: int) -> tuple[int, int]:
    """Start and length of a part along one axis, moved to stay inside the picture."""
    length = max(1, min(limit, round(wanted)))
    middle = (start + end) / 2
    return round(min(max(0.0, middle - length / 2), limit - length)), length


def seen(shown: Rectangle, region: Rectangle, zoom: float) -> Rectangle:
    """Where it is in the finished picture of this region."""
    left, top = region[0], region[1]
    return (
        (shown[0] - left) * zoom,
        (shown[1] - top) * zoom,
        (shown[2] - left) * zoom,
        (shown[3] - top) * zoom,
    )


def size_of(region: Rectangle, zoom: float) -> tuple[int, int]:
    """Of the finished picture."""
    return max(1, round((region[2] - region[0]) * zoom)), max(1, round((region[3] - region[1]) * zoom))


def grown(rectangle: Rectangle, by: float) -> Rectangle:
    """Larger by so much on each side."""
    return (rectangle[0] - by, rectangle[1] - by, rectangle[2] + by, rectangle[3] + by)


def ring_inside(shown: Rectangle, size: tuple[int, int]) -> Rectangle:
    """The inner edge of the ring around an element, moved so that the ring at the picture's border is drawn whole."""
    rectangle, edge = grown(shown, RING_GAP), RING_WIDTH + HALO_WIDTH
    left, top = (min(max(rectangle[axis], edge), size[axis] - edge - LEAST_OUTLINED) for axis in (0, 1))
    right, bottom = (min(rectangle[2 + axis], size[axis] - edge) for axis in (0, 1))
    return (left, top, max(right, left + LEAST_OUTLINED), max(bottom, top + LEAST_OUTLINED))
