"""Where a value that was entered stands in a text: whole, in other case or punctuation, cut off, or a part of it."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.labeling.outgoing.shapes import KINDS, without_shapes

SHORTEST = 4
"""Letters and digits of a value from which on it is looked for in the texts of other steps too."""
_SHORTEST_WITH_DIGIT = 3
_SHORTEST_LOOSE = 10
"""From so many letters on a value is no part of another word by chance."""
_PHRASE = 4
"""So many words in a row are taken for a part of a long value."""
_TELLING_WORD, _TELLING_NAME = 5, 3
"""Letters and digits from which on one word of a value gives it away: a number or token, a part of a person's name."""

_WORD = re.compile(r"[^\W_]+")
_GAP = r"[\W_]+"
_NUMBER_GAP = r"[\W_]{0,2}"
_BEFORE, _BEHIND = r"(?<![^\W_])", r"(?![^\W_])"
_ELLIPSIS = re.compile(r"\s*(?:…|\.\.\.)")


@dataclass(frozen=True, slots=True)
class _Pattern:
    begins: str
    """Stands in every text that the expression finds anything in, small letters taken."""
    expression: str

    def may_stand_in(self, folded: str) -> bool:
        return self.begins in folded


@dataclass(frozen=True, slots=True)
class Value:
    """A value, and what stands in a text in its place."""

    text: str
    placeholder: str
    by_word: bool = False
    """Each of its words stands for it: it is the name of a person."""
    words: list[str] = field(init=False, compare=False)
    """In small letters."""
    exact: tuple[_Pattern, ...] = field(init=False, compare=False)
    """Finds an email address, a card number, … before every such thing is masked by its shape."""
    whole: tuple[_Pattern, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        text = in_one_form(self.text.strip())
        object.__setattr__(self, "words", [word.lower() for word in _WORD.findall(text)])
        masked = without_shapes(text)
        is_shape = masked in KINDS
        exact = _Pattern(text.lower()[:1], rf"(?<![\w@.+-]){re.escape(text)}(?![\w@-]|\.\w)")
        object.__setattr__(self, "exact", (exact,) if is_shape else ())
        whole = [*_whole(text)] if is_shape or masked == text else [*_whole(text), *_whole(masked)]
        if len(self.words) > 1:
            whole += [pattern for word in dict.fromkeys(filter(self._tells, self.words)) for pattern in _whole(word)]
        object.__setattr__(self, "whole", tuple(whole))

    def _tells(self, word: str) -> bool:
        if any(map(str.isdigit, word)):
            return len(word) >= _TELLING_WORD
        return self.by_word and len(word) >= _TELLING_NAME

    @property
    def telling(self) -> bool:
        """Whether it is long enough to be looked for everywhere."""
        least = _SHORTEST_WITH_DIGIT if any(char.isdigit() for char in self.text) else SHORTEST
        return sum(map(len, self.words)) >= least


def in_one_form(text: str) -> str:
    """Composed characters, so that the same word is the same characters."""
    return unicodedata.normalize("NFC", text)


def parts(text: str, value: Value) -> Iterator[tuple[int, int]]:
    """Where rows of four and more words of a long value stand, as a page shows the beginning of a note."""
    if len(value.words) <= _PHRASE:
        return
    rows = {tuple(row) for row in zip(*(value.words[at:] for at in range(_PHRASE)), strict=False)}
    found = list(_WORD.finditer(text))
    words = [match[0].lower() for match in found]
    start, end = -1, -1
    for at in range(len(words) - _PHRASE + 1):
        if tuple(words[at : at + _PHRASE]) not in rows:
            continue
        if at > end:
            if end >= 0:
                yield found[start].start(), found[end].end()
            start = at
        end = at + _PHRASE - 1
    if end >= 0:
        yield found[start].start(), found[end].end()


def beginnings(text: str, value: Value) -> Iterator[tuple[int, int]]:
    """Where the beginning of the value stands before an ellipsis: `Quarterly rep…`."""
    folded = in_one_form(value.text.strip()).lower()
    for match in _ELLIPSIS.finditer(text):
        before = text[: match.start()].lower()
        for length in range(min(len(before), len(folded) - 1), SHORTEST - 1, -1):
            start = len(before) - length
            if before.endswith(folded[:length]) and not before[max(0, start - 1) : start].isalnum():
                yield start, match.start()
                break


def _whole(text: str) -> Iterator[_Pattern]:
    words = _WORD.findall(text)
    if not words:
        if len(text) > 1:
            yield _Pattern(text[0].lower(), re.escape(text))
        return
    weight = sum(map(len, words))
    digits = sum(char.isdigit() for char in text)
    if weight < 2:
        yield _Pattern(words[0].lower(), rf"\A{re.escape(text)}\Z|(?<=\"){re.escape(text)}(?=\")")
    elif digits >= 6 and digits >= 0.6 * weight and weight <= 40:
        yield _Pattern(words[0][0].lower(), _bounded(_NUMBER_GAP.join(map(re.escape, "".join(words))), words))
    else:
        expression = _GAP.join(map(re.escape, words))
        bounded = expression if weight >= _SHORTEST_LOOSE else _bounded(expression, words)
        yield _Pattern(words[0].lower(), rf"\[?{bounded}" if text.startswith("[") else bounded)


def _bounded(expression: str, words: list[str]) -> str:
    """Only as whole words, in scripts that have words with spaces between them."""
    before = _BEFORE if _ends_a_word(words[0][0]) else ""
    behind = _BEHIND if _ends_a_word(words[-1][-1]) else ""
    return f"{before}{expression}{behind}"


def _ends_a_word(char: str) -> bool:
    return char.isdigit() or char.lower() != char.upper()
