"""What a `change` of the DevTools Recorder did: it does not say what kind of control was changed."""

import re
from typing import Any

from app.recordings.formats.cleaning import Notes
from app.workflows.content import Action, Target

_LIST_ROLES = frozenset({"listbox", "option", "combobox", "menuitemradio"})
_CHECK_ROLES = frozenset({"checkbox", "switch", "radio", "menuitemcheckbox"})
_CHECK_TYPES = re.compile(r"""\[type=["']?(checkbox|radio)""")
_TEXT_TAGS = frozenset({"input", "textarea"})
_ON = frozenset({"true", "on", "checked", "1"})
_OFF = frozenset({"false", "off", "unchecked", "0", ""})


def changed(target: Target | None, value: Any, notes: Notes) -> dict[str, Any]:
    """Action, value and kind of the step."""
    if isinstance(value, bool | int | float):
        value = str(value).lower()
    if target is not None and _is_check(target):
        return {"action": _checked(value), "value": None, "value_kind": None}
    kept = notes.text(value, "value", 5_000)
    if target is not None and _is_list(target):
        return {"action": Action.SELECT, "value": kept, "value_kind": "option"}
    return {"action": Action.INPUT, "value": kept, "value_kind": "text"}


def _is_check(target: Target) -> bool:
    return target.role in _CHECK_ROLES or any(_CHECK_TYPES.search(selector) for selector in _flat(target))


def _is_list(target: Target) -> bool:
    return target.tag == "select" or (target.role in _LIST_ROLES and target.tag not in _TEXT_TAGS)


def _checked(value: Any) -> Action:
    word = value.lower() if isinstance(value, str) else None
    return Action.CHECK if word in _ON else Action.UNCHECK if word in _OFF else Action.TOGGLE


def _flat(target: Target) -> list[str]:
    return [part for selector in target.selectors for part in ([selector] if isinstance(selector, str) else selector)]
