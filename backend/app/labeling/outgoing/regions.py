"""Which parts of each step's screenshot no model may see: fields, and whatever the recorder marked.

A value stays on the page after its step, so a field that was filled hides in the pictures of later steps of that page
too. Where it cannot be said where such a field is, the answer is None, and the picture is not sent. That it still is
where it was is not known from what was recorded: `Region.seen_at` says by whose screenshot it is to be checked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app.core.addresses import clean_address
from app.labeling.rules.controls import Control, control_of
from app.labeling.rules.secret_fields import secret_of
from app.workflows.content import Action, Box, StepContent, Viewport


class Region(NamedTuple):
    """A box to paint over."""

    box: Box
    seen_at: int | None = None
    """Place in the workflow of the step whose screenshot shows it there; None: it is known of this screenshot."""


Hidden = tuple[Region, ...] | None
"""What to paint over; None: it is not known where they would have to be."""

_TYPING = frozenset({Action.INPUT, Action.PASTE})
_FILLING = _TYPING | {Action.SELECT, Action.UPLOAD}
_HOLDS_TEXT = frozenset({Control.FIELD, Control.EDITOR})
_HAS_A_STATE = frozenset({Control.RADIO, Control.CHECKBOX, Control.SWITCH, Control.SLIDER})
_IS_PRESSED = frozenset({Control.BUTTON, Control.LINK, Control.ICON, Control.TAB, Control.MENU, Control.MENU_ITEM})
_MOVED = 2.0
"""CSS pixels by which a field may lie elsewhere than before without the page having moved."""


@dataclass(slots=True)
class _Page:
    """What is known of one page while the steps go by."""

    viewport: Viewport | None
    boxes: dict[Box, int] = field(default_factory=dict)
    """With the place of the step that was the last to tell of it."""
    places: dict[str, Box] = field(default_factory=dict)
    lost: bool = False
    """Something was filled, and nobody knows where it is by now."""


def plan(contents: Sequence[StepContent]) -> list[Hidden]:
    """For each step of one whole workflow, in its order."""
    pages: dict[str | None, _Page] = {}
    found: list[Hidden] = []
    for at, content in enumerate(contents):
        address = clean_address(content.page.url).partition("#")[0] if content.page.url else None
        _follow(pages.setdefault(address, _Page(content.page.viewport)), content, at)
        found.append(_on_page(_same(pages, address), content, at))
    return _shared(contents, found)


def _same(pages: dict[str | None, _Page], address: str | None) -> list[_Page]:
    """A step that does not tell its address may be on any page, and on any page may be what such a step filled."""
    return [page for key, page in pages.items() if address is None or key is None or key == address]


def _follow(page: _Page, content: StepContent, at: int) -> None:
    """Take over what the step fills or moves."""
    if content.page.viewport != page.viewport:
        page.lost = page.lost or bool(page.boxes)
        page.viewport = content.page.viewport
    if content.action is Action.SCROLL:
        page.lost = page.lost or bool(page.boxes)
        return
    control = control_of(content.target) if content.target else Control.OTHER
    box = _box_of(content) if _may_hold_text(content, control) else None
    if box is None:
        page.lost = page.lost or _fills(content, control)
        return
    if (name := _identity(content)) and _has_moved(page.places.setdefault(name, box), box):
        page.lost = True
    page.boxes[box] = at


def _on_page(pages: Iterable[_Page], content: StepContent, at: int) -> Hidden:
    regions = [Region(box) for box in content.sensitive_regions or ()]
    for page in pages:
        if page.lost or (page.boxes and page.viewport != content.page.viewport):
            return None
        regions += [Region(box, None if place == at else place) for box, place in page.boxes.items()]
    return _each_once(regions)


def _shared(contents: Sequence[StepContent], found: Sequence[Hidden]) -> list[Hidden]:
    """Steps that show the same screenshot hide the same: what one of them knows is true of the picture."""
    together: dict[str, list[int]] = {}
    for at, content in enumerate(contents):
        if content.screenshot_id:
            together.setdefault(content.screenshot_id, []).append(at)
    result = list(found)
    for places in together.values():
        hidden = _union([found[at] for at in places], {contents[at].page.viewport for at in places})
        for at in places:
            result[at] = hidden if hidden is None else _checkable(contents, hidden, places)
    return result


def _union(parts: Sequence[Hidden], viewports: set[Viewport | None]) -> Hidden:
    regions: list[Region] = []
    for part in parts:
        if part is None:
            return None
        regions += part
    return None if regions and len(viewports) > 1 else _each_once(regions)


def _checkable(contents: Sequence[StepContent], hidden: Sequence[Region], here: Sequence[int]) -> Hidden:
    """None if a region is known from a step without a screenshot; those known from this one need no check."""
    if any(region.seen_at is not None and not contents[region.seen_at].screenshot_id for region in hidden):
        return None
    return _each_once([Region(region.box) if region.seen_at in here else region for region in hidden])


def _each_once(regions: Sequence[Region]) -> tuple[Region, ...]:
    """In a stable order; what is known of this screenshot needs no other."""
    known = {region.box for region in regions if region.seen_at is None}
    left = {region for region in regions if region.seen_at is None or region.box not in known}
    return tuple(sorted(left, key=lambda one: (one.box.x, one.box.y, one.box.width, one.box.height, one.seen_at or 0)))


def _may_hold_text(content: StepContent, control: Control) -> bool:
    """Whether the step's element shows, or may show, what was entered. What is only pressed must stay visible."""
    if control in _HAS_A_STATE or (control in _IS_PRESSED and content.action not in _TYPING):
        return False
    return control in _HOLDS_TEXT or _fills(content, control)


def _fills(content: StepContent, control: Control) -> bool:
    """Whether something was entered for certain, wherever it shows: a chosen file may be named beside its button."""
    if control in _HAS_A_STATE:
        return False
    if content.action is Action.PRESS:
        return len(content.value or "") == 1 and (control in _HOLDS_TEXT or secret_of(content) is not None)
    return content.action in _FILLING or (content.action is Action.COPY and control in _HOLDS_TEXT)


def _box_of(content: StepContent) -> Box | None:
    box = content.target.box if content.target else None
    return box if box and box.width > 0 and box.height > 0 else None


def _identity(content: StepContent) -> str | None:
    """What tells the field from others of the page."""
    target = content.target
    return str(target.selectors[0]) if target and target.selectors else None


def _has_moved(before: Box, box: Box) -> bool:
    return abs(before.x - box.x) > _MOVED or abs(before.y - box.y) > _MOVED
