"""What whoever carries a guide out has to bring along: its variables, and what was entered when it was recorded."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from unicodedata import normalize

from app.guides.model import Guide, GuideStep
from app.workflows.content import SECRET_KINDS, Action

ENTERING = frozenset({Action.INPUT, Action.SELECT, Action.UPLOAD, Action.PASTE})
_LONGEST_NAME = 40
_SHORTEST_KNOWN = 3
"""A shorter value would be found in other names by chance."""


@dataclass(frozen=True, slots=True)
class Input:
    """One thing to bring. `name` is an identifier in lower case, each once in a guide."""

    name: str
    label: str
    example: str | None
    """What was entered at the recording; None for secrets."""
    secret: bool = False
    action: Action | None = None
    """How it is entered; None: a variable that only the text names."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Of a guide: all of them in their order, and which of them each step enters."""

    all: tuple[Input, ...]
    of_steps: Mapping[int, Input]
    _before: Mapping[int, tuple[Input, ...]]

    def within(self, step: GuideStep, text: str) -> list[str | Input]:
        """A name on the screen in pieces: where it holds what an earlier step entered, the input stands for it.

        `Priya Raman` in the list of people is whoever was entered before.
        """
        values = {each.example: each for each in self._before.get(step.id, ()) if each.example}
        if not values:
            return [text]
        longest_first = "|".join(re.escape(value) for value in sorted(values, key=len, reverse=True))
        pieces = re.split(rf"(?<!\w)({longest_first})(?!\w)", text)
        return [values.get(piece, piece) for piece in pieces if piece]


def of(guide: Guide) -> Inputs:
    """A step that names a variable enters it; another entered value is an input named after its field."""
    found = {each.name: Input(each.name, each.label, each.example) for each in guide.variables}
    of_steps: dict[int, Input] = {}
    before: dict[int, tuple[Input, ...]] = {}
    typed: dict[str, Input] = {}
    for step in guide.steps:
        before[step.id] = tuple(typed.values())
        if step.recorded.action not in ENTERING:
            continue
        named = next((part.text for part in step.words if part.kind == "variable"), None)
        given = found[named] if named else _entered(step, found)
        found[given.name] = of_steps[step.id] = given
        if step.recorded.action is Action.INPUT and not given.secret and len(given.example or "") >= _SHORTEST_KNOWN:
            typed[given.name] = given
    return Inputs(tuple(found.values()), of_steps, before)


def _entered(step: GuideStep, taken: Mapping[str, Input]) -> Input:
    """The same field with the same value, such as a password that is repeated, is one input."""
    content = step.recorded
    label = " ".join((step.field_label or (content.target.name if content.target else None) or "value").split())
    name = identifier(label)
    for count in range(1, len(taken) + 2):
        numbered = name if count == 1 else f"{name}_{count}"
        new = Input(numbered, label, content.value, content.value_kind in SECRET_KINDS, content.action)
        if taken.get(numbered) in (None, new):
            break
    return new


def identifier(text: str) -> str:
    """`E-mail address` → `e_mail_address`."""
    letters = normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "_", letters).strip("_")[:_LONGEST_NAME].strip("_")
    return name if name and name[0].isalpha() else f"value_{name}".strip("_")
