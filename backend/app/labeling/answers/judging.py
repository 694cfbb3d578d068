"""One step's words, from what the model wrote to a label, or to the reason why there is none."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from app.labeling.answers import cleaning, grounding, verbs
from app.labeling.answers.confidence import Proof, confidence, name_strength
from app.labeling.answers.folding import contains, quoted, stem, unquoted, words
from app.labeling.answers.grounding import Names
from app.labeling.answers.plain_words import PLAIN
from app.labeling.answers.schema import SeenIn, Sureness
from app.labeling.answers.told import Told
from app.labeling.protocol import ChunkStep, StepLabel
from app.labeling.style import MOST_WORDS, VERBS, check, first_word
from app.workflows.content import Action

FLAGGED_ONLY = frozenset({"long", "case", "label_punctuation"})
"""What the linter finds and a label may still have."""

_ENGLISH = frozenset({"the", "a", "an", "in", "on", "to", "from", "of", "with", "and", "for", "by", "field", "click"})


class Unusable(Exception):
    """Why there is no label, in words for a person."""


class Restore(Protocol):
    """Puts typed values back into what was written about one step, see `OutgoingLike.restore`."""

    def __call__(self, text: str, *, quoted: bool = True) -> str: ...


@dataclass(frozen=True, slots=True)
class Draft:
    """What the model wrote of one step."""

    field_label: str
    instruction: str
    seen_in: SeenIn
    sure: Sureness


@dataclass(frozen=True, slots=True)
class Case:
    """What a draft is held against."""

    step: ChunkStep
    told: Told
    restore: Restore
    taken: Collection[str]
    """Sentences of other steps, folded by `same`."""
    language: str | None
    """BCP 47; None: not known."""


@dataclass(frozen=True, slots=True)
class _Words:
    """A label as it was sent back, and with the values put in."""

    sent_label: str
    sent: str
    field_label: str
    instruction: str


def same(sentence: str) -> str:
    """Equal for sentences that a reader takes for the same."""
    return " ".join(sentence.casefold().split())


def judge(draft: Draft, case: Case) -> StepLabel:
    """The label with its flags and confidence. Raises Unusable."""
    names = grounding.names_of(case.step.content)
    said = _cleaned(draft, case, names)
    english = _is_english(said.instruction, case.language)
    problems = _check_style(said, english=english)
    named = _check_source(said, case, names)
    flags = [f"style:{code}" for code in problems]
    verb = verbs.judge(case.step.content, said.instruction) if english else "fits"
    if verb == "contradicts":
        raise Unusable("It tells the reader to do something else than what was recorded.")
    if verb == "odd":
        flags.append("verb")
    more = verbs.orders_more(said.instruction) if english else None
    if more == "order":
        raise Unusable("It tells the reader to do more than what was recorded.")
    if more == "purpose":
        flags.append("two_orders")
    if not english and case.language is None:
        flags.append("language")
    grounded = _is_grounded(said, case, names, english=english)
    if not grounded:
        flags.append("not_on_page" if draft.seen_in != "picture" or names.best.text else "from_picture")
    if named is False:
        flags.append("unnamed")
    instruction, unique = _told_apart(said.instruction, case)
    if not unique:
        flags.append("duplicate")
    rule = case.step.rule_label
    proof = Proof(
        named=_strength(case, names, said, draft.seen_in),
        grounded=grounded,
        name_agrees=_agree(said.field_label, rule.field_label),
        verb_agrees=first_word(instruction) == first_word(rule.instruction),
        verb_fits=verb == "fits" and "two_orders" not in flags,
        unique=unique,
        clean=not problems,
        sure=draft.sure,
    )
    return StepLabel(said.field_label, instruction, confidence(proof), tuple(flags))


def _cleaned(draft: Draft, case: Case, names: Names) -> _Words:
    if not draft.field_label.strip() or not draft.instruction.strip():
        raise Unusable("It is empty.")
    if len(draft.instruction) > cleaning.LONGEST_INSTRUCTION:
        raise Unusable(f"It is longer than {cleaning.LONGEST_INSTRUCTION} characters.")
    label, sentence = cleaning.shown(draft.field_label), cleaning.sentence(draft.instruction)
    known = f"{names.best.text}\n{case.step.rule_label.instruction}"
    for text in (label, cleaning.shown(draft.instruction), sentence):
        if reason := cleaning.forbidden(text, known):
            raise Unusable(reason)
    put_label, put = case.restore(label, quoted=False), cleaning.shown(case.restore(sentence))
    for before, after in ((label, put_label), (sentence, put)):
        if reason := cleaning.left_over(before, after, case.told.raw):
            raise Unusable(reason)
    field_label = cleaning.name(put_label)
    if not field_label or not put:
        raise Unusable("It is empty.")
    return _Words(field_label if put_label == label else label, sentence, field_label, _short_enough(put))


def _short_enough(sentence: str) -> str:
    """Without its purpose if it is too long with it."""
    order, purpose = verbs.parted(sentence)
    return f"{order}." if purpose and len(sentence.split()) > MOST_WORDS else sentence


def _is_english(sentence: str, language: str | None) -> bool:
    if language is not None:
        return language.partition("-")[0].casefold() == "en"
    return first_word(sentence) in VERBS or not _ENGLISH.isdisjoint(words(unquoted(sentence)))


def _check_style(said: _Words, *, english: bool) -> list[str]:
    """The codes of what is merely advice."""
    problems = check(said.field_label, said.instruction, language="en" if english else "und")
    for problem in problems:
        if problem.code not in FLAGGED_ONLY:
            raise Unusable(problem.message)
    return [problem.code for problem in problems]


def _check_source(said: _Words, case: Case, names: Names) -> bool | None:
    """Whether the sentence itself names the control; None: nobody knows its name."""
    if grounding.borrowed(case.told, (said.sent_label, said.sent)):
        raise Unusable("It uses words of a text on the page that gives orders to a program.")
    if case.told.own and cleaning.PLACEHOLDER.search(said.sent) and contains(words(said.sent), case.told.own):
        return True  # the name is a value that is said by its kind
    named = grounding.is_named(names, said.instruction)
    if named is False and (quoted(said.sent) or not grounding.is_named(names, said.field_label)):
        raise Unusable("It does not name the control that was used.")
    return named


def _is_grounded(said: _Words, case: Case, names: Names, *, english: bool) -> bool:
    own = {*names.accepted, words(case.step.content.value or "")}
    in_quotes = [text for text in quoted(said.sent) if words(text) not in own]
    label = words(said.sent_label)
    plain = all(stem(word) in PLAIN for word in label)
    if grounding.strangers(case.told, in_quotes if plain or label in own else [*in_quotes, said.sent_label]):
        return False
    return not (english and grounding.unknown_words(case.told, said.sent))


def _told_apart(sentence: str, case: Case) -> tuple[str, bool]:
    """The sentence, else the rules' sentence, which tells the control apart; and whether no other step has it."""
    if same(sentence) not in case.taken:
        return sentence, True
    rule = case.step.rule_label.instruction
    if same(rule) in case.taken or grounding.borrowed(case.told, (rule,)):
        return sentence, False
    return rule, True


def _strength(case: Case, names: Names, said: _Words, seen_in: SeenIn) -> float:
    action = case.step.content.action
    text, evidence = names.best
    if action is Action.NAVIGATE or (action is Action.SCROLL and not text):
        rule = case.step.rule_label
        return (rule.confidence or 0.0) if _agree(said.field_label, rule.field_label) else 0.3
    in_label = any(contains(words(part), words(text)) for part in (said.instruction, said.field_label))
    shorter = grounding.is_named(names, said.instruction)
    return name_strength(evidence, in_label=in_label or bool(shorter), seen_in=seen_in)


def _agree(one: str, other: str) -> bool:
    first, second = words(one), words(other)
    return contains(first, second) or contains(second, first)
