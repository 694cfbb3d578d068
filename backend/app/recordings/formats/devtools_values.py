"""What a `change` of the DevTools Recorder did: it says neither what was changed nor whether that is a secret."""

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

_PASSWORD = re.compile(
    r"pass[-_ ]?(word|wort|wd|phrase|code)|\bpwd\b|kennwort|contraseña|mot de passe|senha|пароль|密码|パスワード", re.I
)
_SECRET = re.compile(
    r"\b(cvv|cvc|csc|pin|otp|totp|mfa|2fa)\b|card[-_ ]?number|security[-_ ]?code|verification[-_ ]?code|one[-_ ]?time"
    r"|secret|(api|access|private)[-_ ]?(key|token)|\btoken\b",
    re.I,
)


def changed(target: Target | None, value: Any, notes: Notes) -> dict[str, Any]:
    """Action, value and kind of the step."""
    if isinstance(value, bool | int | float):
        value = str(value).lower()
    if target is not None and (kind := _secret_kind(target)):
        notes.add("The value was left out: going by its name, the field takes a secret.")
        return {"action": Action.INPUT, "value": None, "value_kind": kind}
    if target is not None and _is_check(target):
        return {"action": _checked(value), "value": None, "value_kind": None}
    kept = notes.text(value, "value", 5_000)
    if target is not None and _is_list(target):
        return {"action": Action.SELECT, "value": kept, "value_kind": "option"}
    return {"action": Action.INPUT, "value": kept, "value_kind": "text"}


def _secret_kind(target: Target) -> str | None:
    words = " ".join(filter(None, [target.name, *target.attributes.values(), *_flat(target)]))
    return "password" if _PASSWORD.search(words) else "secret" if _SECRET.search(words) else None


def _is_check(target: Target) -> bool:
    return target.role in _CHECK_ROLES or any(_CHECK_TYPES.search(selector) for selector in _flat(target))


def _is_list(target: Target) -> bool:
    return target.tag == "select" or (target.role in _LIST_ROLES and target.tag not in _TEXT_TAGS)


def _checked(value: Any) -> Action:
    word = value.lower() if isinstance(value, str) else None
    return Action.CHECK if word in _ON else Action.UNCHECK if word in _OFF else Action.TOGGLE


def _flat(target: Target) -> list[str]:
    return [part for selector in target.selectors for part in ([selector] if isinstance(selector, str) else selector)]
