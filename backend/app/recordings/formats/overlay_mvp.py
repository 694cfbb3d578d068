"""The JSON that OverlayMVP uploads after a recording."""

from typing import Any

from app.core.config import Settings
from app.core.validation import printable
from app.recordings.formats import facts
from app.recordings.formats.cleaning import Notes
from app.recordings.formats.imported import ImportedRecording, InvalidRecording
from app.recordings.formats.selectors import last_element
from app.recordings.schema import RecordingIn, RecordingStep
from app.workflows.content import Action, Context, Page, Target

_ACTIONS = {
    "click": Action.CLICK,
    "input_commit": Action.INPUT,
    "select_change": Action.SELECT,
    "submit": Action.SUBMIT,
    "navigate": Action.NAVIGATE,
}
_KINDS = {Action.INPUT: "text", Action.SELECT: "option"}
_VALUES = ("selected_text", "selected_label", "value", "text", "input_value", "selected_value")
"""What `action_data` may call what was entered or chosen, the words on the screen first."""
_ADDRESSES = ("url", "to_url", "href")
_FIELDS = frozenset(
    {"step_number", "timestamp", "action_type", "screenshot_id", "selectors", "element_meta", "page_context"}
    | {"action_data", "dom_context"}
)
_META = frozenset(
    {"tag_name", "role", "type", "label_text", "placeholder", "nearby_text", "inner_text", "classes", "bounding_box"}
)
_SELECTORS = frozenset({"primary", "css", "xpath", "data_testid", "stable_attrs"})


def recognises(value: Any) -> bool:
    """Whether `value` is meant to be an upload of it, be it with mistakes."""
    steps = value.get("steps") if isinstance(value, dict) and "format" not in value else None
    return isinstance(steps, list) and any(
        isinstance(step, dict) and "action_type" in step and _FIELDS & step.keys() - {"action_type", "timestamp"}
        for step in steps
    )


def read(value: dict[str, Any], *, limits: Settings) -> ImportedRecording:
    """The recording. What cannot be shown as a step becomes a warning that names it."""
    notes = Notes(limits)
    raw = facts.step_objects(value["steps"], "action_type", notes)
    notes.unknown_fields(value.keys() - {"name", "starting_url", "steps"})
    steps = []
    for number, one in enumerate(raw, 1):
        notes.step = number
        if step := _step(one, notes):
            steps.append(step)
    notes.step = None
    if not steps:
        raise InvalidRecording("No step of this recording can be shown in a guide.")
    _say_what_the_file_lacks(raw, notes)
    recording = RecordingIn(
        name=notes.line(value.get("name"), "name", 200),
        starting_url=notes.text(value.get("starting_url"), "starting address", 8_000) or steps[0].page.url,
        steps=steps,
    )
    return ImportedRecording(recording, warnings=notes.warnings)


def _say_what_the_file_lacks(raw: list[dict[str, Any]], notes: Notes) -> None:
    if pictured := [number for number, one in enumerate(raw, 1) if one.get("screenshot_id")]:
        notes.add(f"The picture of {facts.listed(pictured)} is not in the file, only its number.")
    if surrounded := [number for number, one in enumerate(raw, 1) if one.get("dom_context")]:
        notes.add(f"What stood around the element (dom_context) of {facts.listed(surrounded)} was left out.")


def _step(raw: dict[str, Any], notes: Notes) -> RecordingStep | None:
    kind = raw["action_type"]
    action = _ACTIONS.get(kind)
    if action is None:
        notes.add(
            f'The step "{printable(kind)}" is of a kind that is not known, which a guide cannot show; it was left out.'
        )
        return None
    notes.unknown_fields(raw.keys() - _FIELDS)
    data = _object(raw, "action_data", notes)
    page = _page(raw, data, action, notes)
    if action is Action.NAVIGATE and page.url is None:
        notes.add("The step names no address to go to; it was left out.")
        return None
    target = _target(raw, notes) if action is not Action.NAVIGATE else None
    if target is None and action is not Action.NAVIGATE:
        notes.add("The step does not say on which element it happened.")
    return RecordingStep(
        action=action,
        timestamp=facts.moment(raw.get("timestamp"), notes),
        target=target,
        value=_value(data, action, notes),
        value_kind=_KINDS.get(action),
        page=page,
    )


def _object(raw: dict[str, Any], key: str, notes: Notes) -> dict[str, Any]:
    value = raw.get(key)
    if value is not None and not isinstance(value, dict):
        notes.add(f"{key} is not an object and was left out.")
    return value if isinstance(value, dict) else {}


def _page(raw: dict[str, Any], data: dict[str, Any], action: Action, notes: Notes) -> Page:
    context = _object(raw, "page_context", notes)
    notes.unknown_fields(context.keys() - {"url", "title", "viewport"})
    led_to = next((data[key] for key in _ADDRESSES if data.get(key)), None) if action is Action.NAVIGATE else None
    return Page(
        url=notes.text(led_to or context.get("url"), "page's address", 8_000),
        title=notes.line(context.get("title"), "page's title", 500),
        viewport=facts.viewport(context.get("viewport"), notes),
    )


def _value(data: dict[str, Any], action: Action, notes: Notes) -> str | None:
    """What was entered or chosen; whatever else is noted there is named."""
    known = set(_ADDRESSES if action is Action.NAVIGATE else _VALUES if action in _KINDS else ())
    notes.unknown_fields(f"action_data.{key}" for key in data.keys() - known)
    found = next((data[key] for key in _VALUES if data.get(key) is not None), None) if action in _KINDS else None
    return notes.text(str(found) if isinstance(found, int | float) else found, "value", 5_000)


def _target(raw: dict[str, Any], notes: Notes) -> Target | None:
    meta, selectors = _object(raw, "element_meta", notes), _object(raw, "selectors", notes)
    notes.unknown_fields(f"element_meta.{key}" for key in meta.keys() - _META)
    notes.unknown_fields(f"selectors.{key}" for key in selectors.keys() - _SELECTORS)
    ways = _ways(selectors, notes)
    texts = {
        key: notes.line(meta.get(key), key, most)
        for key, most in (("label_text", 500), ("placeholder", 500), ("nearby_text", 500), ("inner_text", 5_000))
    }
    tag = notes.line(meta.get("tag_name"), "tag_name", 100)
    if not (ways or tag or any(texts.values())):
        return None
    stable = _object(selectors, "stable_attrs", notes)
    told = {"data-testid": selectors.get("data_testid"), "type": meta.get("type")}
    in_ways = [last_element(way.removeprefix("xpath/")).attributes for way in ways]
    attributes = facts.attributes(told, stable, *in_ways, notes=notes)
    return Target(
        tag=tag.lower() if tag else None,
        role=notes.line(meta.get("role"), "role", 100),
        name=(attributes.get("aria-label") or "")[:500] or texts["label_text"],
        text=texts["inner_text"],
        attributes=attributes,
        selectors=list(ways),
        box=facts.box(meta.get("bounding_box"), notes),
        context=Context(label=texts["label_text"], placeholder=texts["placeholder"], nearby=texts["nearby_text"]),
    )


def _ways(selectors: dict[str, Any], notes: Notes) -> list[str]:
    """Its selectors, best first, each once."""
    found: dict[str, None] = {}
    for key in ("primary", "css", "xpath"):
        way = notes.line(selectors.get(key), f"selector {key!r}", 1_990)
        if way and way.startswith(("/", "(/")):
            way = f"xpath/{way}"
        if way:
            found[way] = None
    return list(found)
