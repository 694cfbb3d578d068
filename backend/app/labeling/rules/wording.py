"""Text of a page made fit to stand in a sentence: cleaned, cut, refused."""

import re

LONGEST_NAME = 60

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffc\ue000-\uf8ff\ud800-\udfff\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)
"""Control characters, bidirectional marks, zero-width and private-use characters (icon fonts)."""

_TAIL_CHARS = frozenset(":…*;,.)：＊▾▼▿▸►▶›»→↓⌄˅")
_TAIL = re.compile(r"(?:\s?(?:[:…*;,：＊▾▼▿▸►▶›»→↓⌄˅]|\.{2,}|\(\s?\d[\d.,]*\+?\s?\)))+$")
_HEAD = re.compile(r"^[*•·‹«›»▸►▶←→↓✓✔,;:\s]+")
_HEAD_CHARS = frozenset("*•·‹«›»▸►▶←→↓✓✔,;: ")
_READABLE = re.compile("[^\\W_]|[\U0001f300-\U0001faff]")

ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{0,30}://|\bwww\.|\b(?:javascript|data|mailto|blob|file):\S", re.IGNORECASE)
MARKUP = re.compile(r"</?[a-z][^<>]*>|<!|<[a-z]+\s+[a-z-]+=|&(?:[a-z]{2,8}|#\d{1,6});|\{\{|\$\{", re.IGNORECASE)
MACHINE = re.compile(
    r"//\*|\[@|nth-(?:child|of-type)|\[(?:data-[\w-]+|aria-[\w-]+|role|type|id|name|class)\s?[*^$~|]?=|queryselector"
    r"|\bxpath\b|>>>|aria/\S|::\w|\b(?:div|span|body|html|ul|li|tr|td)\s?>\s?\w",
    re.IGNORECASE,
)
"""What only a program calls a control."""
_REFUSED = re.compile(f"{ADDRESS.pattern}|{MARKUP.pattern}|{MACHINE.pattern}", re.IGNORECASE)
_REFUSED_CHARS = frozenset(":<&{/[>.")


def visible(text: str) -> str:
    """Without characters that nobody sees; spaces and line ends stay."""
    return text if text.isprintable() else _INVISIBLE.sub("", text)


def tidy(text: str) -> str:
    """One line without invisible characters; double quotes become single ones, since names stand in double quotes."""
    text = " ".join(visible(text).split())
    return text.replace('"', "'") if '"' in text else text


def clean(text: str) -> str:
    """`tidy`, and without marks that are not part of a name: `Email *:`, `Inbox (3)`, `More…`."""
    text = tidy(text)
    if text and text[0] in _HEAD_CHARS:
        text = _HEAD.sub("", text)
    if text and text[-1] in _TAIL_CHARS:
        text = _TAIL.sub("", text)
    return text


def once(text: str) -> str:
    """Without the repetition, if it is several words said twice, as where a picture is called what stands below it."""
    half = text[: len(text) // 2]
    return half if " " in half and text == f"{half} {half}" else text


def usable(text: str) -> bool:
    """Whether a person would read it as words: not empty, not punctuation, an address, markup or a selector."""
    return bool(_READABLE.search(text)) and not refused(text)


def refused(text: str) -> bool:
    """Addresses, markup and selectors have no place in a sentence, not even quoted."""
    return (not _REFUSED_CHARS.isdisjoint(text) or " " not in text) and bool(_REFUSED.search(text))


def cut(text: str, *, words: int, chars: int = LONGEST_NAME) -> str:
    """At most so many words and characters, cut at a word where there is one."""
    if len(text) > chars:
        head, space, _ = text[: chars + 1].rpartition(" ")
        text = head if space else text[:chars]
    if text.count(" ") >= words:
        text = " ".join(text.split(" ")[:words])
    else:
        return text if text[-1:] not in _TAIL_CHARS else clean(text)
    return _loose_end(text)


def _loose_end(text: str) -> str:
    return clean(text.rstrip(" ,;:-–—&/([{|+")) or text


def quote(text: str) -> str:
    """A name or a value as it stands in a sentence."""
    return f'"{text}"'
