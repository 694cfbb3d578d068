"""A model's words made fit for a label: one line, plain quotes, one full stop.

What would have to be cut out for that, such as an address, is refused instead.
"""

import re
import unicodedata

from app.core.secrets_in_text import HIDDEN
from app.labeling.rules.wording import ADDRESS, MARKUP, cut, tidy

LONGEST_INSTRUCTION = 300
LONGEST_HEADING = 60
LONGEST_NAME = 80
LONGEST_DESCRIPTION = 300
MOST_LABEL_WORDS = 5

INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffc\ue000-\uf8ff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
"""Characters that a reader does not see and a model does: zero-width, direction, variation, tags, private use."""

_DOUBLE = re.compile("[“”„‟«»″＂]")
_SINGLE_QUOTED = re.compile(r"(?<![\w'])['‘‚`‹]([^'‘’‚`‹›\"]{1,80})['’`›](?![\w'])")
_EMPHASIS = re.compile(r"(?<!\*)\*\*([^*\"]{1,80})\*\*(?!\*)|(?<!_)__([^_\"]{1,80})__(?!_)")
_QUOTED_EMPHASIS = re.compile(r"\"(?:\*\*|__)([^*_\"]{1,80})(?:\*\*|__)\"|(?:\*\*|__)\"([^*_\"]{1,80})\"(?:\*\*|__)")
_SIMPLE_TAG = re.compile(r"</?(?:b|i|em|strong|u|mark|code|kbd)\s*>", re.IGNORECASE)
_LINK = re.compile(r"\]\(|\bhttps?\b", re.IGNORECASE)
_DOMAIN = re.compile(r"(?<![\w@.-])(?:[\w-]+\.)+[a-z]{2,24}(?![\w-])(?P<path>/\S*)?", re.IGNORECASE)
_MAIL = re.compile(r"[^\s@\"'(]+@[^\s@\"']+\.\w+")
PLACEHOLDER = re.compile(r"\{[^{}]{0,40}\}")
_KIND = re.compile(r"\[[A-Za-z][A-Za-z _-]{1,30}\]")
_KINDS = frozenset({"[card number]", "[IBAN]", "[token]", "[private key]"})
"""Stand in stored texts where a secret was."""
_END = re.compile(r"(?:[\s.!?…;:,。！？])+$")


def shown(text: str) -> str:
    """What a reader would see of the text, on one line."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    visible = INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    spaced = "".join(" " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char for char in visible)
    return " ".join(spaced.split())


def sentence(text: str) -> str:
    """With names in straight quotes, a capital at the beginning and one full stop."""
    text = _QUOTED_EMPHASIS.sub(lambda match: f'"{match[1] or match[2]}"', _SIMPLE_TAG.sub("", shown(text)))
    text = _EMPHASIS.sub(lambda match: f'"{match[1] or match[2]}"', _DOUBLE.sub('"', text))
    if '"' not in text:
        text = _SINGLE_QUOTED.sub(r'"\1"', text)
    text = re.sub(r'"\s*([^"]*?)\s*"', r'"\1"', text)
    text = re.sub(r'\.(")\s*$', r"\1", text)
    text = _END.sub("", text)
    if not text:
        return ""
    return f"{text[0].upper()}{text[1:]}."


def name(text: str) -> str:
    """A control's short name: without quotes, markup and the marks behind it, in a few words."""
    text = _SIMPLE_TAG.sub("", shown(text)).strip("\"'“”„«»‘’`*_ ")
    return cut(tidy(text), words=MOST_LABEL_WORDS).rstrip(" .:;,…*")


def heading(text: str) -> str | None:
    """A section's heading, or None if it is none."""
    text = name_like(text)
    return text if 0 < len(text) <= LONGEST_HEADING else None


def title(text: str) -> str | None:
    """A workflow's name, or None if it is none."""
    text = name_like(text)
    return text if 0 < len(text) <= LONGEST_NAME else None


def description(text: str) -> str | None:
    """What a workflow does, or None if it cannot be used."""
    text = _DOUBLE.sub('"', _SIMPLE_TAG.sub("", shown(text)))
    return text if 0 < len(text) <= LONGEST_DESCRIPTION else None


def name_like(text: str) -> str:
    """On one line, without full stop and quotes around it, with a capital."""
    text = _SIMPLE_TAG.sub("", shown(text)).strip('"“”„«»`*_# ').rstrip(" .:;,…")
    return text[:1].upper() + text[1:]


def forbidden(text: str, known: str = "") -> str | None:
    """Why no label may hold this, before any value is put back: addresses, links, markup. None: it may.

    `known`: names on the page; `Booking.com` may be one of them.
    """
    if ADDRESS.search(text) or _LINK.search(text) or _names_a_domain(text, known.casefold()):
        return "There is a web address in it."
    if _MAIL.search(text):
        return "There is an email address in it."
    if MARKUP.search(_SIMPLE_TAG.sub("", text)):
        return "There is markup in it."
    return None


def _names_a_domain(text: str, known: str) -> bool:
    return any(match["path"] or match[0].casefold() not in known for match in _DOMAIN.finditer(text))


def left_over(sent: str, restored: str, recorded: str = "") -> str | None:
    """Why no label may hold this after values were put back: something still stands for one. None: nothing does.

    `recorded`: texts of the page, in which brackets may stand for themselves.
    """
    if any(match[0] in restored for match in PLACEHOLDER.finditer(sent)):
        return "It stands for a value that is not known."
    if HIDDEN in sent or any(_is_kind(match[0], recorded) for match in _KIND.finditer(sent)):
        return "It shows what stands for a hidden value."
    return None


def _is_kind(text: str, recorded: str) -> bool:
    return text not in recorded or text in _KINDS
