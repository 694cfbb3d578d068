"""What a control is called on the screen, and how well that is known."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from app.core.secrets_in_text import mask, suspicious
from app.labeling.rules.controls import Control
from app.labeling.rules.wording import clean, cut, once, refused, usable
from app.workflows.content import Target


class Evidence(StrEnum):
    """Where a name comes from, best first."""

    ACCESSIBLE = "accessible name"
    LABEL = "label"
    TEXT = "own text"
    ATTRIBUTE = "alt or title"
    PLACEHOLDER = "placeholder"
    SELECTOR = "selector"
    NEARBY = "words beside it"
    COLUMN = "column"
    PICTURE = "read from the picture"
    IDENTIFIER = "identifier"
    NONE = "none"


class ControlName(NamedTuple):
    """`text` is empty when the control has no name a person would know; then `evidence` is `NONE`."""

    text: str
    evidence: Evidence


NAMELESS = ControlName("", Evidence.NONE)
MOST_WORDS = 10

HOLDS_CONTENT = frozenset(
    {Control.FIELD, Control.EDITOR, Control.DROPDOWN, Control.LIST, Control.SLIDER, Control.FILE, Control.FORM}
)
"""Their own text is what was typed, or all options at once."""
_NAMED_BY_VALUE = frozenset({"submit", "button", "reset"})
_LONGEST_OWN_TEXT = 120
"""A longer text is that of a whole area, not of the thing that was clicked."""


def control_name(target: Target, control: Control) -> ControlName:
    """The best name there is, fit for a sentence."""
    for text, evidence in _candidates(target, control):
        if name := fit(text):
            return ControlName(name, evidence)
    return NAMELESS


def fit(text: str, *, words: int = MOST_WORDS) -> str:
    """The text as a name: cleaned, without secrets, at most 60 characters; empty if it is refused."""
    if len(text) > _LONGEST_OWN_TEXT and "\n" in text:
        text = text.strip().partition("\n")[0]
    name = once(clean(_SHORTCUT.sub("", text)))
    if not name or not usable(name) or refused(text):
        return ""
    if suspicious(name):
        name = _HIDDEN.sub("", mask(name)[0])
        if "•" in name:
            return ""
        name = clean(name)
    if _PERSONAL.search(name):
        name = clean(_PERSONAL.sub("", name))
    return cut(name, words=words) if name and usable(name) else ""


_HIDDEN = re.compile(r"\[[^\]]*\]")
"""What stands for a secret in a masked text."""
_SHORTCUT = re.compile(r"(?<=\S)\s+(?:(?:Ctrl|Control|Cmd|Alt|Option|Shift|Meta)\+)+\S{1,10}\s*$")
"""What a menu says of its command beside its name."""
_PERSONAL = re.compile(
    r"[^\s@<(\[]+@[^\s@]+\.\w+|\+\d[\d\s().-]{7,}\d|(?<![\w-])\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}(?![\w-])"
)
"""Somebody's email address or phone number, which is not what a control is called."""


def _candidates(target: Target, control: Control) -> Iterator[tuple[str, Evidence]]:
    if target.name and target.context.label and _is_explained(target.name, target.context.label):
        yield target.context.label, Evidence.LABEL
    if target.name:
        yield target.name, Evidence.ACCESSIBLE
    yield from _on_screen(target, control)
    for text in _in_selectors(target):
        yield text, Evidence.SELECTOR
    if target.context.column and control in HOLDS_CONTENT:
        yield target.context.column, Evidence.COLUMN
    words = [readable(text) for text in _identifiers(target)]
    if control in HOLDS_CONTENT and (text := _agreeing(target.context.nearby, words)):
        yield text, Evidence.NEARBY
    for text in words:
        yield text, Evidence.IDENTIFIER
    if target.context.row and control in HOLDS_CONTENT:
        yield target.context.row, Evidence.NEARBY


def _is_explained(name: str, label: str) -> bool:
    """Whether the accessible name goes on after the label, with an explanation that stands below it."""
    return name.startswith(label) and name.count(" ") >= MOST_WORDS


_MOST_WORDS_BESIDE = 6


def _agreeing(nearby: str | None, identifiers: list[str]) -> str:
    """The words beside a field if an identifier says the same: "Date" beside `datepicker` is its label."""
    if not nearby or nearby.count(" ") >= _MOST_WORDS_BESIDE:
        return ""
    shown = [word for word in nearby.lower().split() if len(word) >= _LONG_ENOUGH]
    meant = [word for name in identifiers for word in name.lower().split() if len(word) >= _LONG_ENOUGH]
    agree = any(one.startswith(other) or other.startswith(one) for one in shown for other in meant)
    return nearby if agree else ""


_LONG_ENOUGH = 4


def _on_screen(target: Target, control: Control) -> Iterator[tuple[str, Evidence]]:
    attributes, context = target.attributes, target.context
    if text := attributes.get("aria-label"):
        yield text, Evidence.LABEL
    if (text := attributes.get("value")) and control is Control.BUTTON and attributes.get("type") in _NAMED_BY_VALUE:
        yield text, Evidence.TEXT
    if context.label:
        yield context.label, Evidence.LABEL
    if (text := target.text) and control not in HOLDS_CONTENT and _is_own(text, control):
        yield text, Evidence.TEXT
    for key in _DESCRIBING:
        if text := attributes.get(key):
            yield text, Evidence.PLACEHOLDER if key in _PLACEHOLDERS else Evidence.ATTRIBUTE
    if context.placeholder:
        yield context.placeholder, Evidence.PLACEHOLDER


