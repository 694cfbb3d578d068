"""Which step of a new recording is which of the old one: aligned in order, as sequences of genes are.

Needleman and Wunsch's alignment: a pair gains what its likeness is worth, a gap costs nothing. It finds the pairs with
the largest gain together; of several such alignments always the same one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.workflows.rerecording.likeness import ENOUGH, Traits, could_be_renamed, likeness, name_likeness

_WORTH_NOTHING = 0.4
"""Likeness that gains nothing. What is beyond counts by its square: one true pair is worth more than two poor ones."""
_SURELY = 0.85
"""Likeness from which a step that stands elsewhere now is taken for moved."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Places, from 0, of one step in both recordings; None: it is not in that one."""

    old: int | None
    new: int | None
    moved: bool = False
    """It stands between other steps than before."""


def align(old: Sequence[Traits], new: Sequence[Traits]) -> list[Pair]:
    """Every step of both exactly once, in an order that keeps that of the new ones.

    What is gone stands behind the step that it followed; before what came in its place.
    """
    matched = _matched(old, new)
    matched |= _renamed(old, new, matched)
    moved = _moved(old, new, matched)
    return _merged(len(old), len(new), matched, moved)


def _matched(old: Sequence[Traits], new: Sequence[Traits]) -> dict[int, int]:
    """Old places and those that they have now, rising together."""
    start, shorter = 0, min(len(old), len(new))
    while start < shorter and old[start] == new[start]:
        start += 1
    end = 0
    while end < shorter - start and old[-1 - end] == new[-1 - end]:
        end += 1
    found = {place: place for place in range(start)}
    middle = _best(old[start : len(old) - end], new[start : len(new) - end])
    found |= {start + here: start + there for here, there in middle.items()}
    return found | {len(old) - 1 - back: len(new) - 1 - back for back in range(end)}


def _best(old: Sequence[Traits], new: Sequence[Traits]) -> dict[int, int]:
    best = [[0] * (len(new) + 1)]
    for before in old:
        above, here = best[-1], [0]
        for place, after in enumerate(new):
            gain = _gain(before, after)
            skipped = max(above[place + 1], here[place])
            here.append(max(skipped, above[place] + gain) if gain else skipped)
        best.append(here)
    found: dict[int, int] = {}
    row, column = len(old), len(new)
    while row and column:
        gained = best[row][column]
        if gained == best[row - 1][column]:
            row -= 1
        elif gained == best[row][column - 1]:
            column -= 1
        else:
            row, column = row - 1, column - 1
            found[row] = column
    return found


def _gain(old: Traits, new: Traits) -> int:
    """A whole number: equal sums must be equal."""
    like = likeness(old, new)
    return round(100 * (like - _WORTH_NOTHING)) ** 2 if like >= ENOUGH else 0


def _renamed(old: Sequence[Traits], new: Sequence[Traits], matched: dict[int, int]) -> dict[int, int]:
    """One step gone or one come between the same two neighbours, and on the other side one with the same done to the
    same kind of control: the most alike, else the first."""
    ends = [(-1, -1), *sorted(matched.items()), (len(old), len(new))]
    found: dict[int, int] = {}
    for before, after in pairwise(ends):
        gone, come = range(before[0] + 1, after[0]), range(before[1] + 1, after[1])
        if min(len(gone), len(come)) != 1:
            continue
        could = [(here, there) for here in gone for there in come if could_be_renamed(old[here], new[there])]
        if could:
            here, there = max(could, key=lambda pair: name_likeness(old[pair[0]], new[pair[1]]))
            found[here] = there
    return found


def _moved(old: Sequence[Traits], new: Sequence[Traits], matched: dict[int, int]) -> dict[int, int]:
    taken = set(matched.values())
    pairs = sorted(
        (-like, here, there)
        for here in range(len(old))
        if here not in matched
        for there in range(len(new))
        if there not in taken and (like := likeness(old[here], new[there])) >= _SURELY
    )
    found: dict[int, int] = {}
    for _, here, there in pairs:
        if here not in found and there not in found.values():
            found[here] = there
    return found


def _merged(olds: int, news: int, matched: dict[int, int], moved: dict[int, int]) -> list[Pair]:
    from_where = {there: here for here, there in moved.items()}
    pairs: list[Pair] = []
    here = there = 0
    for before, after in [*sorted(matched.items()), (olds, news)]:
        pairs += [Pair(place, None) for place in range(here, before) if place not in moved]
        pairs += [Pair(from_where.get(place), place, place in from_where) for place in range(there, after)]
        if before < olds:
            pairs.append(Pair(before, after))
        here, there = before + 1, after + 1
    return pairs
