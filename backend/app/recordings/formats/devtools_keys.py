"""keyDown and keyUp of the DevTools Recorder become presses: `Enter`, `Ctrl+S`."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.recordings.formats.cleaning import Notes

KEY_TYPES = frozenset({"keyDown", "keyUp"})

_MODIFIERS = {"Control": "Ctrl", "Alt": "Alt", "Shift": "Shift", "Meta": "Meta"}
_EDITING = frozenset(
    {"Space", "Shift", "CapsLock", "AltGraph", "Dead", "Process", "Unidentified", "Compose", "Backspace", "Delete"}
    | {"Insert", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"}
    | {f"{modifier}+{key}" for modifier in ("Ctrl", "Meta") for key in "ACVXYZ"}
)


class Keyboard:
    """Which keys are down while the steps are read in order."""

    def __init__(self) -> None:
        self._held: dict[str, bool] = {}
        """Each modifier that is down, and whether it was part of a press."""
        self._down: set[str] = set()

    def feed(self, kind: str, key: str, notes: Notes) -> str | None:
        """The press that this step makes, if it makes one: at keyDown, for a modifier alone at keyUp."""
        return self._pressed(key) if kind == "keyDown" else self._released(key, notes)

    def _pressed(self, key: str) -> str | None:
        if key in _MODIFIERS:
            self._held.setdefault(key, False)
            return None
        if key in self._down:
            return None
        self._down.add(key)
        held = [name for name in _MODIFIERS if name in self._held]
        self._held = dict.fromkeys(self._held, True)
        if held == ["Shift"] and len(key) == 1:
            held = []
        name = "Space" if key == " " else key.upper() if held and len(key) == 1 else key
        return "+".join([*(_MODIFIERS[modifier] for modifier in held), name])

    def _released(self, key: str, notes: Notes) -> str | None:
        if key in self._held:
            return None if self._held.pop(key) else _MODIFIERS[key]
        if key not in self._down:
            notes.add("A key is released that was not pressed in this recording; the step was left out.")
        self._down.discard(key)
        return None


def before_changes(steps: Sequence[Mapping[str, Any]]) -> frozenset[int]:
    """Indexes of the key steps with nothing but key steps between them and a `change`."""
    found = set()
    leads_to_change = False
    for index in range(len(steps) - 1, -1, -1):
        kind = steps[index].get("type")
        if kind not in KEY_TYPES:
            leads_to_change = kind == "change"
        elif leads_to_change:
            found.add(index)
    return frozenset(found)


def only_types(press: str) -> bool:
    """Whether the press only edits the text of the field that has the focus."""
    return len(press) == 1 or press in _EDITING or press.startswith("Shift+Arrow")
