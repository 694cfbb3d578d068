"""Whether a place of a page lies in a later screenshot where it lay in an earlier one.

Pages scroll and grow without telling a recorder. So the letters above and below a field are looked for again where they
were. What is within the field may have changed, what is left and right of it may be a fixed menu, and the borders of a
form's other fields lie alike after it was scrolled by one field.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter

from app.storage.frames import Box

Area = tuple[int, int, int, int]

REACH = 64.0
"""CSS pixels looked at above and below the place."""
GAP = 6.0
"""CSS pixels next to the place that are not looked at: a field that has the focus has another border."""
LEAST_STEP = 16
"""Difference in brightness between two pixels side by side that makes an edge."""
INSET = 3.0
"""CSS pixels left out at both ends, where fields in a column have their borders."""
LEAST_EDGES = 40
"""Pixels of edges without which nothing can be said."""
LEAST_FOUND = 0.85


@dataclass(frozen=True, slots=True)
class Landmark:
    """The edges above and below a place, in the pixels of a picture of this size."""

    size: tuple[int, int]
    bands: tuple[tuple[Area, Image.Image], ...]

    @property
    def telling(self) -> bool:
        """Whether there is anything to be found again."""
        return sum(map(_count, (edges for _, edges in self.bands))) >= LEAST_EDGES

    def stands_in(self, picture: Image.Image) -> bool:
        """Whether nearly all of it is found where it was; False, too, if it tells nothing."""
        if picture.size != self.size or not self.telling:
            return False
        found = sum(
            _count(ImageChops.multiply(edges, _edges(picture, area).filter(ImageFilter.MaxFilter(3))))
            for area, edges in self.bands
        )
        return found >= LEAST_FOUND * sum(_count(edges) for _, edges in self.bands)


@dataclass(frozen=True, slots=True)
class Seen:
    """A place of another screenshot, and what reads its landmark there when that is wanted."""

    blob: str
    box: Box
    read: Callable[[], Landmark]


def landmark(picture: Image.Image, place: Area, scale: float) -> Landmark:
    """What stands above and below this place of the picture; `scale`: its pixels for each CSS pixel."""
    reach, gap, inset = (round(length * scale) for length in (REACH, GAP, INSET))
    left, right = max(0, place[0] + inset), min(picture.width, place[2] - inset)
    above = (left, max(0, place[1] - reach), right, max(0, place[1] - gap))
    below = (left, min(picture.height, place[3] + gap), right, min(picture.height, place[3] + reach))
    areas = [area for area in (above, below) if area[2] - area[0] > 2 and area[3] - area[1] > 2]
    return Landmark(picture.size, tuple((area, _edges(picture, area)) for area in areas))


def _edges(picture: Image.Image, area: Area) -> Image.Image:
    """White where the brightness changes from left to right: letters, and no lines between rows."""
    grey = picture.crop(area).convert("L")
    left, right = grey.crop((0, 0, grey.width - 1, grey.height)), grey.crop((1, 0, grey.width, grey.height))
    return ImageChops.difference(left, right).point(lambda step: 255 if step >= LEAST_STEP else 0)


def _count(edges: Image.Image) -> int:
    return edges.histogram()[255]
