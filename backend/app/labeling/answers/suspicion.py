"""Texts of a page that speak to a model instead of to a person.

Such a text may not vouch for a single word of a label. The signs are a second line: the first is that a label has to
name the control that was used, whatever the page says. A sign that is missing here costs a flag, not the defence.
"""

import base64
import binascii
import re
import unicodedata
from typing import NamedTuple

from app.labeling.answers.cleaning import shown
from app.labeling.answers.signs import SIGN

MOST_OWN_WORDS = 5


class Split(NamedTuple):
    """A text's words that may be believed and those that may not."""

    trusted: str
    suspect: str


_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_SPACED_OUT = re.compile(r"(?<!\w)(?:\w[ .\-_·]){5,}\w(?!\w)")
_LOOKALIKES = str.maketrans("аеорсхуіѕјԁɡΙΑΕΟΡ", "aeopcxyisjdgIAEOP")
_FIRST_SENTENCE = re.compile(r"[^.!?:;|\n\"“«(){}\[\]<>—–]*")


def split(text: str, *, own: bool = False) -> Split:
    """Believe all of a text that has no sign; of one that has, at most the first words, if it is a control's `own`."""
    hidden = _decoded(text)
    visible = shown(text)
    if not speaks_to_a_model(visible):
        return Split(visible, hidden)
    head = _FIRST_SENTENCE.match(visible)
    first = head[0].strip() if head and own else ""
    if len(first.split()) > MOST_OWN_WORDS or speaks_to_a_model(first):
        first = ""
    return Split(first, f"{visible[len(first) :]} {hidden}")


def speaks_to_a_model(text: str) -> bool:
    """Whether there is a sign that the text is an order for a program that reads it."""
    plain = unicodedata.normalize("NFKC", text)
    if SIGN.search(plain):
        return True
    undone = _SPACED_OUT.sub(lambda match: re.sub(r"[ .\-_·]", "", match[0]), plain)
    return bool(SIGN.search(undone.translate(_LOOKALIKES)))


def _decoded(text: str) -> str:
    """What is written in tag characters, which nobody sees, or in base64, which nobody reads."""
    tags = "".join(chr(ord(char) - 0xE0000) for char in text if 0xE0020 <= ord(char) <= 0xE007E)
    return " ".join(filter(None, (tags, *map(_from_base64, _BASE64.findall(text)))))


def _from_base64(run: str) -> str:
    try:
        plain = base64.b64decode(run + "=" * (-len(run) % 4), altchars=b"-_" if "-" in run or "_" in run else None)
        found = plain.decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
    return found if found.isprintable() and " " in found else ""
