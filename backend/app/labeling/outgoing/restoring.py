"""Values put back into what a model answered, where they may be said; where not, their kind is said."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from app.labeling.outgoing import entered
from app.labeling.outgoing.words import OWN, PLACEHOLDER, of_step
from app.labeling.rules.values import quoted
from app.labeling.rules.wording import quote
from app.workflows.content import StepContent


@dataclass(frozen=True, slots=True)
class Said:
    """How a value is said; `harmless`: as it is, in quotes; else by its kind."""

    text: str
    harmless: bool


@dataclass(frozen=True, slots=True)
class Restored:
    """What stands behind the placeholders that the model saw."""

    said: Mapping[str, Said] = field(repr=False)

    @classmethod
    def of(
        cls,
        own: StepContent,
        part: str,
        found: Mapping[str, Set[str]],
        *,
        by_position: Mapping[int, StepContent],
        sent: str,
        shown: str,
    ) -> "Restored":
        """For one step; `part` is what was sent of it, `sent` the whole document, `shown` the rules' label: texts."""
        known: dict[str, Said] = {}
        if OWN in part:
            known[OWN] = _said(own)
        for position, content in by_position.items():
            if (placeholder := of_step(position)) in sent:
                seen = found.get(placeholder, set())
                known[placeholder] = _in_the_name(seen, shown) or _as_seen(_said(content), seen)
        return cls(known)

    def text(self, text: str, *, in_quotes: bool) -> str:
        """The text with every placeholder that was sent replaced; others stay, since they mean nothing."""
        parts: list[str] = []
        at = 0
        for match in PLACEHOLDER.finditer(text):
            said = self.said.get(match[0])
            if said is None:
                continue
            start, end = match.span()
            inside = text[:start].count('"') % 2 == 1
            if inside and not said.harmless and text[start - 1] == '"' and text[end : end + 1] == '"':
                start, end, inside = start - 1, end + 1, False
            parts += [text[at:start], quote(said.text) if said.harmless and in_quotes and not inside else said.text]
            at = end
        return "".join(parts) + text[at:]


def _said(content: StepContent) -> Said:
    words = entered.spoken(content)
    if words.startswith('"'):
        return Said(words.strip('"'), harmless=True)
    return Said(words, harmless=False)


def _in_the_name(found: Set[str], shown: str) -> Said | None:
    """The rules' label says it already, as a control's name on the screen: a kind in its place would name nothing."""
    return Said(text, harmless=True) if len(found) == 1 and (text := next(iter(found))) in shown else None


def _as_seen(said: Said, found: Set[str]) -> Said:
    """What stood on the page, if it was the same everywhere: a name is written as it stands there."""
    if said.harmless and len(found) == 1 and (seen := quoted(next(iter(found)))):
        return Said(seen.strip('"'), harmless=True)
    return said
