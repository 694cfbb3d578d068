"""Rule labels: a sentence for every step from what was recorded alone, with no model and no network."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from app.labeling.rules import places
from app.labeling.rules.controls import Control, among_nameless, control_of
from app.labeling.rules.evidence import confidence, field_label
from app.labeling.rules.glyphs import glyph
from app.labeling.rules.names import NAMELESS, Evidence, control_name, fit
from app.labeling.rules.pages import Pages
from app.labeling.rules.phrases import ROOMY, Facts, Limits, phrase
from app.labeling.rules.places import Place
from app.labeling.rules.trail import Trail
from app.labeling.rules.use import fields_of, used_as
from app.labeling.rules.values import said
from app.labeling.style import MOST_WORDS
from app.workflows.content import Action, StepContent

NOTHING_READ: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RuleLabel:
    """`confidence` is 0–1, from how well the control's name is known; None where there is nothing to know (notes)."""

    field_label: str
    instruction: str
    confidence: float | None


def derive_labels(
    steps: Sequence[StepContent], *, click_verb: str = "Click", read: Mapping[int, str] = NOTHING_READ
) -> list[RuleLabel]:
    """One label per step of one whole workflow, in its order; no two share a sentence.

    `read` holds names that were read from pictures, by the steps' indexes: they stand in where the page gives none.
    """
    facts = _gather(steps, click_verb, read)
    _tell_apart(facts)
    seen: dict[str, int] = {}
    labels = []
    for fact in facts:
        sentence, times = _unique(fact, seen)
        labels.append(RuleLabel(field_label(fact), sentence, confidence(fact, times)))
    return labels


def _gather(steps: Sequence[StepContent], click_verb: str, read: Mapping[int, str]) -> list[Facts]:
    """What is known of each step, from itself and from the steps before it."""
    pages = Pages(steps)
    trail = Trail("")
    typed_into = fields_of(steps)
    gathered = []
    for index, step in enumerate(steps):
        target = step.target
        control = control_of(target) if target else Control.OTHER
        if target and control is Control.OTHER:
            control = used_as(step, target, typed_into)
        name, evidence = control_name(target, control) if target else NAMELESS
        if evidence in _UNSEEN and (seen := fit(read.get(index, ""))):
            name, evidence = seen, Evidence.PICTURE
        facts = Facts(step, control, name, evidence, click_verb, page=pages.title(step.page))
        if step.action in _WITH_VALUE:
            facts.value = said(step, name)
        elif step.action is Action.NAVIGATE and not facts.page:
            facts.by_address = pages.by_address(step.page)
        if facts.page != trail.page:
            trail = Trail(facts.page)
        trail.follow(facts)
        if target and step.action not in _NO_PLACE:
            facts.place = places.row(target, name)
            facts.glyph = "" if name else glyph(target)
            facts.ordinal = None if name else among_nameless(target)
            if not (name or facts.place or facts.ordinal is not None or step.action is Action.COPY):
                facts.place = _around(facts)
        gathered.append(facts)
    return gathered


_UNSEEN = frozenset({Evidence.NONE, Evidence.IDENTIFIER})
_WITH_VALUE = frozenset({Action.INPUT, Action.SELECT, Action.PASTE, Action.COPY})
_NO_PLACE = frozenset({Action.NAVIGATE, Action.PRESS, Action.NOTE, Action.SCROLL})


_LETTER = re.compile(r"[^\W\d_]")


def _around(facts: Facts) -> Place | None:
    """Where a nameless control is: the best words around it; a number beside it only where there are none."""
    step, target = facts.step, facts.step.target
    if target is None:
        return None
    beside = places.nearby(target, "")
    return (
        (beside if beside and _LETTER.search(beside.name) else None)
        or places.section(target, "")
        or places.heading(target, "")
        or beside
        or places.position(step)
        or places.page(facts.page)
    )


