"""What a step of Playwright's codegen says about its element: all of it stands in the selector."""

import json
from typing import Any, NamedTuple

from app.recordings.formats.cleaning import Notes
from app.recordings.formats.playwright_selector import Part, parts_of_locator, parts_of_selector
from app.recordings.formats.selectors import last_element
from app.workflows.content import Context, Target

_LONGEST_SELECTOR = 2_000
_MOST_FRAMES = 20
_ELEMENTS = frozenset({"role", "label", "text", "attribute", "css", "xpath"})
_ROWS = frozenset({"row", "listitem", "treeitem", "option"})
_SECTIONS = frozenset(
    {"region", "dialog", "alertdialog", "form", "group", "navigation", "tabpanel", "menu", "main", "article"}
)
_WHOLE_PAGE = frozenset({"body", "html"})
_NAMING = ("aria-label", "alt", "title")


class _Link(NamedTuple):
    """An element of the chain, and the words that it has to hold."""

    part: Part
    holds: str | None

    @property
    def name(self) -> str | None:
        if self.part.kind in ("label", "text"):
            return self.part.text
        named = [self.part.attributes.get(key) for key in ("name", *_NAMING)]
        return next(filter(None, named), None) if self.part.kind in ("role", "attribute") else None


def target(action: dict[str, Any], notes: Notes) -> Target | None:
    """The element of an action, or None if it names none, or only the whole page."""
    frames, own = _in_frames(_parts(action, notes))
    links = _links(own)
    if not links:
        return None
    element, around = links[-1], links[:-1]
    part = element.part
    tag: str | None = None
    attributes: dict[str, str | None] = {}
    if part.kind in ("css", "xpath"):
        tag, attributes = last_element(part.text or "")
        if tag in _WHOLE_PAGE and not attributes:
            return None
    elif part.kind == "attribute":
        attributes = {key: notes.line(value, f"attribute {key!r}", 2_000) for key, value in part.attributes.items()}
    text = element.holds or (part.text if part.kind == "text" else None)
    return Target(
        tag=notes.line(tag, "element's tag", 100),
        role=notes.line(part.text, "element's role", 100) if part.kind == "role" else None,
        name=notes.line(element.name or text, "element's name", 500),
        text=notes.line(text, "element's text", 5_000),
        attributes=attributes,
        selectors=_selectors(own, element),
        context=_context(element, around, notes),
        frame=frames[:_MOST_FRAMES],
    )


def _parts(action: dict[str, Any], notes: Notes) -> list[Part]:
    selector = action.get("selector")
    if isinstance(selector, str) and len(selector) <= _LONGEST_SELECTOR:
        cleaned = notes.text(selector, "selector", _LONGEST_SELECTOR)
        return parts_of_selector(cleaned) if cleaned else []
    if selector is not None:
        notes.add(f"The selector is not a text of at most {_LONGEST_SELECTOR:,} characters and was left out.")
    # Without its selector an action of other programs may still have the object that codegen writes beside it.
    locator = action.get("locator")
    if len(json.dumps(locator)) > 2 * _LONGEST_SELECTOR:
        notes.add("The locator is too long and was left out.")
        return []
    return parts_of_locator(locator)


def _in_frames(parts: list[Part]) -> tuple[list[int | str], list[Part]]:
    """The selectors of the frames that lead to the element, outermost first, and the rest."""
    frames: list[int | str] = []
    rest: list[Part] = []
    for part in parts:
        if part.kind == "frame":
            if way := _joined(rest):
                frames.append(way)
            rest = []
        else:
            rest.append(part)
    return frames, rest


def _joined(parts: list[Part]) -> str:
    return " >> ".join(filter(None, (part.raw for part in parts)))


def _links(parts: list[Part]) -> list[_Link]:
    links: list[_Link] = []
    for part in parts:
        if part.kind in _ELEMENTS:
            links.append(_Link(part, None))
        elif part.kind == "has-text" and links:
            links[-1] = links[-1]._replace(holds=part.text)
    return links


def _context(element: _Link, around: list[_Link], notes: Notes) -> Context:
    """Words around the element: what the nearest row and section are called, a field's label and placeholder."""
    found: dict[str, str | None] = {}
    if element.part.kind == "label":
        found["label"] = element.part.text
    found["placeholder"] = element.part.attributes.get("placeholder")
    for link in reversed(around):
        words = link.name or link.holds
        role = link.part.text if link.part.kind == "role" else None
        place = "row" if role in _ROWS else "section" if role in _SECTIONS else "nearby"
        if words and not found.get(place):
            found[place] = words
    return Context(**{key: notes.line(words, f"{key} of the element", 500) for key, words in found.items()})


def _selectors(own: list[Part], element: _Link) -> list[str | list[str]]:
    """Playwright's own if it says more, then the last link as other programs write it."""
    selectors: list[str | list[str]] = []
    whole = _joined(own)
    portable = _portable(element)
    if whole and whole != portable and (len(own) > 1 or portable is None) and len(whole) <= _LONGEST_SELECTOR:
        selectors.append(whole)
    if portable and len(portable) <= _LONGEST_SELECTOR:
        selectors.append(portable)
    return selectors


def _portable(element: _Link) -> str | None:
    part, name = element.part, element.name
    match part.kind:
        case "role":
            return f'aria/{name or ""}[role="{part.text}"]' if part.text else None
        case "label":
            return f"aria/{name}" if name else None
        case "text":
            return f"text/{name}" if name else None
        case "xpath":
            return f"xpath/{part.text}"
        case "attribute":
            key, value = next(iter(part.attributes.items()), (None, ""))
            quoted = value.replace("\\", "\\\\").replace('"', '\\"')
            return f'[{key}="{quoted}"]' if key else None
        case _:
            return part.text
