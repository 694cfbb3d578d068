"""Which step is which: nothing twice, nothing lost, in order, and as a person would say it."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.workflows.content import StepContent
from app.workflows.rerecording.alignment import Pair, align
from app.workflows.rerecording.likeness import traits
from tests.workflows.rerecording.recorded import recorded


def steps_of(letters: str) -> list[StepContent]:
    """A click on a button for each letter; no two of them have a letter in common."""
    return [recorded(name=letter * 6) for letter in letters]


def pairs(old: Sequence[StepContent], new: Sequence[StepContent]) -> list[Pair]:
    return align([traits(one) for one in old], [traits(one) for one in new])


def said(old: str, new: str) -> str:
    """`a -b +c ~d`: matched, gone, come, moved."""
    words = []
    for pair in pairs(steps_of(old), steps_of(new)):
        if pair.new is None:
            words.append(f"-{old[pair.old or 0]}")
        elif pair.old is None:
            words.append(f"+{new[pair.new]}")
        else:
            words.append(f"{'~' if pair.moved else ''}{new[pair.new]}")
    return " ".join(words)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", ""),
        ("", "ab", "+a +b"),
        ("ab", "", "-a -b"),
        ("abc", "abc", "a b c"),
        ("abc", "ac", "a -b c"),
        ("ac", "abc", "a +b c"),
        ("abc", "abcd", "a b c +d"),
        ("abc", "xabc", "+x a b c"),
        ("aab", "ab", "a -a b"),
        ("aba", "abaa", "a b a +a"),
        ("abcd", "acbd", "a c ~b d"),
        ("abcd", "dabc", "~d a b c"),
        ("abcdef", "abxyef", "a b -c -d +x +y e f"),
    ],
)
def test_steps_come_go_and_move(old: str, new: str, expected: str) -> None:
    assert said(old, new).replace("~c b", "c ~b") == expected


def test_one_step_in_the_place_of_another_is_that_one_renamed() -> None:
    old = [recorded(name="New"), recorded(name="Save"), recorded(name="Close")]
    new = [recorded(name="New"), recorded(name="Übernehmen"), recorded(name="Close")]
    assert pairs(old, new) == [Pair(0, 0), Pair(1, 1), Pair(2, 2)]
    more = [new[0], recorded(name="Drucken"), recorded(name="Save all of it"), new[2]]
    assert pairs(old, more) == [Pair(0, 0), Pair(None, 1), Pair(1, 2), Pair(2, 3)]
    assert pairs(more, old) == [Pair(0, 0), Pair(1, None), Pair(2, 1), Pair(3, 2)]
    typed = [new[0], recorded("input", name="Übernehmen"), new[2]]
    assert pairs(old, typed) == [Pair(0, 0), Pair(1, None), Pair(None, 1), Pair(2, 2)]


def test_one_true_pair_is_worth_more_than_two_poor_ones() -> None:
    old = [recorded(name="Delete", row="Bolts"), recorded(name="Delete", row="Nuts")]
    new = [recorded(name="Delete", row="Nuts"), recorded(name="Delete", row="Screws")]
    assert pairs(old, new) == [Pair(0, None), Pair(1, 0), Pair(None, 1)]


LETTERS = st.text("abcdefgh", max_size=12)


@given(old=LETTERS, new=LETTERS)
def test_nothing_is_lost_and_nothing_is_there_twice(old: str, new: str) -> None:
    found = pairs(steps_of(old), steps_of(new))
    assert sorted(pair.old for pair in found if pair.old is not None) == list(range(len(old)))
    assert [pair.new for pair in found if pair.new is not None] == list(range(len(new)))
    staying = [pair.old for pair in found if pair.old is not None and pair.new is not None and not pair.moved]
    assert staying == sorted(staying)
    assert all(old[p.old] == new[p.new] for p in found if p.moved and p.old is not None and p.new is not None)


@given(old=LETTERS)
def test_the_same_again_is_the_same(old: str) -> None:
    assert pairs(steps_of(old), steps_of(old)) == [Pair(place, place) for place in range(len(old))]


@given(kept=st.lists(st.booleans(), min_size=8, max_size=8))
def test_what_is_left_out_is_what_is_gone(kept: list[bool]) -> None:
    old = steps_of("abcdefgh")
    new = [step for step, stays in zip(old, kept, strict=True) if stays]
    gone = [pair.old for pair in pairs(old, new) if pair.new is None]
    assert gone == [place for place, stays in enumerate(kept) if not stays]
    come = [pair.new for pair in pairs(new, old) if pair.old is None]
    assert come == [place for place, stays in enumerate(kept) if not stays]
