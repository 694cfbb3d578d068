"""A guide as a user flow that the Recorder panel of Chrome DevTools imports and plays (`@puppeteer/replay`).

It is what the Recorder would have written, so that playing it does what was done. For dragging, going back, several
options at once and other things that the Recorder has no step for stands an expression that does it. Left out are
notes, copying, pasting what was not seen, uploading. A box that was ticked is a click, and a wait for it to be so.
A tab or window that a step opened is the `target` of what is done there, by its address.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from app.guides import in_page
from app.guides.as_playwright import goes_back, key, leaves_the_field
from app.guides.export import Source
from app.guides.locators import is_playwrights_own, point_on
from app.guides.model import Guide, GuideStep
from app.guides.tabs import FIRST, tabs
from app.labeling.rules.keys import is_middle_click, keys_held
from app.workflows.content import SECRET_KINDS, Action, StepContent, Target
from app.workflows.user_flows import BACK

_CLICKS = frozenset(
    {Action.CLICK, Action.DOUBLE_CLICK, Action.RIGHT_CLICK, Action.CHECK, Action.UNCHECK, Action.TOGGLE}
)
_NUMBERS = re.compile(r"\d{1,3}(?:,\d{1,3})*")
_FAR = 1_000_000
_ENDS = {"down": (0, _FAR), "right": (_FAR, 0)}
"""How far, nobody has recorded: as far as it goes."""
_TICKED = {Action.CHECK: True, Action.UNCHECK: False}


def render(source: Source) -> str:
    """The JSON text."""
    return json.dumps(document(source.guide), ensure_ascii=False, indent=2) + "\n"


def document(guide: Guide) -> dict[str, Any]:
    """The user flow."""
    return {"title": guide.title, "steps": list(_steps(guide))}


def _steps(guide: Guide) -> Iterator[dict[str, Any]]:
    played = [step for step in guide.steps if step.note_kind is None]
    yield from _beginning(guide, played)
    within = tabs(played)
    for place, (step, tab) in enumerate(zip(played, within, strict=True)):
        if tab.only_goes_there:
            continue
        before = played[place - 1] if place else None
        after = played[place + 1] if place + 1 < len(played) else None
        made = [each for each in _played(step, before, after) if each is not None]
        if not made:
            continue
        stays = after is None or within[place + 1].number == tab.number
        if event := _arrival(step, after if stays else None):
            made[0]["assertedEvents"] = [event]
        other = {"target": step.url} if tab.number != FIRST and step.url else {}
        yield from (each | other for each in made)


def _beginning(guide: Guide, played: Sequence[GuideStep]) -> Iterator[dict[str, Any]]:
    size = next((step.recorded.page.viewport for step in played if step.recorded.page.viewport), None)
    if size:
        about: dict[str, Any] = {"width": size.width, "height": size.height, "deviceScaleFactor": 1}
        yield {"type": "setViewport", **about, **dict.fromkeys(("isMobile", "hasTouch", "isLandscape"), False)}
    if played and played[0].recorded.action is not Action.NAVIGATE and (start := guide.starting_url or played[0].url):
        first = {"type": "navigation", "url": start, "title": played[0].recorded.page.title or ""}
        yield {"type": "navigate", "url": start, "assertedEvents": [first]}


def _arrival(step: GuideStep, after: GuideStep | None) -> dict[str, str] | None:
    """The page that this step leads to, if it is another. One that only its title tells apart is not waited for: no
    navigation may come."""
    page = step.recorded.page
    if step.recorded.action is Action.NAVIGATE:
        return {"type": "navigation", "url": page.url or "", "title": page.title or ""}
    if after is not None and goes_back(step, after):
        return {"type": "navigation"}  # to where, nobody has recorded
    if after is None or after.recorded.action is Action.NAVIGATE or not after.url:
        return None
    if after.url.partition("#")[0] == (step.url or "").partition("#")[0]:
        return None
    return {"type": "navigation", "url": after.url, "title": after.recorded.page.title or ""}


def _played(step: GuideStep, before: GuideStep | None, after: GuideStep | None) -> Iterator[dict[str, Any] | None]:
    content = step.recorded
    action = content.action
    if action is Action.NAVIGATE:
        if goes_back(before, step):
            yield {"type": "waitForExpression", "target": "main", "expression": BACK}
        elif content.page.url:
            yield {"type": "navigate", "url": content.page.url}
    elif action is Action.PRESS:
        yield from _keys(content.value or "Enter")
    elif action is Action.SCROLL:
        yield from _scrolled(content, after)
    elif (element := _element(content.target)) is not None:
        yield from _on_element(content, element)
        if content.target and action is Action.INPUT and leaves_the_field(after):
            yield _in_page(content.target, in_page.leave(content.target))


def _in_page(target: Target, expression: str | None) -> dict[str, Any] | None:
    """None if there is no way to do it."""
    frame = _frame(target)
    about = {"type": "waitForExpression", "target": "main", **({"frame": frame} if frame else {})}
    return {**about, "expression": expression} if expression else None


def _scrolled(content: StepContent, after: GuideStep | None) -> Iterator[dict[str, Any] | None]:
    """As far as it goes, and on as long as a page brings more, until there is what is used next."""
    pane, wanted = content.target, after.recorded.target if after else None
    x, y = _ENDS.get(content.value or "", (0, 0))
    yield {"type": "scroll", **(_element(pane) or {"target": "main"}), "x": x, "y": y}
    if (x or y) and wanted:
        yield _in_page(wanted, in_page.scroll_until(wanted, pane, (x, y)))


def _on_element(content: StepContent, element: dict[str, Any]) -> Iterator[dict[str, Any] | None]:
    action, target = content.action, content.target
    if target and (done := _by_the_page(content, target)):
        yield from done
    elif action in _CLICKS:
        kind = "doubleClick" if action is Action.DOUBLE_CLICK else "click"
        click = {"type": kind, **element, **_middle(content.target), **_button(content)}
        yield from _held(keys_held(content.target), click)
        if action in _TICKED:
            yield {"type": "waitForElement", **element, "properties": {"checked": _TICKED[action]}}
    elif action is Action.HOVER:
        yield {"type": "hover", **element}
    elif action is Action.SELECT and content.target and content.target.tag not in (None, "select"):
        yield from _choice(content, element)
    elif action in (Action.INPUT, Action.SELECT) or (action is Action.PASTE and content.value):
        if target and action is Action.INPUT and "contenteditable" in target.attributes:
            yield _in_page(target, in_page.empty(target))
        yield {"type": "change", **element, "value": _entered(content)}
    elif action is Action.SUBMIT:
        if content.target and (content.target.role == "button" or content.target.tag == "button"):
            yield {"type": "click", **element, **_middle(content.target)}
        else:
            yield from _keys("Enter")


def _button(content: StepContent) -> dict[str, str]:
    """Of the mouse, where it is not the usual one."""
    if content.action is Action.RIGHT_CLICK:
        return {"button": "secondary"}
    return {"button": "auxiliary"} if is_middle_click(content.target) else {}


def _by_the_page(content: StepContent, target: Target) -> list[dict[str, Any] | None]:
    """What the Recorder has no step for; empty where it has one."""
    action, value = content.action, content.value or ""
    if content.value_kind in SECRET_KINDS:
        return []
    if action is Action.DRAG:
        return [_in_page(target, in_page.drag(target, content.value))]
    if action is Action.CLICK and target.tag == "area":
        return [_in_page(target, in_page.click(target))]
    if action is Action.SELECT and "multiple" in target.attributes:
        return [_in_page(target, in_page.choose_several(target, value))]
    if action is Action.INPUT and target.role == "slider" and target.tag != "input":
        return [_in_page(target, in_page.slide(target, value))]
    return []


def _entered(content: StepContent) -> str:
    """What the element's `value` becomes: of an option that is not what a person reads."""
    if content.value_kind in SECRET_KINDS:
        return ""
    if content.action is Action.SELECT and content.target and (own := content.target.attributes.get("data-wp-option")):
        return own
    return content.value or ""


