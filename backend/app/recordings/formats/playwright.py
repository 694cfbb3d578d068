"""What `playwright codegen --target jsonl` writes: its options, then an action a line."""

from collections.abc import Callable
from typing import Any

from pydantic_core import from_json

from app.core.config import Settings
from app.core.validation import printable
from app.recordings.formats.cleaning import Notes
from app.recordings.formats.imported import BrokenJson, ImportedRecording, ImportTooLarge, InvalidRecording
from app.recordings.formats.json_text import beginning, in_utf8
from app.recordings.formats.playwright_keys import pressed
from app.recordings.formats.playwright_target import target
from app.recordings.schema import RecordingIn, RecordingStep
from app.workflows.content import Action, Page, Viewport
from app.workflows.errors import TooManySteps

_OPTIONS = ("browserName", "launchOptions", "contextOptions")
_LONGEST_FIRST_LINE = 100_000
_COMMON_FIELDS = frozenset(
    {"name", "selector", "locator", "signals", "pageAlias", "pageGuid", "framePath", "ariaSnapshot", "ref"}
    | {"startTime", "endTime", "description", "position", "preconditionSelector"}
)
_FIELDS = {
    "openPage": {"url"},
    "navigate": {"url"},
    "click": {"button", "modifiers", "clickCount"},
    "hover": set(),
    "fill": {"text"},
    "press": {"key", "modifiers"},
    "check": set(),
    "uncheck": set(),
    "select": {"options"},
    "setInputFiles": {"files"},
}
_BLANK = frozenset({"about:blank", "chrome://newtab/", "chrome://new-tab-page/"})
_BUTTONS = {"left": Action.CLICK, "right": Action.RIGHT_CLICK}
_TELL_NOTHING = frozenset({"navigation", "popup", "expect"})
_SIGNALS = {
    "dialog": "A dialog of the page appeared and was closed without an answer; a guide cannot show it.",
    "download": "A file was downloaded; the step does not say so.",
}


def recognises(data: bytes) -> bool:
    """Whether the first line is one that codegen writes, be the others what they may."""
    first = beginning(data, _LONGEST_FIRST_LINE).partition(b"\n")[0]
    if not first.startswith(b"{"):
        return False
    try:
        value = from_json(first)
    except ValueError:
        return False
    return any(key in value for key in _OPTIONS) or _is_action(value)


def _is_action(value: dict[str, Any]) -> bool:
    return isinstance(value.get("name"), str) and ("signals" in value or "pageAlias" in value or "pageGuid" in value)


def read(data: bytes, *, limits: Settings) -> ImportedRecording:
    """The recording of one file. What cannot be shown as a step becomes a warning that names it."""
    notes = Notes(limits)
    options, actions = _lines(data, limits)
    steps = _Script(options, actions, notes).steps()
    if not steps:
        raise InvalidRecording("No step of this recording can be shown in a guide.")
    starting_url = next((step.page.url for step in steps if step.page.url), None)
    return ImportedRecording(RecordingIn(starting_url=starting_url, steps=steps), warnings=notes.warnings)


