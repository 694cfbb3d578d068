"""The JSON of browser-use's workflow-use: what its extension records, or its builder makes of that."""

import textwrap
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from app.core.config import Settings
from app.core.validation import printable
from app.recordings.formats import facts, prose
from app.recordings.formats.cleaning import Notes
from app.recordings.formats.facts import WrittenPicture
from app.recordings.formats.imported import ImportedRecording, InvalidRecording
from app.recordings.formats.placeholders import Placeholders
from app.recordings.formats.selectors import last_element
from app.recordings.schema import GivenLabel, RecordingIn, RecordingStep
from app.workflows.content import Action, Context, Page, Target

_TYPES = frozenset({"navigation", "click", "input", "select_change", "key_press", "scroll", "agent"}) | {
    "extract_page_content", "extract", "radio", "select", "checkbox", "keypress",
}  # fmt: skip
_ITS_OWN = frozenset({"cssSelector", "elementTag", "tabId", "frameUrl", "selectedText", "target_text", "targetText"})
_KNOWN_FIELDS = _ITS_OWN | {
    "type", "timestamp", "url", "xpath", "elementText", "value", "key", "scrollX", "scrollY", "screenshot", "task",
    "description", "goal", "extractionGoal", "max_steps", "fieldName", "selectedOption", "selectedValue", "options",
    "checked", "frameIdPath", "targetId", "output",
}  # fmt: skip
_NAME_OF_THE_RECORDER = "Recorded Workflow"
"""What the extension calls a recording when nobody does."""


def recognises(value: Any) -> bool:
    """Whether `value` is meant to be a workflow of it, be it with mistakes."""
    if not isinstance(value, dict) or "format" in value or not isinstance(value.get("steps"), list):
        return False
    if "input_schema" in value:
        return True
    steps = [step for step in value["steps"] if isinstance(step, dict) and "action" not in step]
    return any(step.get("type") in _TYPES for step in steps if isinstance(step.get("type"), str)) and "name" in value


def read(value: dict[str, Any], *, limits: Settings) -> ImportedRecording:
    """The recording. What cannot be shown as a step becomes a warning that names it."""
    notes = Notes(limits)
    raw = facts.step_objects(value["steps"], "type", notes)
    notes.unknown_fields(value.keys() - {"name", "description", "version", "steps", "input_schema"})
    reader = _Workflow(raw, Placeholders(value.get("input_schema"), notes), notes)
    steps = reader.steps()
    if not steps:
        raise InvalidRecording("No step of this recording can be shown in a guide.")
    if described := [number for number, step in enumerate(raw, 1) if step.get("description")]:
        notes.add(f"The description of {facts.listed(described)} was left out: the steps are labelled anew.")
    name = notes.line(value.get("name"), "name", 200)
    recording = RecordingIn(
        name=None if name == _NAME_OF_THE_RECORDER else name,
        description=notes.text(value.get("description"), "description", 5_000),
        starting_url=next((step.page.url for step in steps if step.page.url), None),
        variables=reader.placeholders.variables,
        steps=steps,
    )
    return ImportedRecording(recording, screenshots=reader.pictures, warnings=notes.warnings)


