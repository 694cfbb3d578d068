"""In which tab or window each step of a recording was done, and which step opened it: what a replay has to know."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import dropwhile

from app.guides.model import GuideStep
from app.workflows.content import Action

FIRST = 0


@dataclass(slots=True)
class Tab:
    """Where a step is done; numbers count from the tab in which the recording began, `FIRST`."""

    number: int
    opens: int | None = None
    """The tab that the step opens."""
    only_goes_there: bool = False
    """A visit that stands for a look at a tab that is open already: going to its address would load it anew."""


def tabs(played: Sequence[GuideStep]) -> list[Tab]:
    """One for each step. A tab that a person opened by hand goes on in the one before it, which went to its address."""
    numbers: dict[str, int] = {}
    addresses: dict[int, str | None] = {}
    found: list[Tab] = []
    for place, step in enumerate(played):
        before = found[-1] if found else None
        here = Tab(before.number if before else FIRST)
        visits = step.recorded.action is Action.NAVIGATE
        name = _next_named(played[place:]) if visits else _named(step)
        if visits:
            there = numbers.get(name or "", here.number)
            here.only_goes_there = there != here.number and addresses.get(there) == step.url
            if here.only_goes_there:
                here.number = there
            elif name is not None:
                numbers.setdefault(name, here.number)
        elif name is not None and name in numbers:
            here.number = numbers[name]
        elif name is not None:
            here.number = numbers[name] = max(numbers.values(), default=FIRST - 1) + 1
            if before is not None:
                before.opens = here.number
        addresses[here.number] = step.url
        found.append(here)
    return found


def _named(step: GuideStep) -> str | None:
    """The recorder's own number; where there is none, nobody looked."""
    target = step.recorded.target
    return None if target is None else target.attributes.get("data-wp-tab") or ""


def _next_named(played: Sequence[GuideStep]) -> str | None:
    return next(dropwhile(lambda name: name is None, map(_named, played)), None)