def _held(keys: Sequence[str], step: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The step between keys that are pressed before and let go after it."""
    yield from ({"type": "keyDown", "target": "main", "key": key} for key in keys)
    yield step
    yield from ({"type": "keyUp", "target": "main", "key": key} for key in reversed(keys))


def _is_readable(selector: str) -> bool:
    return bool(selector.strip()) and not is_playwrights_own(selector)


def _choice(content: StepContent, element: dict[str, Any]) -> Iterator[dict[str, Any] | None]:
    """From a list that is no `<select>`: open it, or type what is looked for, then take the option, or options."""
    target, value = content.target, content.value or ""
    if target and target.tag == "input":
        yield {"type": "change", **element, "value": value}
    elif target and target.role != "listbox":
        yield {"type": "click", **element, **_middle(target)}
    if target and ", " in value and target.tag != "input":
        yield _in_page(target, in_page.choose_several(target, value))
    else:
        option = {**element, "selectors": [[f'aria/{value}[role="option"]'], [f"text/{value}"]]}
        yield {"type": "click", **option, "offsetX": 1, "offsetY": 1}


def _element(target: Target | None) -> dict[str, Any] | None:
    """Its selectors as they were ranked; None if there is nothing by which it could be found.

    The name is one only where nothing else is known: a recorder that leaves it out knows of others with the same name.
    """
    if target is None:
        return None
    chains = [[part] if isinstance(part, str) else list(part) for part in target.selectors]
    chains = [chain for chain in chains if chain and all(map(_is_readable, chain))]
    if not chains and target.name:
        chains = [[f"aria/{target.name}"]]
    if not chains:
        return None
    frame = _frame(target)
    return {"target": "main", "selectors": chains, **({"frame": frame} if frame else {})}


def _frame(target: Target) -> list[int]:
    """The numbers of the frames that lead to it; empty where they are not known."""
    numbers = [step for step in target.frame if isinstance(step, int)]
    if len(numbers) == len(target.frame):
        return numbers
    told = target.attributes.get("data-wp-frame") or ""
    return [int(number) for number in told.split(",")] if _NUMBERS.fullmatch(told) else []


def _middle(target: Target | None) -> dict[str, float]:
    """Where to click, from the element's upper left corner: on a picture where it was clicked."""
    if target and (point := point_on(target)):
        return {"offsetX": point[0], "offsetY": point[1]}
    box = target.box if target else None
    return {"offsetX": round(box.width / 2, 2) if box else 1, "offsetY": round(box.height / 2, 2) if box else 1}


def _keys(pressed: str) -> Iterator[dict[str, Any]]:
    """Each key down in order, and up again in reverse."""
    keys = [pressed] if len(pressed) == 1 else key(pressed).split("+")
    for kind, order in (("keyDown", keys), ("keyUp", reversed(keys))):
        yield from ({"type": kind, "target": "main", "key": each} for each in order)