class _Workflow:
    """The steps, read in order."""

    def __init__(self, raw: list[dict[str, Any]], placeholders: Placeholders, notes: Notes) -> None:
        self._raw = raw
        self._notes = notes
        self._url: str | None = None
        self._typed_again = _typed_again(raw)
        self.placeholders = placeholders
        self.pictures: dict[str, WrittenPicture] = {}
        self._readers: dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]] = {
            "navigation": self._navigation,
            "click": lambda _: {"action": Action.CLICK},
            "input": lambda step: self._entered(step, "value"),
            "select_change": lambda step: self._chosen(step, "selectedText"),
            "select": lambda step: self._chosen(step, "selectedOption"),
            "radio": lambda step: self._chosen(step, "selectedOption"),
            "checkbox": lambda step: {"action": Action.UNCHECK if step.get("checked") is False else Action.CHECK},
            "key_press": self._press,
            "keypress": self._press,
            "scroll": lambda _: {"action": Action.SCROLL, "target": None},
            "agent": lambda step: self._in_words(step, "task"),
            "extract_page_content": lambda step: self._in_words(step, "goal"),
            "extract": lambda step: self._in_words(step, "extractionGoal"),
        }

    def steps(self) -> list[RecordingStep]:
        """Every step that can be shown."""
        found = []
        for index, raw in enumerate(self._raw):
            self._notes.step = index + 1
            if index not in self._typed_again and (step := self._read(raw)):
                found.append(step)
        self._notes.step = None
        return found

    def _read(self, raw: dict[str, Any]) -> RecordingStep | None:
        kind = raw["type"]
        if kind not in self._readers:
            self._notes.add(
                f'The step "{printable(kind)}" is of a kind that is not known, which a guide cannot show;'
                " it was left out."
            )
            return None
        self._notes.unknown_fields(raw.keys() - _KNOWN_FIELDS)
        told = self._readers[kind](raw)
        if told is None:
            return None
        self._url = self._notes.text(raw.get("url"), "page's address", 8_000) or self._url
        known: dict[str, Any] = {
            "timestamp": facts.moment(raw.get("timestamp"), self._notes),
            "target": None if "target" in told else self._target(raw, told["action"]),
            "page": Page(url=self._url),
            "screenshot_id": self._picture(raw),
        }
        return RecordingStep(**(known | told))

    def _navigation(self, raw: dict[str, Any]) -> dict[str, Any] | None:
        if self._notes.text(raw.get("url"), "page's address", 8_000) is None:
            self._notes.add("The step names no address to go to; it was left out.")
            return None
        return {"action": Action.NAVIGATE, "target": None}

    def _entered(self, raw: dict[str, Any], key: str) -> dict[str, Any]:
        value = raw.get(key)
        value = str(value) if isinstance(value, int | float) else value
        text = self.placeholders.filled_in(self._notes.text(value, "value", 5_000))
        return {"action": Action.INPUT, "value": text, "value_kind": "text"}

    def _chosen(self, raw: dict[str, Any], key: str) -> dict[str, Any]:
        return self._entered(raw, key) | {"action": Action.SELECT, "value_kind": "option"}

    def _press(self, raw: dict[str, Any]) -> dict[str, Any] | None:
        key = self._notes.line(raw.get("key"), "key", 100)
        if key is None:
            self._notes.add("The step names no key; it was left out.")
            return None
        return {"action": Action.PRESS, "value": key.replace("CmdOrCtrl", "Ctrl").replace("Control+", "Ctrl+")}

    def _in_words(self, raw: dict[str, Any], key: str) -> dict[str, Any] | None:
        """What an agent was told to do is something to do in words."""
        text = self._notes.line(raw.get(key) or raw.get("description"), key, 1_000)
        words = self.placeholders.filled_in(prose.without_secrets(text)[0] if text else None)
        if words is None:
            self._notes.add(f'The step "{printable(raw["type"])}" does not say what to do; it was left out.')
            return None
        label = GivenLabel(field_label=textwrap.shorten(words, 60, placeholder="…"), instruction=words)
        return {"action": Action.NOTE, "note_kind": "step", "target": None, "value": words, "label": label}

    def _target(self, raw: dict[str, Any], action: Action) -> Target | None:
        css = self._notes.line(raw.get("cssSelector"), "CSS selector", 2_000)
        xpath = self._notes.line(raw.get("xpath"), "XPath", 1_990)
        elements = [last_element(selector) for selector in (css, xpath) if selector]
        name = next((raw[key] for key in ("targetText", "target_text", "fieldName") if raw.get(key)), None)
        text = self._notes.line(raw.get("elementText"), "element's text", 5_000)
        selectors = [css] if css else []
        if xpath:
            selectors.append(f"xpath/{xpath}" if xpath.startswith(("/", "(", "id(")) else f"xpath///{xpath}")
        tag = self._notes.line(raw.get("elementTag"), "element's tag", 100)
        shown_name = self._notes.line(name, "element's name", 500)
        if not (selectors or tag or text or shown_name):
            if action is not Action.PRESS:
                self._notes.add("The step does not say on which element it happened.")
            return None
        kind = {"radio": "radio", "checkbox": "checkbox"}.get(raw["type"])
        return Target(
            tag=tag.lower() if tag else next((found.tag for found in elements if found.tag), None),
            role=kind,
            name=self.placeholders.filled_in(shown_name),
            text=text,
            attributes=facts.attributes(*(found.attributes for found in elements), notes=self._notes),
            selectors=list(selectors),
            context=Context(label=shown_name if raw.get("fieldName") else None),
            frame=self._frame(raw),
        )

    def _frame(self, raw: dict[str, Any]) -> list[int | str]:
        address = self._notes.text(raw.get("frameUrl"), "frame's address", 8_000)
        return [address] if address and address != raw.get("url") else []

    def _picture(self, raw: dict[str, Any]) -> str | None:
        found = facts.picture(raw.get("screenshot"), self._notes)
        if found is None:
            return None
        self.pictures[name := str(self._notes.step)] = found
        return name


def _typed_again(raw: list[dict[str, Any]]) -> frozenset[int]:
    """Inputs that the next one repeats with more in the same field: the recorder writes one for each pause."""
    same = ("type", "cssSelector", "xpath", "url", "frameUrl", "tabId")
    return frozenset(
        index
        for index, (step, after) in enumerate(pairwise(raw))
        if step["type"] == "input" and all(step.get(key) == after.get(key) for key in same)
    )