_PLACEHOLDERS = ("placeholder", "aria-placeholder")
_DESCRIBING = ("alt", "title", "data-tooltip", *_PLACEHOLDERS)


def _is_own(text: str, control: Control) -> bool:
    return len(text) <= _LONGEST_OWN_TEXT or (control is not Control.OTHER and control is not Control.ROW)


_SELECTOR_NAME = re.compile(
    r"^aria/(?!\[)(?P<aria>.+?)(?:\[role=.*\])?$|^text/(?P<text>.+)$|^internal:role=\w+\[name=\"(?P<role>.+?)\"[is]?\]"
    r"|^internal:(?:label|text)=\"(?P<label>.+?)\"[is]?"
    r"|^internal:attr=\[(?:placeholder|title|alt)=\"(?P<attr>.+?)\"[is]?\]",
    re.DOTALL,
)
_SELECTOR_ID = re.compile(
    r"(?:^|[\s>])(?:[a-z]+)?#(?P<id>[A-Za-z][\w-]*)$"
    r"|\[(?:name|id|data-testid|data-test|data-cy)=\\?[\"']?(?P<name>[\w.$\[\]-]+?)\\?[\"']?[is]?\]"
)


def _last_selectors(target: Target) -> Iterator[str]:
    for selector in target.selectors:
        if isinstance(selector, str):
            yield selector
        elif selector:
            yield selector[-1]


def _in_selectors(target: Target) -> Iterator[str]:
    """Recorders that keep no element text (DevTools, Playwright) find the control by its name."""
    for selector in _last_selectors(target):
        if match := _SELECTOR_NAME.match(selector):
            yield match[match.lastgroup or 0]


def _identifiers(target: Target) -> Iterator[str]:
    attributes = target.attributes
    for key in ("name", "data-testid", "data-test", "data-cy", "id"):
        if text := attributes.get(key):
            yield text
    for selector in _last_selectors(target):
        if match := _SELECTOR_ID.search(selector):
            yield match[match.lastgroup or 0]


_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_JOINTS = re.compile(r"[-_.:$\[\]\s/]+")
_MADE_UP = re.compile(
    r"(?=.*\d)(?=.*[a-z])[a-z\d]{5,}|\d{3,}|(?=.*\d)[\da-f]{4,}|[bcdfghjklmnpqrstvwxz]{5,}|r\d+\w?", re.IGNORECASE
)
"""Hashes, counters and letters without a vowel: no person wrote them."""
_NUMBERED = re.compile(r"([a-z]{4,})(\d{1,2})", re.IGNORECASE)
_GENERATORS_TEXT = """
react ember ext gen mui mat radix headlessui yui gwt isc cdk rc uid uuid guid jss css sc chakra vaadin downshift
reach aria ng vue svelte auto cell node comp component view widget tippy popper floating rs dijit kendo
"""
_GENERATORS = frozenset(_GENERATORS_TEXT.split())
_PREFIXES_TEXT = """
id txt btn ddl chk lbl cb tb rb cmb sel inp fld frm ctl main
"""
_PREFIXES = frozenset(_PREFIXES_TEXT.split())
_KINDS_TEXT = """
button btn input field textfield textbox txt select dropdown checkbox link control ctrl box combobox radio
toggle
"""
_KINDS = frozenset(_KINDS_TEXT.split())
_EMPTY_TEXT = """
text item container wrapper root content value form element div span a p li ul row col id el app page section
menu tab label icon image img main header footer body modal dialog popup data test testid new old
"""
_EMPTY_WORDS = _KINDS | frozenset(_EMPTY_TEXT.split())
_MOST_TOKENS = 5


def readable(identifier: str) -> str:
    """`first-name` is "First name", `id_userEmail` is "User email"; empty for generated ids and hashes."""
    if len(identifier) > 60 or not identifier.isascii():
        return ""
    identifier = identifier.rpartition("$")[2]
    tokens = [token for part in _JOINTS.split(_CAMEL.sub(" ", identifier)) if part for token in _numbered(part)]
    if not tokens or tokens[0].lower() in _GENERATORS or not all(map(str.isalnum, tokens)):
        return ""
    if any(map(_MADE_UP.fullmatch, tokens)):
        return ""
    words = [token if token.isupper() and 1 < len(token) <= 4 else token.lower() for token in tokens]
    while len(words) > 1 and (words[0].lower() in _PREFIXES):
        del words[0]
    while len(words) > 1 and words[-1].lower() in _KINDS:
        del words[-1]
    if not any(map(_tells, words)) or len(words) > _MOST_TOKENS:
        return ""
    text = " ".join(words)
    return text[0].upper() + text[1:]


_UNSPOKEN = re.compile(r"[bcdfghjklmnpqrstvwxz]{2,4}\d{0,2}")
_SPOKEN_TEXT = """
bcc cc css csv cvv cvc db dns ftp gps gst hr html http https jpg json kb km lbs mb mr mrs ms nft pdf phd php png
pwd qr qty rss sms smtp sql src ssh ssl ssn svg tcp tls tv txt tz vat vm vpn xml
"""
_SPOKEN = frozenset(_SPOKEN_TEXT.split())


def _tells(word: str) -> bool:
    """Whether a person would know the word: `tt1` is none."""
    if len(word) < 2 or word.isdigit() or word.lower() in _EMPTY_WORDS:
        return False
    return not _UNSPOKEN.fullmatch(word) or word in _SPOKEN


def _numbered(token: str) -> tuple[str, ...]:
    """`address2` is two words; `x2` and hashes stay whole."""
    match = _NUMBERED.fullmatch(token)
    return match.groups() if match else (token,)
