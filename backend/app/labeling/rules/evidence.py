"""The short name beside a sentence, and how far both can be trusted."""

from app.labeling.rules.controls import Control
from app.labeling.rules.keys import key_name
from app.labeling.rules.names import Evidence
from app.labeling.rules.phrases import Facts
from app.labeling.rules.secret_fields import secret_of
from app.labeling.rules.wording import cut
from app.labeling.style import MOST_LABEL_WORDS
from app.workflows.content import Action

_SURE = {
    Evidence.ACCESSIBLE: 0.9,
    Evidence.LABEL: 0.9,
    Evidence.TEXT: 0.85,
    Evidence.ATTRIBUTE: 0.8,
    Evidence.SELECTOR: 0.75,
    Evidence.PLACEHOLDER: 0.7,
    Evidence.NEARBY: 0.65,
    Evidence.COLUMN: 0.6,
    Evidence.PICTURE: 0.55,
    Evidence.IDENTIFIER: 0.45,
    Evidence.NONE: 0.15,
}
_NAMELESS_BUT_PLACED = 0.3
_UNKNOWN_VALUES = frozenset({"a value", "the text"})


def confidence(facts: Facts, times: int) -> float | None:
    """0–1, by where the name comes from; less for an unknown control, an unknown value, a sentence said before."""
    action = facts.step.action
    if action is Action.NOTE:
        return None
    if action is Action.NAVIGATE:
        sure = 0.9 if facts.page else 0.5 if facts.name_of_page else 0.15
    elif action is Action.PRESS:
        sure = 0.95 if key_name(facts.step.value or "") else 0.15
    elif action is Action.SCROLL and not facts.name:
        sure = 0.6
    else:
        sure = _SURE[facts.evidence]
        if not facts.name and facts.place:
            sure = _NAMELESS_BUT_PLACED
        if facts.control is Control.OTHER:
            sure -= 0.1
    sure -= 0.05 * (facts.value in _UNKNOWN_VALUES) + 0.1 * (times > 1)
    return round(max(sure, 0.05), 2)


def field_label(facts: Facts) -> str:
    """The control's short name alone, in one to five words."""
    action = facts.step.action
    if action is Action.NOTE:
        return "Note"
    if action is Action.NAVIGATE:
        return _short(facts.name_of_page) or "Page"
    if action is Action.PRESS:
        return key_name(facts.step.value or "").removeprefix("the ").removesuffix(" key") or "Key"
    return _short(facts.name) or _kind(facts)


def _kind(facts: Facts) -> str:
    """What a nameless control is called: by the secret it takes, else by its kind."""
    if secret := secret_of(facts.step):
        return _capital(secret.words)
    if facts.step.action is Action.SCROLL:
        return "Page"
    if facts.glyph:
        return _capital(facts.glyph)
    if facts.control is not Control.OTHER:
        return _capital(facts.control.value)
    return _capital(_WRITTEN_INTO.get(facts.step.action, Control.OTHER.value))


_WRITTEN_INTO = {
    Action.INPUT: "field", Action.PASTE: "field", Action.SELECT: "dropdown", Action.CHECK: "checkbox",
    Action.UNCHECK: "checkbox", Action.UPLOAD: "file field", Action.SUBMIT: "form", Action.COPY: "text",
}  # fmt: skip


def _short(name: str) -> str:
    return cut(name, words=MOST_LABEL_WORDS).rstrip(" .:;,…*") if name else ""


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
