"""What was entered in a step: what stands for it in what is sent, and how a label says it."""

from collections.abc import Sequence
from typing import Any

from app.labeling.outgoing.values import Value, beginnings
from app.labeling.outgoing.words import OWN, Words, of_step
from app.labeling.protocol import ChunkStep
from app.labeling.rules.controls import Control, control_of
from app.labeling.rules.keys import key_name
from app.labeling.rules.names import control_name
from app.labeling.rules.secret_fields import secret_of
from app.labeling.rules.values import said
from app.workflows.content import Action, StepContent

_ENTERING = frozenset({Action.INPUT, Action.PASTE, Action.SELECT})
_TYPING = frozenset({Action.INPUT, Action.PASTE, Action.UPLOAD})
_WITHOUT_VALUE = frozenset({Action.PRESS, Action.DRAG, Action.NOTE, Action.NAVIGATE, Action.SCROLL})
"""Their value is a key, a name on the page, a person's words, an address, a direction."""
_STATES = frozenset(
    {"on", "off", "true", "false", "checked", "unchecked", "yes", "no", "0", "1", "open", "opened", "closed"}
    | {"expanded", "collapsed"}
)
_NAMES = frozenset(
    {f"the {which} name" for which in ("full", "first", "last", "middle")} | {"the name", "the nickname"}
)
_DIRECTIONS = frozenset({"up", "down", "left", "right", "top", "bottom"})


def own_value(step: ChunkStep) -> Value | None:
    """What was entered in the step, to be found in its texts; None: nothing."""
    content = step.content
    if content.action in _WITHOUT_VALUE or not content.value or not content.value.strip() or _is_state(content):
        return None
    return Value(content.value, OWN)


def typed_values(steps: Sequence[ChunkStep]) -> list[Value]:
    """What was typed anywhere in the workflow and may stand on any page of it."""
    found: dict[str, Value] = {}
    for step in steps:
        content = step.content
        if not content.value or _is_state(content):
            continue
        if content.action in _TYPING or (content.action not in _WITHOUT_VALUE and secret_of(content)):
            value = Value(content.value, of_step(step.position), by_word=spoken(content) in _NAMES)
            if value.telling:
                found.setdefault(value.text.strip().lower(), value)
    return [*found.values(), *_cut_off(steps, [*found.values()])]


def chosen_values(steps: Sequence[ChunkStep]) -> list[Value]:
    """What was chosen or copied in these steps, and may stand in their labels."""
    own = [(step, own_value(step)) for step in steps if step.content.action not in _TYPING]
    return [Value(value.text, of_step(step.position)) for step, value in own if value and value.telling]


def _cut_off(steps: Sequence[ChunkStep], values: Sequence[Value]) -> list[Value]:
    """Beginnings of values that a page shows before an ellipsis: a label may name them without it."""
    found: dict[str, Value] = {}
    for step in steps:
        for text in filter(None, (step.content.target.name, step.content.target.text) if step.content.target else ()):
            for value in values if "…" in text or "..." in text else ():
                for start, end in beginnings(text, value):
                    found.setdefault(text[start:end].lower(), Value(text[start:end], value.placeholder))
    return [*found.values()]


def spoken(content: StepContent) -> str:
    """The value as a sentence says it: in quotes, or by its kind."""
    target = content.target
    return said(content, control_name(target, control_of(target)).text if target else "")


def described(step: ChunkStep, words: Words, spelled: bool) -> dict[str, Any] | None:
    """The step's `value` in the document: its kind, and what is to be said for it."""
    content = step.content
    action, value = content.action, content.value
    if action in _WITHOUT_VALUE:
        return None if spelled else _pointed_out(content, words)
    if _is_state(content):
        return {"kind": "state", "say": (value or "").strip().lower()}
    if value is not None and not value.strip() and not secret_of(content):
        return {"kind": "empty"} if action in _ENTERING else None
    if value is None and action not in _ENTERING and not secret_of(content):
        return None
    return {"kind": _kind(content), "say": OWN}


def is_spelled(content: StepContent, neighbours: Sequence[StepContent]) -> bool:
    """Whether a key is a letter of something that was typed key by key."""
    if not _is_letter(content):
        return False
    return secret_of(content) is not None or any(map(_is_letter, neighbours))


def _pointed_out(content: StepContent, words: Words) -> dict[str, Any] | None:
    value = content.value or ""
    if content.action is Action.PRESS:
        return {"kind": "key", "say": key} if (key := words.name(key_name(value), 40)) else None
    if content.action is Action.SCROLL:
        return {"kind": "direction", "say": value.strip().lower()} if value.strip().lower() in _DIRECTIONS else None
    if content.action is Action.NAVIGATE:
        return None
    kind = "destination" if content.action is Action.DRAG else "note"
    text = words.name(value, 120) if content.action is Action.DRAG else words.sentence(value, 400)
    return {"kind": kind, "say": text} if text else None


def _kind(content: StepContent) -> str:
    words = spoken(content)
    if words.startswith("the ") and words != "the text":
        return words.removeprefix("the ")
    return content.value_kind or ("file" if content.action is Action.UPLOAD else "text")


def _is_state(content: StepContent) -> bool:
    """A checkbox that is on holds nothing that was typed."""
    value = (content.value or "").strip().lower()
    target = content.target
    return value in _STATES and (target is None or control_of(target) not in {Control.FIELD, Control.EDITOR})


def _is_letter(content: StepContent) -> bool:
    return content.action is Action.PRESS and len(content.value or "") == 1 and bool((content.value or "").strip())
