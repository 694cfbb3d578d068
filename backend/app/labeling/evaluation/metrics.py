"""How far labels are from those that a person would write."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.labeling.evaluation.sets import Gold, GoldStep, GoldWorkflow
from app.labeling.protocol import StepLabel
from app.labeling.style import check
from app.workflows.content import StepContent

LabelSteps = Callable[[Sequence[StepContent]], Sequence[StepLabel]]
"""Labels all steps of one workflow, in their order."""

_QUOTED = re.compile(r'"([^"]*)"')
_PLACE = re.compile(r'^(?:On|In|Under|At|Next to|From) (?:"[^"]*"|[^,"])*, ')
_WORDS = re.compile(r"\w+")
_TAIL = " :…*.,;"


@dataclass(frozen=True, slots=True)
class Judged:
    """One step: what was said, what would have been right, and in what they differ."""

    workflow: str
    kind: str
    step: GoldStep
    label: StepLabel
    verb: bool
    named: bool | None
    """None: there is no name to find."""
    f1: float
    same: bool
    problems: tuple[str, ...]
    unique: bool
    leaked: tuple[str, ...]


def judge(workflow: GoldWorkflow, label_steps: LabelSteps) -> list[Judged]:
    """Every step of the workflow. ValueError: the labeler gave too few labels or too many."""
    labels = label_steps(workflow.contents)
    times = Counter(label.instruction.casefold() for label in labels)
    return [
        _judge_step(workflow, step, label, unique=times[label.instruction.casefold()] == 1)
        for step, label in zip(workflow.steps, labels, strict=True)
    ]


def _judge_step(workflow: GoldWorkflow, step: GoldStep, label: StepLabel, *, unique: bool) -> Judged:
    said = f"{label.field_label}\n{label.instruction}".casefold()
    gold = step.gold
    return Judged(
        workflow=workflow.name,
        kind=workflow.kind,
        step=step,
        label=label,
        verb=has_verb(label.instruction, gold.verb),
        named=names(label, gold),
        f1=token_f1(label.instruction, gold.instruction),
        same=label.instruction == gold.instruction,
        problems=tuple(p.code for p in check(label.field_label, label.instruction) if not p.advice),
        unique=unique,
        leaked=tuple(secret for secret in workflow.planted if secret.casefold() in said),
    )


def has_verb(sentence: str, verb: str) -> bool:
    """Whether the sentence begins with the verb; a phrase that says where may stand before it."""
    rest = _PLACE.sub("", sentence, count=1).casefold()
    return rest.rstrip(".") == verb.casefold() or rest.startswith(f"{verb.casefold()} ")


def names(label: StepLabel, gold: Gold) -> bool | None:
    """Whether the control's name is the label's, or stands in quotation marks, letter by letter."""
    if gold.name is None:
        return None
    said = {_bare(label.field_label), *map(_bare, _QUOTED.findall(label.instruction))}
    return _bare(gold.name) in said


def _bare(name: str) -> str:
    """Without the marks that are no part of a name."""
    return " ".join(name.split()).rstrip(_TAIL) or name


def token_f1(said: str, right: str) -> float:
    """The harmonic mean of how many words are right and how many of the right ones are there; 0 to 1."""
    ours, gold = _tokens(said), _tokens(right)
    both = (ours & gold).total()
    return 2 * both / (ours.total() + gold.total()) if both else 0.0


def _tokens(sentence: str) -> Counter[str]:
    return Counter(_WORDS.findall(sentence.casefold()))


@dataclass(frozen=True, slots=True)
class Score:
    """What a group of steps comes to. Shares are 0 to 1, None where there is nothing to share."""

    steps: int
    verb: float | None
    named: float | None
    """Of the steps whose control has an accessible name and a name that a person knows."""
    named_otherwise: float | None
    """Of the steps whose control has a name on the screen only."""
    f1: float | None
    same: float | None
    style_violations: int
    unique: float | None
    leaked: int


def score(judged: Sequence[Judged]) -> Score:
    """All metrics over these steps."""
    return Score(
        steps=len(judged),
        verb=_share(one.verb for one in judged),
        named=_share(bool(one.named) for one in judged if one.named is not None and one.step.gold.accessible),
        named_otherwise=_share(
            bool(one.named) for one in judged if one.named is not None and not one.step.gold.accessible
        ),
        f1=_share(one.f1 for one in judged),
        same=_share(one.same for one in judged),
        style_violations=sum(len(one.problems) for one in judged),
        unique=_share(one.unique for one in judged),
        leaked=sum(len(one.leaked) for one in judged),
    )


def _share(values: Iterable[float]) -> float | None:
    found = list(values)
    return sum(found) / len(found) if found else None
