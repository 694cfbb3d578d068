"""Every text that leaves for a model passes here: cleaned, without values and secrets, cut. What fails is left out."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

import structlog

from app.core.addresses import clean_address
from app.labeling.outgoing.shapes import KINDS, without_shapes
from app.labeling.outgoing.values import Value, beginnings, in_one_form, parts
from app.labeling.rules.wording import visible

log = structlog.get_logger(__name__)

OWN = "{value}"
"""Stands for what was entered in the step itself."""
PLACEHOLDER = re.compile(r"\{value(?: of step \d+)?\}")

_LIKE_OURS = re.compile(r"\{(?=\s*value)", re.IGNORECASE)
_BRACES = str.maketrans("{}", "()")
_KEPT = "|".join(re.escape(kind) for kind in KINDS)
_ADDRESS = re.compile(
    r"\b[a-z][a-z0-9+.-]{0,20}:/{2,}[^\s\"'<>]+|\bwww\.[^\s\"'<>]+|\b(?:data|javascript|blob):[^\s\"'<>]+",
    re.IGNORECASE,
)
_QUERY = re.compile(r"(?<=[\w/])\?[\w.\[\]%-]+=[^\s\"'<>]*")
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Fillers and variation selectors: they carry words that no person sees, and cut in two what is looked for."""


def of_step(position: int) -> str:
    """Stands for what was entered in another step."""
    return f"{{value of step {position}}}"


@dataclass(slots=True)
class Words:
    """The values that are looked for in the texts of one step (or of the whole workflow), and what was found."""

    own: Value | None
    others: Sequence[Value]
    found: dict[str, set[str]] = field(default_factory=dict)
    """What stood in the texts, by the placeholder that stands there now."""

    def name(self, text: str | None, longest: int) -> str | None:
        """Words of a page on one line, without double quotes, since names stand in them."""
        return self._safely(text, longest, lambda found: found.replace('"', "'"))

    def sentence(self, text: str | None, longest: int) -> str | None:
        """A sentence, which may quote names."""
        return self._safely(text, longest, lambda found: found)

    def address(self, text: str | None, longest: int) -> str | None:
        """An address without user info, query and fragment."""
        return self._safely(text, longest, lambda found: unquote(_address(found)))

    def _safely(self, text: str | None, longest: int, shaped: Callable[[str], str]) -> str | None:
        if not text:
            return None
        try:
            return _cut(self._redacted(_plain(shaped(text))), longest) or None
        except Exception as error:  # noqa: BLE001 - whatever goes wrong, a text that may hold a secret stays here
            log.warning("text_left_out", error=type(error).__name__)
            return None

    def _redacted(self, text: str) -> str:
        values = [self.own, *self.others] if self.own else [*self.others]
        text = self._replace(text, values, exact=True)
        text = without_shapes(text)
        text = self._replace(text, values, exact=False)
        for value in values:
            text = self._cover(text, value)
        return text.replace(f'"{OWN}"', OWN)

    def _replace(self, text: str, values: Sequence[Value], *, exact: bool) -> str:
        """All values in one pass, so that none is looked for in what stands for another."""
        folded = text.lower()
        groups: list[tuple[str, Value]] = []
        for value in values:
            for pattern in value.exact if exact else value.whole:
                if pattern.may_stand_in(folded):
                    groups.append((pattern.expression, value))  # noqa: PERF401 - two levels read better as loops
        if not groups:
            return text
        groups.sort(key=lambda group: (-len(group[1].text), group[1] is not self.own))
        listed = "|".join(f"({expression})" for expression, _ in groups)
        every = re.compile(f"{PLACEHOLDER.pattern}|{listed}|{_KEPT}", re.IGNORECASE)

        def put(match: re.Match[str]) -> str:
            if match.lastindex is None:
                return match[0]
            value = groups[match.lastindex - 1][1]
            self.found.setdefault(value.placeholder, set()).add(match[0])
            return value.placeholder

        return every.sub(put, text)

    def _cover(self, text: str, value: Value) -> str:
        """Parts of the value, wherever no placeholder stands."""
        pieces, at = [], 0
        for kept in [*PLACEHOLDER.finditer(text), None]:
            end = kept.start() if kept else len(text)
            pieces.append(self._covered(text[at:end], value))
            pieces.append(kept[0] if kept else "")
            at = kept.end() if kept else end
        return "".join(pieces)

    def _covered(self, text: str, value: Value) -> str:
        for find in (parts, beginnings):
            for start, end in reversed([*find(text, value)]):
                self.found.setdefault(value.placeholder, set()).add(text[start:end])
                text = f"{text[:start]}{value.placeholder}{text[end:]}"
        return text


def _plain(text: str) -> str:
    """On one line, without what no person sees, and without anything that looks like our placeholders."""
    text = _UNSEEN.sub("", visible(text))
    text = in_one_form(" ".join(text.split()))
    text = _QUERY.sub("", _ADDRESS.sub(lambda found: _address(found[0]), text))
    return text.translate(_BRACES) if _LIKE_OURS.search(text) else text


def _address(text: str) -> str:
    return clean_address(text).partition("#")[0]


def _cut(text: str, longest: int) -> str:
    """At most so many characters, cut between words, and never through a placeholder."""
    if len(text) <= longest:
        return text
    end = longest - 1
    for kept in PLACEHOLDER.finditer(text):
        if kept.start() < end < kept.end():
            end = kept.start()
    head = text[:end]
    at_word = head.rpartition(" ")[0]
    if len(at_word) > longest // 2 and not _cuts_placeholder(text, len(at_word)):
        head = at_word
    return head.rstrip() + "…"


def _cuts_placeholder(text: str, end: int) -> bool:
    return any(kept.start() < end < kept.end() for kept in PLACEHOLDER.finditer(text))
