"""The keys of a `press` of Playwright's codegen: `s` with Control held down is `Ctrl+S`."""

from typing import Any

from app.recordings.formats.cleaning import Notes

_MODIFIERS = {2: "Ctrl", 1: "Alt", 8: "Shift", 4: "Meta"}
_MOST = 40


def pressed(action: dict[str, Any], notes: Notes) -> str | None:
    """What to press; None, with a warning, if the action does not tell."""
    key, bits = action.get("key"), action.get("modifiers") or 0
    if not isinstance(key, str) or not 0 < len(key) <= _MOST:
        notes.add("The step names no key; it was left out.")
        return None
    if type(bits) is not int or not 0 <= bits <= sum(_MODIFIERS):
        notes.add("The keys that were held down are not a number of Playwright's and were left out.")
        bits = 0
    held = [name for bit, name in _MODIFIERS.items() if bits & bit]
    if held == ["Shift"] and len(key) == 1:
        held = []
    name = "Space" if key == " " else key.upper() if held and len(key) == 1 else key
    return "+".join([*held, name])
