"""Keys as they are printed on a keyboard: `control+s` is Ctrl+S."""

import re

from app.workflows.content import Target

_NAMES = {
    "control": "Ctrl", "ctrl": "Ctrl", "controlleft": "Ctrl", "controlright": "Ctrl", "shift": "Shift", "alt": "Alt",
    "option": "Option", "altgraph": "AltGr", "meta": "Cmd", "cmd": "Cmd", "command": "Cmd", "super": "Windows",
    "win": "Windows", "controlormeta": "Ctrl", "mod": "Ctrl", "escape": "Esc", "esc": "Esc", "return": "Enter",
    "enter": "Enter", "numpadenter": "Enter", "\n": "Enter", "\t": "Tab", "tab": "Tab", " ": "Space",
    "space": "Space", "spacebar": "Space", "backspace": "Backspace", "delete": "Delete", "del": "Delete",
    "insert": "Insert", "home": "Home", "end": "End", "pageup": "Page Up", "pagedown": "Page Down",
    "capslock": "Caps Lock", "printscreen": "Print Screen", "contextmenu": "Menu", "plus": "Plus", "+": "Plus",
    "-": "Minus", ",": "Comma", ".": "Period", "/": "Slash", "\\": "Backslash", '"': "Quote", "'": "Apostrophe",
    ";": "Semicolon", ":": "Colon", "?": "Question Mark", "arrowup": "Up", "arrowdown": "Down", "arrowleft": "Left",
    "arrowright": "Right",
}  # fmt: skip
_ARROWS = frozenset({"Up", "Down", "Left", "Right"})
_KNOWN = re.compile(r"f\d{1,2}|[^\W_]", re.IGNORECASE)
_CODE = re.compile(r"(?:Key|Digit|Numpad)([A-Z\d])")
_MOST_KEYS = 4
_LONGEST = 60


def key_name(value: str) -> str:
    """What to press, as `Ctrl+S`, `Enter` or `the Down arrow key`; empty if it is no key."""
    if len(value) > _LONGEST:
        return ""
    keys = [value] if value in _NAMES else value.replace("++", "+plus").split("+")
    names = [_one(key) for key in keys]
    if not names or len(names) > _MOST_KEYS or not all(names):
        return ""
    if len(names) == 1 and names[0] in _ARROWS:
        return f"the {names[0]} arrow key"
    return "+".join(names)


def _one(key: str) -> str:
    if known := _NAMES.get(key) or _NAMES.get(key.strip().lower().replace(" ", "")):
        return known
    key = key.strip()
    if match := _CODE.fullmatch(key):
        return match[1]
    return key.upper() if _KNOWN.fullmatch(key) and len(key.upper()) <= 3 else ""


_HELD = frozenset({"Control", "Meta", "Alt", "Shift"})


def keys_held(target: Target | None) -> list[str]:
    """The keys that were held while it was clicked, as the recorder says them."""
    told = target.attributes.get("data-wp-keys") if target else None
    return [key for key in (told or "").split("+") if key in _HELD]


def is_middle_click(target: Target | None) -> bool:
    """Whether it was clicked with the mouse's middle button, which opens a link in a tab beside."""
    return target is not None and target.attributes.get("data-wp-button") == "middle"
