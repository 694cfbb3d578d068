"""What a step of the DevTools Recorder says about its element: all of it stands in the selectors."""

import re
from itertools import islice
from typing import Any

from app.recordings.formats.cleaning import Notes
from app.recordings.formats.selectors import last_element
from app.workflows.content import Target

_ARIA_ATTRIBUTE = re.compile(r"""\[\s*(?P<key>role|name)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')\s*\]""")
_ROLES_WITHOUT_MEANING = (None, "", "generic", "none", "presentation")


def target(step: dict[str, Any], notes: Notes) -> Target | None:
    """The element of `step`, or None if it names none."""
    chains = _chains(step.get("selectors"), notes)
    frame = _frame(step.get("frame"), notes)
    if not chains:
        return None
    name, role, text, tag = None, None, None, None
    attributes: dict[str, str | None] = {}
    for chain in chains:
        last = chain[-1]
        if last.startswith("aria/"):
            found_name, found_role = _aria(chain)
            name, role = name or found_name, role or found_role
        elif last.startswith("text/"):
            text = text or last.removeprefix("text/")
        else:
            element = last_element(last)
            tag = tag or element.tag
            attributes = element.attributes | attributes
    return Target(
        tag=notes.line(tag, "element's tag", 100),
        role=notes.line(role, "element's role", 100),
        name=notes.line(name or text, "element's name", 500),
        text=notes.line(text, "element's text", 5_000),
        attributes=dict(islice(attributes.items(), 60)),
        selectors=[chain[0] if len(chain) == 1 else chain for chain in chains],
        frame=frame,
    )


def _chains(selectors: Any, notes: Notes) -> list[list[str]]:
    """The selectors that can be kept, best first, each as its chain through shadow roots."""
    if selectors is None:
        return []
    if not isinstance(selectors, list):
        notes.add("The selectors are not a list and were left out.")
        return []
    chains = []
    for selector in selectors:
        chain = [selector] if isinstance(selector, str) else selector
        fits = isinstance(chain, list) and 0 < len(chain) <= 20
        parts = [notes.text(part, "selector", 2_000) for part in chain] if fits else []
        kept = [part for part in parts if part]
        if kept and len(kept) == len(parts):
            chains.append(kept)
        else:
            notes.add("A selector that is not text was left out.")
    if len(chains) > 30:
        notes.add(f"Of {len(chains)} selectors, the first 30 were kept.")
    return chains[:30]


def _frame(frame: Any, notes: Notes) -> list[int | str]:
    """Indexes of the frames that lead to the element, outermost first."""
    if frame is None:
        return []
    if isinstance(frame, list) and len(frame) <= 20 and all(type(index) is int and index >= 0 for index in frame):
        return frame
    notes.add("The way to the frame is not a list of numbers and was left out.")
    return []


def _aria(chain: list[str]) -> tuple[str | None, str | None]:
    """Name and role of the innermost element that has a name.

    Each part is like `aria/Save`, `aria/Save[role="button"]` or `aria/[role="button"]`.
    """
    innermost_role = None
    for part in reversed(chain):
        selector = part.removeprefix("aria/")
        found = {match["key"]: match["double"] or match["single"] for match in _ARIA_ATTRIBUTE.finditer(selector)}
        name = _ARIA_ATTRIBUTE.sub("", selector).strip() or found.get("name")
        role = found.get("role")
        if name and part.startswith("aria/"):
            return name, role
        if innermost_role is None and role not in _ROLES_WITHOUT_MEANING:
            innermost_role = role
    return None, innermost_role
