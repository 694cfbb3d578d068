"""Whether the words of a label come from the page, and from a part of it that may be believed."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.labeling.answers.cleaning import PLACEHOLDER
from app.labeling.answers.folding import Words, contains, quoted, stem, stems, unquoted, without_spaces, words
from app.labeling.answers.plain_words import PLAIN
from app.labeling.answers.suspicion import split
from app.labeling.answers.told import Told
from app.labeling.rules.controls import Control, control_of
from app.labeling.rules.keys import key_name
from app.labeling.rules.names import ControlName, Evidence, control_name, fit
from app.labeling.rules.wording import clean
from app.workflows.content import Action, StepContent

MOST_UNKNOWN = 1
"""Words outside quotes that may stand nowhere on the page. A word that looks like a name or a number counts twice."""
MOST_LEADING_WORDS = 2
"""Words before a quoted name in the text that it comes from: the name of an icon, a counter."""

SURE = frozenset({Evidence.ACCESSIBLE, Evidence.LABEL, Evidence.TEXT})
_PERSONAL = {
    "email address": re.compile(r"\S+@\S+\.\w+"),
    "phone number": re.compile(r"(?<!\w)\+?\(?\d(?:[\s()./-]{0,2}\d){6,}(?!\w)"),
}
"""Not said in a label, and taken out of what a model sees."""
_WITHOUT_CONTROL = frozenset({Action.NAVIGATE, Action.PRESS, Action.NOTE, Action.SCROLL})
_OWN_TEXT_IS_CONTENT = frozenset({Control.FIELD, Control.EDITOR, Control.DROPDOWN, Control.LIST, Control.FORM})


@dataclass(frozen=True, slots=True)
class Names:
    """What the control of a step is called."""

    best: ControlName
    accepted: tuple[Words, ...]
    """Any of these names it; empty: it has no name that is well known, so that nothing can be asked of a label."""


def names_of(step: StepContent) -> Names:
    """The names by which a label may call the control that was used."""
    if step.action is Action.PRESS and (key := key_name(step.value or "")):
        return Names(ControlName(key, Evidence.ACCESSIBLE), (words(key.removeprefix("the ").removesuffix(" key")),))
    target = step.target
    if target is None or step.action in _WITHOUT_CONTROL:
        return Names(ControlName("", Evidence.NONE), ())
    control = control_of(target)
    best = control_name(target, control)
    if best.evidence not in SURE:
        return Names(best, ())
    own = (
        target.name,
        target.attributes.get("aria-label"),
        target.context.label,
        target.attributes.get("value") if best.evidence is Evidence.TEXT else None,
        None if control in _OWN_TEXT_IS_CONTENT else target.text,
    )
    return Names(best, tuple(dict.fromkeys(_forms(own))))


def _forms(texts: Iterable[str | None]) -> Iterator[Words]:
    for text in texts:
        trusted = split(text, own=True).trusted if text else ""
        line = clean(trusted).partition("\n")[0]
        for form in (fit(trusted), line, clean(trusted.partition(". ")[0]), *_without_personal(line)):
            if folded := words(form):
                yield folded


def _without_personal(text: str) -> Iterator[str]:
    """`Call +49 30 901820` is called "Call"; what is nothing but personal is called by its kind."""
    for kind, pattern in _PERSONAL.items():
        rest = pattern.sub(" ", text)
        if rest != text:
            yield rest if words(rest) else kind


def is_named(names: Names, text: str) -> bool | None:
    """Whether a sentence or a short name says which control was used; None: nobody knows what it is called."""
    if not names.accepted:
        return None
    said = words(text)
    if any(contains(said, name) for name in names.accepted):
        return True
    shorter = [said, *map(words, quoted(text))]
    return any(_is_cut(part, name) for part in shorter for name in names.accepted)


def _is_cut(part: Words, name: Words) -> bool:
    """The name itself, or its first words if it is long."""
    return part == name or (len(name) > 3 and len(part) >= 2 and name[: len(part)] == part)


def strangers(told: Told, texts: Iterable[str]) -> bool:
    """Whether a name in quotes, or the short name, stands nowhere on the page."""
    return not all(PLACEHOLDER.search(text) or _is_known(told, words(text)) for text in texts)


def _is_known(told: Told, name: Words) -> bool:
    if not name:
        return True
    return any(_vouches(text, name) for text in told.names)


def _vouches(text: Words, name: Words) -> bool:
    if text[: len(name)] == name:
        return True
    if without_spaces(name):
        return "".join(name) in "".join(text)
    return len(text) - len(name) <= MOST_LEADING_WORDS and text[-len(name) :] == name


def unknown_words(told: Told, instruction: str) -> bool:
    """Whether more is said outside quotes than the page and plain English account for."""
    bare = PLACEHOLDER.sub(" ", unquoted(instruction)).replace('""', " ")
    first, *others = bare.split() or [""]
    weight = sum(_unknown(told, word, odd=False) for word in words(first))
    for token in others:
        weight += sum(_unknown(told, word, odd=token[:1].isupper()) for word in words(token))
    return weight > MOST_UNKNOWN


def _unknown(told: Told, word: str, *, odd: bool) -> int:
    """How much is against the word. `odd`: it looks like a name, as a number does."""
    if len(word) < 2 or stem(word) in PLAIN:
        return 0
    if odd or any(char.isdigit() for char in word):
        return 0 if stem(word) in told.terse else 2
    return 0 if stem(word) in told.stems else 1


def borrowed(told: Told, texts: Iterable[str]) -> bool:
    """Whether it uses words that stand only in a text that speaks to a model."""
    return uses(told.suspect, "\n".join(texts))


def uses(suspect: frozenset[str], text: str) -> bool:
    """Whether any of these words, other than plain ones, stands in the text."""
    return not suspect.isdisjoint(stems(text) - PLAIN)
