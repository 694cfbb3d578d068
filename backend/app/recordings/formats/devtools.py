"""The JSON that the Recorder panel of Chrome DevTools saves (a user flow of `@puppeteer/replay`)."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from app.core.config import Settings
from app.core.validation import printable
from app.recordings.formats.cleaning import Notes
from app.recordings.formats.devtools_keys import Keyboard, before_changes, only_types
from app.recordings.formats.devtools_target import target
from app.recordings.formats.devtools_values import changed
from app.recordings.formats.imported import ImportedRecording, InvalidRecording
from app.recordings.schema import RecordingIn, RecordingStep
from app.workflows.content import Action, Page, Target, Viewport
from app.workflows.errors import TooManySteps
from app.workflows.user_flows import BACK, HELPS

_CANNOT_BE_SHOWN = {
    "close": "closes the tab",
    "emulateNetworkConditions": "slows the network down",
    "waitForElement": "waits for an element",
    "waitForExpression": "waits for a condition",
    "customStep": "belongs to an extension",
}
_COMMON_FIELDS = frozenset({"type", "timeout", "assertedEvents", "target", "selectors", "frame"})
_FIELDS = {
    "navigate": {"url"},
    "click": {"offsetX", "offsetY", "button", "deviceType", "duration"},
    "doubleClick": {"offsetX", "offsetY", "button", "deviceType", "duration"},
    "hover": set(),
    "change": {"value"},
    "keyDown": {"key"},
    "keyUp": {"key"},
    "scroll": {"x", "y"},
    "setViewport": {"width", "height", "deviceScaleFactor", "isMobile", "hasTouch", "isLandscape"},
}
_BUTTONS = {"secondary": Action.RIGHT_CLICK, "primary": Action.CLICK}


def recognises(value: Any) -> bool:
    """Whether `value` is a user flow, be it with mistakes."""
    return (
        isinstance(value, dict)
        and "title" in value
        and "name" not in value
        and "format" not in value
        and isinstance(value.get("steps"), list)
    )


def read(value: dict[str, Any], *, limits: Settings) -> ImportedRecording:
    """The recording of one flow. What cannot be shown as a step becomes a warning that names it."""
    notes = Notes(limits)
    name = notes.line(value["title"], "title", 200)
    if name is None:
        notes.add("The recording has no title.")
    elif _TITLE_OF_THE_RECORDER.match(name):
        name = None
    notes.unknown_fields(value.keys() - {"title", "timeout", "selectorAttribute", "steps"})
    steps = _Flow(value["steps"], notes).steps()
    if not steps:
        raise InvalidRecording("No step of this recording can be shown in a guide.")
    starting_url = next((step.page.url for step in steps if step.page.url), None)
    recording = RecordingIn(name=name, starting_url=starting_url, steps=steps)
    return ImportedRecording(recording, warnings=notes.warnings)


_TITLE_OF_THE_RECORDER = re.compile(r"Recording \d+[/.-]\d+[/.-]\d+ at \d")
"""What DevTools calls a recording when nobody does."""


class _Flow:
    """The steps of one flow, read in order; what page, viewport and keys one leaves is there for the next."""

    def __init__(self, raw: list[Any], notes: Notes) -> None:
        if len(raw) > (most := 20 * notes.limits.max_steps):
            raise TooManySteps(f"The recording has {len(raw):,} entries; at most {most:,} are read (20 × MAX_STEPS).")
        self._raw = [self._checked(number, step) for number, step in enumerate(raw, start=1)]
        self._notes = notes
        self._page = Page()
        self._tabs: dict[str, int] = {}
        """By the address that a tab other than the first is at."""
        self._keyboard = Keyboard()
        self._typing = before_changes(self._raw)
        self._ticked = _ticked(self._raw)
        self._readers: dict[str, Callable[[int, dict[str, Any]], RecordingStep | None]] = {
            "navigate": self._navigate,
            "click": self._click,
            "doubleClick": self._click,
            "hover": self._hover,
            "scroll": self._scroll,
            "change": self._change,
            "keyDown": self._key,
            "keyUp": self._key,
            "setViewport": self._set_viewport,
        }

    @staticmethod
    def _checked(number: int, step: Any) -> dict[str, Any]:
        if not isinstance(step, dict):
            raise InvalidRecording(f"steps[{number - 1}]: is not an object.")
        if not isinstance(step.get("type"), str):
            raise InvalidRecording(f"steps[{number - 1}].type: is missing or not text.")
        return step

    def steps(self) -> list[RecordingStep]:
        """Every step that can be shown. Raises `TooManySteps`."""
        return self._notes.steps(self._raw, self._read)

    def _read(self, index: int, raw: dict[str, Any]) -> RecordingStep | None:
        kind = raw["type"]
        if index - 1 in self._ticked:
            return None
        expression = raw.get("expression")
        if kind == "waitForExpression" and isinstance(expression, str) and expression.startswith(HELPS):
            return None
        if kind == "waitForExpression" and expression == BACK:
            self._follow(raw)
            return RecordingStep(action=Action.NAVIGATE, page=self._page)
        if kind not in self._readers:
            why = _CANNOT_BE_SHOWN.get(kind, "is of a kind that is not known")
            self._notes.add(f'The step "{printable(kind)}" {why}, which a guide cannot show; it was left out.')
            return None
        self._notes.unknown_fields(raw.keys() - _COMMON_FIELDS - _FIELDS[kind])
        self._enter_other_page(raw)
        step = self._readers[kind](index, raw)
        self._follow(raw)
        if kind == "navigate" and step is not None:
            return step.model_copy(update={"page": self._page})
        return step

    def _enter_other_page(self, raw: dict[str, Any]) -> None:
        """A step in a pop-up window says its address in `target`; "main" is the recorded tab."""
        other = raw.get("target")
        if other not in (None, "main") and (address := self._notes.text(other, "target's address", 8_000)):
            self._page = Page(url=address, viewport=self._page.viewport)
            self._tabs.setdefault(address, 2 + len(set(self._tabs.values())))

    def _follow(self, raw: dict[str, Any]) -> None:
        """The page that the following steps are on, if this one led to another."""
        events = raw.get("assertedEvents") or []
        if not isinstance(events, list):
            self._notes.add("The asserted events are not a list and were left out.")
            return
        for event in events:
            if not isinstance(event, dict) or event.get("type") != "navigation":
                self._notes.add("An asserted event is not a navigation and was left out.")
                continue
            url = self._notes.text(event.get("url"), "page's address", 8_000)
            title = self._notes.line(event.get("title"), "page's title", 500)
            if url and (tab := self._tab(raw)) is not None:
                self._tabs[url] = tab
            if url or title:
                self._page = Page(url=url or self._page.url, title=title, viewport=self._page.viewport)

    def _navigate(self, _index: int, raw: dict[str, Any]) -> RecordingStep | None:
        url = self._notes.text(raw.get("url"), "address", 8_000)
        if url is None:
            self._notes.add("The step names no address to go to; it was left out.")
            return None
        self._page = Page(url=url, viewport=self._page.viewport)
        return RecordingStep(action=Action.NAVIGATE, page=self._page)

    def _click(self, index: int, raw: dict[str, Any]) -> RecordingStep:
        button = raw.get("button") or "primary"
        action = _BUTTONS.get(button, Action.CLICK) if isinstance(button, str) else Action.CLICK
        if button not in ("primary", "secondary"):
            self._notes.add("The click was made with an unusual mouse button; it is shown as an ordinary click.")
        if raw["type"] == "doubleClick" and action is Action.CLICK:
            action = Action.DOUBLE_CLICK
        if index in self._ticked:
            action = Action.CHECK if self._ticked[index] else Action.UNCHECK
        return self._on_target(action, raw)

    def _hover(self, _index: int, raw: dict[str, Any]) -> RecordingStep:
        return self._on_target(Action.HOVER, raw)

    def _scroll(self, _index: int, raw: dict[str, Any]) -> RecordingStep:
        return RecordingStep(action=Action.SCROLL, target=self._element(raw), page=self._page)

    def _element(self, raw: dict[str, Any]) -> Target | None:
        element = target(raw, self._notes)
        if element is None:
            return None
        own = {} if (tab := self._tab(raw)) is None else {"data-wp-tab": str(tab)}
        own |= {"data-wp-button": "middle"} if raw.get("button") == "auxiliary" else {}
        return element.model_copy(update={"attributes": element.attributes | own})

    def _tab(self, raw: dict[str, Any]) -> int | None:
        """None is the recorded one."""
        other = raw.get("target")
        return self._tabs.get(other) if isinstance(other, str) else None

    def _on_target(self, action: Action, raw: dict[str, Any]) -> RecordingStep:
        element = self._element(raw)
        if element is None:
            self._notes.add("The step does not say on which element it happened.")
        return RecordingStep(action=action, target=element, page=self._page)

    def _change(self, _index: int, raw: dict[str, Any]) -> RecordingStep:
        step = self._on_target(Action.INPUT, raw)
        return step.model_copy(update=changed(step.target, raw.get("value"), self._notes))

    def _key(self, index: int, raw: dict[str, Any]) -> RecordingStep | None:
        key = raw.get("key")
        if not isinstance(key, str) or not 0 < len(key) <= 40:
            self._notes.add("The step names no key; it was left out.")
            return None
        press = self._keyboard.feed(raw["type"], key, self._notes)
        if press is None or (index in self._typing and only_types(press)):
            return None
        press = self._notes.text(press, "key", 100)
        return RecordingStep(action=Action.PRESS, value=press, page=self._page) if press else None

    def _set_viewport(self, _index: int, raw: dict[str, Any]) -> None:
        width, height = raw.get("width"), raw.get("height")
        if not all(type(size) is int and 1 <= size <= 20_000 for size in (width, height)):
            self._notes.add("The size of the window is not one; it was left out.")
            return
        if raw.get("isMobile") or raw.get("hasTouch"):
            self._notes.add("Only the size of the emulated phone is kept.")
        viewport = Viewport.model_validate({"width": width, "height": height})
        self._page = self._page.model_copy(update={"viewport": viewport})


def _ticked(steps: Sequence[dict[str, Any]]) -> dict[int, bool]:
    """Clicks that are followed by a wait for the same element to be ticked or not, as our own exports have them."""
    found = {}
    for index, (step, after) in enumerate(pairwise(steps)):
        properties = after.get("properties")
        state = properties.get("checked") if isinstance(properties, dict) and len(properties) == 1 else None
        same = step["type"] == "click" and after["type"] == "waitForElement"
        if same and isinstance(state, bool) and step.get("selectors") == after.get("selectors"):
            found[index] = state
    return found
