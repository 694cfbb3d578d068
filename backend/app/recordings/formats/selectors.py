"""What the last element of a CSS or XPath selector tells of itself: its tag and attributes."""

import re
from itertools import islice
from typing import NamedTuple

_PREFIX = re.compile(r"^(xpath|pierce|css)[/=]")
_BETWEEN = frozenset(" >+~/\t\n")
_CLOSED_BY = {"[": "]", "(": ")", '"': '"', "'": "'"}
_TAG = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?=[.#:\[]|$)")
_ID = re.compile(r"#(?P<id>(?:[\w-]|\\[0-9a-fA-F]{1,6} ?|\\.)+)")
_ATTRIBUTE = re.compile(
    r"""[\[@](?P<key>[A-Za-z][\w-]{0,99})\s?=\s?(?:"(?P<double>[^"\\]*)"|'(?P<single>[^'\\]*)'|(?P<bare>[\w-]+)\])"""
)
_TOKEN = re.compile(r"\\[0-9a-fA-F]{1,6} ?|\\.|.", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:(?P<code>[0-9a-fA-F]{1,6}) ?|(?P<sign>.))")
_MOST_ATTRIBUTES = 10
_LAST_CODE_POINT = 0x10FFFF


class Element(NamedTuple):
    """Nothing is known of the rest."""

    tag: str | None
    attributes: dict[str, str | None]


def last_element(selector: str) -> Element:
    """Read from `div > input#email[type="text"]` or `//*[@id="email"]/input[2]`."""
    own, conditions = _last_part(_PREFIX.sub("", selector).strip())
    tag = _TAG.match(own.rpartition("::")[2])
    attributes: dict[str, str | None] = {}
    if match := _ID.search(own):
        attributes["id"] = _unescaped(match["id"])
    for match in islice(_ATTRIBUTE.finditer(conditions), _MOST_ATTRIBUTES):
        attributes.setdefault(match["key"], match["double"] or match["single"] or match["bare"] or "")
    return Element(tag[0] if tag else None, attributes)


def _last_part(selector: str) -> tuple[str, str]:
    """The part behind the last combinator: what stands outside of brackets, and what stands in square ones."""
    own: list[str] = []
    conditions: list[str] = []
    open_: list[str] = []
    for token in _TOKEN.findall(selector):
        kept = conditions if open_[:1] == ["["] else own
        if open_ and token == _CLOSED_BY[open_[-1]]:
            open_.pop()
        elif token in _CLOSED_BY and (not open_ or open_[-1] in "[("):
            open_.append(token)
            kept = conditions if open_[0] == "[" else own
        elif not open_ and token in _BETWEEN:
            own, conditions = [], []
            continue
        kept.append(token)
    return "".join(own), "".join(conditions)


def _unescaped(name: str) -> str:
    return _ESCAPE.sub(_meant, name)


def _meant(match: re.Match[str]) -> str:
    if match["sign"]:
        return match["sign"]
    code = int(match["code"], 16)
    return chr(code) if 0 < code <= _LAST_CODE_POINT and not 0xD800 <= code < 0xE000 else "\ufffd"
