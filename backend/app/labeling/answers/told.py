"""What a model was told of a step, sorted by how far it can vouch for the words of a label."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.labeling.answers.folding import Words, quoted, stems, words
from app.labeling.answers.suspicion import Split, split
from app.labeling.rules.wording import clean
from app.workflows.content import StepContent

LONGEST_NAME_WORDS = 12
"""A longer text is prose: it may explain a step, but nothing is called like that."""
MOST_TERSE_WORDS = 5
_OF_STEPS = frozenset({"steps", "step_after"})
_NO_WORDS = frozenset(
    {"key", "box", "selectors", "viewport", "action", "control", "role", "tag", "type", "autocomplete", "kind"}
)
"""Fields that are not read out on the page."""
_OWN = frozenset({"name", "text", "label", "aria-label", "value", "title", "alt", "placeholder"})


@dataclass(frozen=True, slots=True)
class Told:
    """Of one step, with what was said of the whole workflow."""

    names: frozenset[Words]
    """Short texts, folded: what something on the page may be called."""
    stems: frozenset[str]
    """Words of all texts that can be believed, of the neighbours too."""
    suspect: frozenset[str]
    """Words that stand only in texts that speak to a model."""
    terse: frozenset[str]
    """Words of the short texts among them, of the neighbours too: a name or a number must come from one of these."""
    own: Words
    """The control's name as it was sent, with placeholders for values that stand in it."""
    raw: str
    """Texts of the step that can be believed, as they are."""


class Telling:
    """A document that was sent, read once for all its steps."""

    def __init__(self, document: Mapping[str, Any], recorded: Iterable[StepContent] = ()) -> None:
        """`recorded`: the same steps as they were before anything was taken out; they vouch for nothing."""
        self._whole = _split({field: value for field, value in document.items() if field not in _OF_STEPS})
        steps = document.get("steps") or ()
        self._steps = {str(entry.get("key")): _split(entry) for entry in steps if isinstance(entry, Mapping)}
        self._own = {str(entry.get("key")): words(_own_name(entry)) for entry in steps if isinstance(entry, Mapping)}
        after = _split(document.get("step_after"))
        everything = [*self._whole, *(part for parts in self._steps.values() for part in parts), *after]
        raw = _split([_recorded(step) for step in recorded])
        self._stems = stems("\n".join(part.trusted for part in everything))
        self._terse = stems("\n".join(part.trusted for part in everything if is_terse(part.trusted)))
        self.suspect = stems("\n".join(part.suspect for part in (*everything, *raw))) - self._stems

    def of(self, key: str, sentences: Iterable[str] = ()) -> Told:
        """What was told of the step with this key. `sentences`: labels that it has, or steps before it."""
        trusted = [part.trusted for part in (*self._steps.get(key, ()), *self._whole) if part.trusted]
        names = {name for text in trusted for name in _names_in(text)}
        names |= {words(name) for text in sentences for name in quoted(split(text).trusted)}
        return Told(
            frozenset(names),
            self._stems,
            self.suspect,
            self._terse.union(*map(stems, sentences)),
            self._own.get(key, ()),
            "\n".join(trusted),
        )


def _own_name(entry: Mapping[str, Any]) -> str:
    target = entry.get("target")
    name = target.get("name") or target.get("text") if isinstance(target, Mapping) else None
    return name if isinstance(name, str) else ""


def _recorded(step: StepContent) -> dict[str, Any]:
    target = step.target
    facts = {"page": step.page.title, "value": step.value}
    if target is None:
        return facts
    own = {"name": target.name, "text": target.text, "attributes": target.attributes}
    return {**facts, **own, "context": target.context.__dict__}


def is_terse(text: str) -> bool:
    """Whether it names something rather than saying something."""
    return len(text.split()) <= MOST_TERSE_WORDS


def _split(value: Any) -> list[Split]:
    return [split(text, own=own) for text, own in _texts(value)]


def _texts(value: Any, field: str = "") -> Iterator[tuple[str, bool]]:
    """Every text in it, and whether it is what a control may itself be called."""
    if isinstance(value, str):
        if field not in _NO_WORDS:
            yield value, field in _OWN
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _texts(inner, str(name))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner, field)


@lru_cache(maxsize=1024)
def _names_in(text: str) -> tuple[Words, ...]:
    """What something that bears this text may be called, folded."""
    found = map(words, _forms(text))
    return tuple(name for name in found if 0 < len(name) <= LONGEST_NAME_WORDS)


def _forms(text: str) -> Iterator[str]:
    """A text, the same without what is no part of a name, and the parts of a title."""
    yield text
    yield clean(text)
    for between in (" | ", " - ", " – ", " — ", " · ", " • ", " » ", " › ", ": "):
        if between in text:
            yield from text.split(between)
