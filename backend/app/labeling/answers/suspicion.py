"""Texts of a page that speak to a model instead of to a person.

Such a text may not vouch for a single word of a label. The signs are a second line: the first is that a label has to
name the control that was used, whatever the page says. A sign that is missing here costs a flag, not the defence.
"""

import base64
import binascii
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from app.labeling.answers import signs
from app.labeling.answers.cleaning import shown

MOST_OWN_WORDS = 5


class Split(NamedTuple):
    """A text's words that may be believed and those that may not."""

    trusted: str
    suspect: str


_SHORTEST_RUN = 16
_BASE64 = re.compile(rf"[A-Za-z0-9+/_-]{{{_SHORTEST_RUN},}}={{0,2}}")
_SPACED_OUT = re.compile(r"(?<!\w)(?:\w[ .\-_·]){5,}\w(?!\w)")
_LOOKALIKES = str.maketrans("аеорсхуіѕјԁɡιαερο", "aeopcxyisjdgiaepo")
_FIRST_SENTENCE = re.compile(r"[^.!?:;|\n\"“«(){}\[\]<>—–]*")


@lru_cache(maxsize=1024)
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
    plain = text.casefold() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    if signs.speaks_to_a_model(plain):
        return True
    undone = _SPACED_OUT.sub(lambda match: re.sub(r"[ .\-_·]", "", match[0]), plain)
    if not undone.isascii():
        undone = undone.translate(_LOOKALIKES)
    return undone != plain and signs.speaks_to_a_model(undone)


def _decoded(text: str) -> str:
    """What is written in tag characters, which nobody sees, or in base64, which nobody reads."""
    tags = (
        ""
        if text.isascii()
        else "".join(chr(ord(char) - 0xE0000) for char in text if "\U000e0020" <= char <= "\U000e007e")
    )
    runs = _BASE64.findall(text) if len(text) >= _SHORTEST_RUN else ()
    return " ".join(filter(None, (tags, *map(_from_base64, runs))))


def _from_base64(run: str) -> str:
    try:
        plain = base64.b64decode(run + "=" * (-len(run) % 4), altchars=b"-_" if "-" in run or "_" in run else None)
        found = plain.decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
    return found if found.isprintable() and " " in found else ""
