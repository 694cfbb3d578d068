"""Where a control is, in words: the one disambiguator that a sentence may carry."""

from typing import NamedTuple

from app.labeling.rules.names import fit
from app.labeling.rules.wording import cut, quote
from app.workflows.content import StepContent, Target


class Place(NamedTuple):
    """`in the "Bolt Cutters" row`: preposition, name, noun. `leads` if it reads best at the front of the sentence."""

    before: str
    name: str
    noun: str = ""
    leads: bool = False

    def text(self, words: int) -> str:
        """The phrase, with so many words of the name."""
        if not self.name:
            return self.before
        name = cut(self.name, words=words)
        noun = "" if name.lower().endswith(self.noun) else self.noun
        return f"{self.before} {quote(name)} {noun}".rstrip() if not noun else f"{self.before} the {quote(name)} {noun}"


def row(target: Target, name: str) -> Place | None:
    """The row, unless the control is what the row is named after, or both are numbers, as in a calendar."""
    text = fit(target.context.row or "")
    if (
        not text
        or (name.isdigit() and text.isdigit())
        or (name and (text.lower().startswith(name.lower()) or name.lower().startswith(text.lower())))
    ):
        return None
    return Place("in", text, "row")


def section(target: Target, name: str) -> Place | None:
    """The section, region or dialog around the control."""
    return _named("in", target.context.section, name, "section")


def heading(target: Target, name: str) -> Place | None:
    """The heading above the control."""
    return _named("under", target.context.heading, name)


def nearby(target: Target, name: str) -> Place | None:
    """The words beside the control."""
    return _named("next to", target.context.nearby, name)


def tab(name: str | None) -> Place | None:
    """The tab that was opened last."""
    return Place("on", name, "tab", leads=True) if name else None


def page(name: str) -> Place | None:
    """The page, by its name."""
    return Place("on", name, "page", leads=True) if name else None


def position(step: StepContent) -> Place | None:
    """The part of the visible page, in ninths."""
    target, viewport = step.target, step.page.viewport
    if target is None or target.box is None or viewport is None:
        return None
    across = (target.box.x + target.box.width / 2) / viewport.width
    down = (target.box.y + target.box.height / 2) / viewport.height
    if not (0 <= across <= 1 and 0 <= down <= 1):
        return None
    column = _third(across, "left", "right")
    line = _third(down, "top", "bottom")
    if line or not column:
        return Place(
            f"{'at' if line else 'in'} the {' '.join(filter(None, (line, column))) or 'middle'} of the page", ""
        )
    return Place(f"on the {column} of the page", "")


def _third(share: float, low: str, high: str) -> str:
    return low if share < 1 / 3 else high if share > 2 / 3 else ""


def _named(before: str, text: str | None, name: str, noun: str = "") -> Place | None:
    if not text:
        return None
    fitting = fit(text)
    return Place(before, fitting, noun) if fitting and fitting.casefold() != name.casefold() else None
