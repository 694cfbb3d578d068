"""Inline Markdown as other programs write it, made plain text; its pictures taken out."""

import html
import re
from typing import NamedTuple

_IMAGE = re.compile(
    r"!\[(?P<alt>[^\[\]]{0,500})\]\(\s?<?(?P<source>[^)\s>]*)>?[^)\n]{0,300}\)"
    r"|<img\s[^<>]{0,500}?src=[\"'](?P<html>[^\"'<>]*)[\"'][^<>]{0,500}>",
    re.IGNORECASE,
)
_INLINE = re.compile(
    r"\\(?P<sign>[!-/:-@\[-`{-~])"
    r"|\[(?P<text>[^\[\]]{0,500})\]\(\s?<?(?P<link>[^()\s<>]{0,8000})>?(?:\s[^()]{0,300})?\)"
    r"|\[\[(?P<stressed>[^\[\]]{0,300})\]\]"
    r"|<(?P<address>https?://[^<>\s]{1,8000})>"
    r"|`(?P<code>[^`]{1,1000})`"
    r"|(?P<tag></?(?:br|b|i|u|p|em|strong|span|div|figure|figcaption|a|code|sup|sub)\b[^<>]{0,500}>)"
    r"|\*\*|(?<!\w)_{1,2}(?=\S)|(?<=\S)_{1,2}(?!\w)|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)",
    re.IGNORECASE,
)
_WEB = ("http://", "https://")


class Plain(NamedTuple):
    """`lost`: addresses of links that lead nowhere on the web."""

    text: str
    lost: list[str]


def images(line: str) -> tuple[str, list[str]]:
    """The line without its pictures, and where each of them lies."""
    found = [match["source"] or match["html"] or "" for match in _IMAGE.finditer(line)]
    return (_IMAGE.sub(" ", line) if found else line), found


def plain(text: str) -> Plain:
    """The words as one line; a link is its words and, in brackets, its address."""
    lost: list[str] = []

    def said(match: re.Match[str]) -> str:
        if match["link"] is not None:
            words, address = plain(match["text"]).text, html.unescape(match["link"])
            if not address.lower().startswith(_WEB):
                lost.append(address)
                return words
            return words if words == address else f"{words} ({address})" if words else address
        if match["code"] is not None:
            return f'"{match["code"]}"'
        for group in ("sign", "address"):
            if match[group] is not None:
                return match[group]
        if match["stressed"] is not None:
            return plain(match["stressed"]).text
        return " " if match["tag"] else ""

    return Plain(" ".join(html.unescape(_INLINE.sub(said, text)).split()), lost)


def link(text: str) -> tuple[str, str | None]:
    """The words of a text that is a link as a whole, and its web address."""
    match = _INLINE.fullmatch(text.strip())
    if match is None or match["link"] is None:
        return plain(text).text, None
    address = html.unescape(match["link"])
    return plain(match["text"]).text, address if address.lower().startswith(_WEB) else None