def _lines(data: bytes, limits: Settings) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The options and the actions, each checked to be one."""
    if len(data) > limits.max_request_bytes:
        raise ImportTooLarge(
            f"The file has {len(data):,} bytes of JSON; at most {limits.max_request_bytes:,} are taken"
            " (MAX_REQUEST_BYTES)."
        )
    lines = in_utf8(data).split(b"\n")
    if len(lines) > (most := 20 * limits.max_steps):
        raise TooManySteps(f"The file has {len(lines):,} lines; at most {most:,} are read (20 × MAX_STEPS).")
    values = [_object(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    begins = 0 if _is_action(values[0][1]) else 1
    for number, value in values[begins:]:
        if not isinstance(value.get("name"), str):
            raise InvalidRecording(f"Line {number}: its name, which says what was done, is missing or not text.")
    return values[0][1] if begins else {}, [value for _, value in values[begins:]]


def _object(number: int, line: bytes) -> tuple[int, dict[str, Any]]:
    try:
        value = from_json(line, allow_inf_nan=False)
    except ValueError as error:
        raise BrokenJson(
            f"Line {number} is not valid JSON: {str(error).replace(' at line 1 column', ' at column')}."
            " Take the line out, or record again."
        ) from None
    if not isinstance(value, dict):
        raise InvalidRecording(f"Line {number}: is not an object.")
    return number, value


class _Script:
    """The actions, read in order; each tab has the page that its last navigation left."""

    def __init__(self, options: dict[str, Any], actions: list[dict[str, Any]], notes: Notes) -> None:
        self._actions = actions
        self._notes = notes
        self._blank = Page(viewport=_viewport(options))
        self._pages: dict[Any, Page] = {}
        self._readers: dict[str, Callable[[dict[str, Any]], RecordingStep | None]] = {
            "openPage": self._navigate,
            "navigate": self._navigate,
            "click": self._click,
            "hover": lambda action: self._step(Action.HOVER, action),
            "fill": self._fill,
            "press": self._press,
            "check": lambda action: self._step(Action.CHECK, action),
            "uncheck": lambda action: self._step(Action.UNCHECK, action),
            "select": self._select,
            "setInputFiles": self._upload,
        }

    def steps(self) -> list[RecordingStep]:
        """Every step that can be shown. Raises `TooManySteps`."""
        return self._notes.steps(self._actions, self._read)

    def _is_part_of_the_next(self, index: int) -> bool:
        """A click into the field that is filled in next, and the Tab that leads to it, say nothing of their own."""
        if index + 1 == len(self._actions):
            return False
        action, after = self._actions[index], self._actions[index + 1]
        if after["name"] != "fill" or _tab(action) != _tab(after):
            return False
        if action["name"] == "press":
            return action.get("key") == "Tab" and action.get("modifiers") in (None, 0)
        plain = action.get("button") in (None, "left") and action.get("clickCount") in (None, 1)
        same = action.get("selector") is not None and action.get("selector") == after.get("selector")
        return action["name"] == "click" and plain and same and not action.get("modifiers")

    def _read(self, index: int, action: dict[str, Any]) -> RecordingStep | None:
        name = action["name"]
        if self._is_part_of_the_next(index):
            return None
        if name not in self._readers:
            if name != "closePage" or index + 1 < len(self._actions):
                self._notes.add(f'The step "{printable(name)}" {_why(name)}; it was left out.')
            return None
        self._notes.unknown_fields(action.keys() - _COMMON_FIELDS - _FIELDS[name])
        step = self._readers[name](action)
        self._follow(action)
        return step

    def _follow(self, action: dict[str, Any]) -> None:
        """What happened besides: older versions tell the page that a click led to."""
        signals = action.get("signals") or []
        if not isinstance(signals, list):
            self._notes.add("The signals are not a list and were left out.")
            return
        for signal in signals:
            name = signal.get("name") if isinstance(signal, dict) else None
            if name == "navigation":
                self._enter(action, self._notes.text(signal.get("url"), "page's address", 8_000))
            elif name in _SIGNALS:
                self._notes.add(_SIGNALS[name])
            elif name not in _TELL_NOTHING:
                self._notes.add("A signal is of a kind that is not known and was left out.")

    def _enter(self, action: dict[str, Any], url: str | None) -> None:
        if url and url not in _BLANK:
            self._pages[_tab(action)] = self._blank.model_copy(update={"url": url})

    def _page(self, action: dict[str, Any]) -> Page:
        return self._pages.get(_tab(action), self._blank)

    def _step(self, kind: Action, action: dict[str, Any], **value: Any) -> RecordingStep:
        element = target(action, self._notes)
        if element is None and kind is not Action.PRESS:
            self._notes.add("The step does not say on which element it happened.")
        return RecordingStep(action=kind, target=element, page=self._page(action), **value)

    def _navigate(self, action: dict[str, Any]) -> RecordingStep | None:
        url = self._notes.text(action.get("url"), "address", 8_000)
        if url is None and action["name"] == "navigate":
            self._notes.add("The step names no address to go to; it was left out.")
        if url is None or url in _BLANK:
            return None
        self._enter(action, url)
        return RecordingStep(action=Action.NAVIGATE, page=self._page(action))

    def _click(self, action: dict[str, Any]) -> RecordingStep:
        button = action.get("button") or "left"
        kind = _BUTTONS.get(button, Action.CLICK) if isinstance(button, str) else Action.CLICK
        if button not in ("left", "right"):
            self._notes.add("The click was made with an unusual mouse button; it is shown as an ordinary click.")
        if action.get("modifiers"):
            self._notes.add("A key was held down during the click; the step does not say so.")
        if kind is Action.CLICK and action.get("clickCount") == 2:
            kind = Action.DOUBLE_CLICK
        return self._step(kind, action)

    def _fill(self, action: dict[str, Any]) -> RecordingStep:
        value = self._notes.text(action.get("text"), "value", 5_000)
        return self._step(Action.INPUT, action, value=value, value_kind="text")

    def _press(self, action: dict[str, Any]) -> RecordingStep | None:
        keys = self._notes.text(pressed(action, self._notes), "key", 100)
        return self._step(Action.PRESS, action, value=keys) if keys else None

    def _select(self, action: dict[str, Any]) -> RecordingStep:
        value = self._listed(action.get("options"), "options")
        return self._step(Action.SELECT, action, value=value, value_kind="option")

    def _upload(self, action: dict[str, Any]) -> RecordingStep:
        value = self._listed(action.get("files"), "files")
        return self._step(Action.UPLOAD, action, value=value, value_kind="file")

    def _listed(self, values: Any, what: str) -> str | None:
        """Names of options or files; of a file's path only its end, since the rest tells of the machine."""
        texts = values if isinstance(values, list) else [values]
        if not all(isinstance(text, str) for text in texts):
            self._notes.add(f"The {what} are not a list of texts and were left out.")
            return None
        shown = [text.replace("\\", "/").rpartition("/")[2] if what == "files" else text for text in texts]
        return self._notes.line(", ".join(filter(None, shown)), what, 5_000)


def _tab(action: dict[str, Any]) -> str:
    return str(action.get("pageGuid") or action.get("pageAlias") or "")


def _why(name: str) -> str:
    if name.startswith("assert"):
        return "only checks the page, which a guide cannot show"
    return "closes the tab" if name == "closePage" else "is of a kind that is not known"


def _viewport(options: dict[str, Any]) -> Viewport | None:
    context = options.get("contextOptions")
    size = context.get("viewport") if isinstance(context, dict) else None
    sides = [size.get("width"), size.get("height")] if isinstance(size, dict) else []
    if len(sides) == 2 and all(type(side) is int and 1 <= side <= 20_000 for side in sides):
        return Viewport(width=sides[0], height=sides[1])
    return None
