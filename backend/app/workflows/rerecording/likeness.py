"""How alike two recorded steps are, and in what they differ. Never by positions or by ids that a page makes up anew."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from app.core.addresses import clean_address
from app.workflows.content import NO_CONTEXT, Action, Page, StepContent, Target

Change = Literal["action", "name", "control", "place", "page", "value"]
"""What is another: what was done, the control's name, its kind, where on the page it is, the page, what was entered."""

ENOUGH = 0.5
"""Likeness from which two steps are taken for the same one."""

_WEIGHTS: Mapping[str, float] = {"name": 4, "code": 3, "page": 2, "place": 2, "action": 1, "control": 1, "value": 1}
_ALWAYS = ("action", "page", "control")
_ALMOST_A_NAME = 0.5
"""So alike are two names of which one may have become the other."""
_RELATED = (
    frozenset({Action.CLICK, Action.DOUBLE_CLICK, Action.SUBMIT}),
    frozenset({Action.CHECK, Action.UNCHECK, Action.TOGGLE, Action.CLICK}),
    frozenset({Action.INPUT, Action.PASTE}),
    frozenset({Action.SELECT, Action.CLICK}),
    frozenset({Action.SELECT, Action.INPUT}),
)
"""Actions that a rebuilt control may ask for in each other's place."""
_STEADY = ("id", "name", "data-testid", "data-test", "data-test-id", "data-cy", "data-qa")
_PASSING = re.compile(
    r"\d{3,}|:r[0-9a-z]+:|[0-9a-f]{8,}|\b(?:css|sc|jsx|ember|mui)-"  # ids and classes that are made up
    r"|nth-|\[\d+\]|^(?:aria|text|xpath)/"  # selectors that count elements, or say the name again
)
_NUMBERED = re.compile(r"(?<=/)(?:\d+|[0-9a-f]{8,}|[0-9a-f-]{32,})(?=/|$)", re.IGNORECASE)
_TRIMMINGS = re.compile(r"(?:\s*(?:\(\d+\)|[:…*]|\.\.\.))+$")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Traits:
    """What of a step is compared. Made once of each, since every step meets every other."""

    action: Action
    name: str
    pairs: frozenset[str]
    """Of the letters of the name that stand side by side."""
    control: str
    code: frozenset[str]
    """By what the page's own code finds the element, as far as that lasts."""
    page: str
    place: tuple[str, str, str, str, str]
    """Row, column, section, label, frame."""
    value: str
    value_kind: str | None


def traits(content: StepContent) -> Traits:
    """What of this step is compared."""
    name, target = _name(content), content.target
    around = target.context if target else NO_CONTEXT
    return Traits(
        action=content.action,
        name=name,
        pairs=frozenset(name[at : at + 2] for at in range(len(name) - 1)) or frozenset({name} - {""}),
        control=(target.role or target.tag or "") if target else "",
        code=frozenset(_code(target)) if target else frozenset(),
        page=page_of(content.page),
        place=(
            _folded(around.row),
            _folded(around.column),
            _folded(around.section),
            _folded(around.label),
            " ".join(map(str, target.frame)) if target else "",
        ),
        value="" if content.action is Action.PRESS else content.value or "",
        value_kind=content.value_kind,
    )


def likeness(old: Traits, new: Traits) -> float:
    """From 0 to 1. 0 for steps that cannot be the same: other things done, or nothing by which one is known again."""
    if not _related(old.action, new.action):
        return 0.0
    name = name_likeness(old, new)
    code = bool(old.code & new.code) if old.code and new.code else None
    if old.action is Action.NAVIGATE and old.page == new.page:
        code = True
    if not (code or _known_by_name(old, new, name)):
        return 0.0
    found: dict[str, float] = {trait: getattr(old, trait) == getattr(new, trait) for trait in _ALWAYS}
    if old.name or new.name:
        found["name"] = name
    if code is not None:
        found["code"] = code
    if any(old.place) or any(new.place):
        told = [(before, after) for before, after in zip(old.place, new.place, strict=True) if before or after]
        found["place"] = sum(before == after for before, after in told) / len(told)
    if old.value or new.value:
        found["value"] = old.value == new.value
    return sum(_WEIGHTS[trait] * like for trait, like in found.items()) / sum(_WEIGHTS[trait] for trait in found)


def changes(old: Traits, new: Traits) -> list[Change]:
    """In what they differ, as far as a reader of the guide is concerned."""
    differ: dict[Change, bool] = {
        "action": old.action != new.action,
        "name": old.name != new.name,
        "control": old.control != new.control,
        "place": old.place != new.place,
        "page": old.page != new.page,
        "value": (old.value, old.value_kind) != (new.value, new.value_kind),
    }
    return [what for what, is_other in differ.items() if is_other]


def could_be_renamed(old: Traits, new: Traits) -> bool:
    """Whether one may stand for the other if both are alone between the same neighbours."""
    return (old.action, old.control, old.page) == (new.action, new.control, new.page) and old.action not in {
        Action.NAVIGATE,
        Action.PRESS,
    }


def _related(old: Action, new: Action) -> bool:
    return old == new or any(old in group and new in group for group in _RELATED)


def name_likeness(old: Traits, new: Traits) -> float:
    """From 0 to 1: which share of their letters side by side they have in common."""
    if old.name == new.name:
        return 1.0
    letters = len(old.pairs) + len(new.pairs)
    return 2 * len(old.pairs & new.pairs) / letters if letters else 0.0


def _known_by_name(old: Traits, new: Traits, name: float) -> bool:
    """A key is the same key or another one; what has no name is known by where it is."""
    if old.action is Action.PRESS or not (old.name and new.name):
        return old.name == new.name and (old.action is Action.PRESS or old.place == new.place)
    return name >= _ALMOST_A_NAME


def _name(content: StepContent) -> str:
    if content.action is Action.PRESS:
        return _folded(content.value)
    target = content.target
    if target is None:
        return _folded(content.page.title)
    around = target.context
    own = target.attributes
    words = (target.name, around.label, target.text, own.get("alt"), own.get("title"), around.placeholder)
    return next(filter(None, map(_folded, words)), "")


def _folded(text: str | None) -> str:
    """As it is compared: without case, spaces side by side, a counter or a colon at its end."""
    if not text:
        return ""
    return _TRIMMINGS.sub("", _SPACE.sub(" ", text).strip()).casefold()[:200]


def _code(target: Target) -> Iterator[str]:
    for key in _STEADY:
        if (value := target.attributes.get(key)) and not _PASSING.search(value):
            yield f"{key}={value}"
    for selector in target.selectors:
        said = selector if isinstance(selector, str) else " >>> ".join(selector)
        if not _PASSING.search(said):
            yield said


def page_of(page: Page) -> str:
    """Its address without numbers of things in it: another customer's page is the same page."""
    if page.url:
        return _NUMBERED.sub("*", clean_address(page.url)).rstrip("/").casefold()
    return _folded(page.title)