_KINDS_LEFT_OUT = frozenset({Control.BUTTON, Control.LINK, Control.ICON})
_WAYS: tuple[Callable[[Facts], Place | None], ...] = (
    lambda facts: places.page(facts.page),
    lambda facts: places.tab(facts.tab),
    lambda facts: places.section(facts.step.target, facts.name) if facts.step.target else None,
    lambda facts: places.heading(facts.step.target, facts.name) if facts.step.target else None,
    lambda facts: places.nearby(facts.step.target, facts.name) if facts.step.target else None,
)


def _tell_apart(facts: list[Facts]) -> None:
    """Gives sentences that would be the same what tells their controls apart, if something does."""
    for group in _same_sentence(facts):
        if len({fact.control for fact in group}) > 1:
            for fact in group:
                fact.show_kind = fact.control in _KINDS_LEFT_OUT
    for group in _same_sentence(facts):
        free = [fact for fact in group if fact.place is None and fact.step.action not in _NO_PLACE]
        if len(free) < 2:
            continue
        ways = [[way(fact) for fact in free] for way in _WAYS]
        if _are_different_elements(free):
            ways.append([places.position(fact.step) for fact in free])
        best = max(ways, key=lambda found: len(set(found)))
        if len(set(best)) > 1:
            for fact, place in zip(free, best, strict=True):
                fact.place = place


def _are_different_elements(facts: list[Facts]) -> bool:
    """Where one element is used twice, its position may still differ, because the page was scrolled."""
    return len({str(fact.step.target.selectors[:1]) for fact in facts if fact.step.target}) > 1


def _same_sentence(facts: list[Facts]) -> list[list[Facts]]:
    groups: dict[str, list[Facts]] = {}
    for fact in facts:
        groups.setdefault(_sentence(fact, 1).casefold(), []).append(fact)
    return [group for group in groups.values() if len(group) > 1]


_LIMITS = (ROOMY, Limits(5, 3), Limits(3, 2), Limits(2, 1))


def _sentence(fact: Facts, times: int) -> str:
    """The sentence for the first, second, … time that the same is done, with names cut until it is short enough."""
    for fact.limits in _LIMITS:
        text = _compose(fact, times)
        if text.count(" ") < MOST_WORDS:
            break
    return text


def _compose(fact: Facts, times: int) -> str:
    verb, thing, full = phrase(fact)
    suffix = _repeated(times)
    if verb == "Go to" and fact.name_of_page and times > 1:
        verb, suffix = "Go back to", _repeated(times - 1)
    place = fact.place
    if place is None:
        return f"{verb} {thing}{suffix}." if thing else f"{verb}{suffix}."
    where = place.text(fact.limits.place)
    if (full and verb in _PLACE_FIRST) or (fact.name and (full or place.leads)):
        return f"{where[0].upper()}{where[1:]}, {verb[0].lower()}{verb[1:]} {thing}{suffix}."
    return f"{verb} {thing} {where}{suffix}."


_PLACE_FIRST = frozenset({"Drag", "Turn", "Set"})
"""Verbs whose object ends with where to or how, not with the control."""

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def _repeated(times: int) -> str:
    if times < 3:
        return " again" if times == 2 else ""
    if times <= len(_ORDINALS):
        return f" for the {_ORDINALS[times - 1]} time"
    ending = "th" if times % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(times % 10, "th")
    return f" for the {times}{ending} time"


def _unique(fact: Facts, seen: dict[str, int]) -> tuple[str, int]:
    """The first form of the sentence that no earlier step has, and how often the same was done by now."""
    base = sentence = _sentence(fact, 1)
    times = seen.get(base.casefold(), 0) + 1
    if times > 1:
        sentence = _sentence(fact, times)
        while sentence.casefold() in seen:
            times += 1
            sentence = _sentence(fact, times)
        seen[base.casefold()] = times
    seen[sentence.casefold()] = 1
    return sentence, times
