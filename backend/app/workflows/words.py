"""Words for searching, the same on every database: small letters, no accents, addresses in their parts."""

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import unquote

MAX_WORD = 64
MAX_CHARACTERS = 200_000
"""Of all words of one workflow together: below what one row of PostgreSQL's index may hold."""

_ASCII_WORD = re.compile(r"[a-z0-9]+")
# Chinese and Japanese are written without spaces: each of their characters counts as a word.
_ALONE = "\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_ALONE}]|(?:(?![{_ALONE}])[^\W_])+")


def words_of(texts: Iterable[str | None]) -> list[str]:
    """The distinct words of these texts, in the order in which they first occur."""
    found: dict[str, None] = {}
    room = MAX_CHARACTERS
    for text in dict.fromkeys(texts):
        for whole in _split(text) if text else ():
            word = whole[:MAX_WORD]
            if word not in found:
                room -= len(word) + 1
                if room < 0:
                    return list(found)
                found[word] = None
    return list(found)


def _split(text: str) -> list[str]:
    if "%" in text:
        text = unquote(text)
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return _WORD.findall("".join(c for c in spread if unicodedata.category(c)[0] not in "MC" or c.isspace()))
