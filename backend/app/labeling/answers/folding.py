"""Comparing words as a reader does: without case, punctuation, accents' encoding and what cannot be seen."""

import re
import unicodedata
from functools import lru_cache

from app.labeling.answers.cleaning import INVISIBLE

_WORD = re.compile(r"\w+(?:['’]\w+)?")
_ENDINGS = ("'s", "ies", "ing", "es", "ed", "s", "e", "y")
QUOTED = re.compile(r'"([^"]*)"')

_SPACELESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

Words = tuple[str, ...]


def words(text: str) -> Words:
    """The words of a text, folded, in order."""
    if not text.isascii():
        text = INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    text = text.replace("_", " ")
    return tuple(_WORD.findall(text.casefold().replace("’", "'")))


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """`contacts` and `contact`, `creating` and `create` are the same word."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


def stems(text: str) -> frozenset[str]:
    """The words of a text without their endings."""
    return frozenset(map(stem, words(text)))


def contains(text: Words, part: Words) -> bool:
    """Whether the words stand in the text, side by side; scripts without spaces count by their characters."""
    if not part:
        return False
    if without_spaces(part):
        return "".join(part) in "".join(text)
    return any(text[at : at + len(part)] == part for at in range(len(text) - len(part) + 1))


def without_spaces(part: Words) -> bool:
    """Whether it is in a script that sets no spaces between words, or glues endings to them."""
    return any(_SPACELESS.search(word) for word in part)


def quoted(instruction: str) -> list[str]:
    """What stands in quotes."""
    return [text for text in QUOTED.findall(instruction) if text.strip()]


def unquoted(instruction: str) -> str:
    """What stands outside quotes; `""` where something was."""
    return QUOTED.sub('""', instruction)
