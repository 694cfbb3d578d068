"""The style linter: the rules that a machine can check, for the rules' labels, the model's and a person's."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from app.core.secrets_in_text import mask
from app.labeling.rules.wording import refused

MOST_WORDS = 20
GOOD_WORDS = 12
MOST_LABEL_WORDS = 5


@dataclass(frozen=True, slots=True)
class StyleProblem:
    """`code` for programs, `message` for the person who wrote the text. `advice` may be ignored."""

    code: str
    message: str
    advice: bool = False


_VERBS_TEXT = """
accept activate add adjust agree align allow answer apply approve archive arrange ask assign attach authorize
back block book bookmark browse build calculate call cancel change check choose clear click clone close
collapse collect compare complete compose configure confirm connect continue convert copy create customize cut
deactivate decide decline define delete deny describe deselect disable disconnect dismiss display do double-click
 download drag draw drop duplicate edit embed enable end ensure enter erase evaluate examine exit expand
explore export extract fill filter find finish fix follow format forward generate get give go grant group hide
highlight hold hover identify ignore import include increase indicate inspect insert install invite join keep
label launch leave let link list load locate lock log look make manage map mark match maximize measure merge
minimize monitor move mute name navigate note observe open organize paste pause pick pin place play point post
prepare press preview print proceed provide publish pull push put read rearrange receive record redo reduce
refer refresh register reject release reload remember remove rename reopen reorder repeat replace reply
request reset resize resolve respond restart restore resume retry return review revert right-click rotate run
save scan schedule scroll search see select send set share show sign skip sort specify split start stop store
submit subscribe swipe switch sync tag take tap tell test toggle track transfer translate try turn type undo
unlock unpin unsubscribe update upgrade upload use validate verify view visit wait watch write zoom
"""
VERBS = frozenset(_VERBS_TEXT.split())
"""Imperatives that a sentence may begin with."""
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”')
_PLACE = re.compile(r"^(?:on|in|under|at|from|next to|near|above|below|beside|inside|within)\b[^,.]*, ", re.IGNORECASE)
_FIRST_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SECOND_SENTENCE = re.compile(r"[.!?]\s+[^\s]|\n")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_MACHINE = re.compile(
    r"(?:^|\s)[#.][A-Za-z_][\w-]*|\bclass=|\bid=|</?[a-z]+|\b[a-z]+\[[\w-]+|\bcss\b|\bxpath\b|\bselector\b",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"\b(?:div|span|html) (?:tag|element)|\bDOM\b|<[a-z]|\b(?:div|span|svg|textarea|iframe)\b", re.IGNORECASE
)
_COORDINATES = re.compile(
    r"\(?\b\d+\s*(?:,|[x×])\s*\d+\b\)?|\b[xy]\s*[=:]\s*\d|\b\d+ ?(?:px|pixels?)\b|\bcoordinates?\b", re.IGNORECASE
)
_PICTURE = re.compile(r"\bscreen ?shots?\b|\bin the (?:image|picture)\b", re.IGNORECASE)
_NOTHING_SAID = re.compile(
    r"^(?:click|select|press|tap|choose|hit)(?: on)? (?:here|this|that|it|(?:the|this|that|an?) "
    r"(?:element|button|link|icon|item|field|option|control|image|text|area|page|menu))\.?$",
    re.IGNORECASE,
)
_PERSONAL = re.compile(r"\b(?:enter|type|paste|copy) [\"“][^\"”]*\S@\S+\.\w[^\"”]*[\"”]", re.IGNORECASE)
_LABEL_TAIL = (":", "…", "*", "...", ",", ";", ".")


def check(
    field_label: str, instruction: str, *, others: Collection[str] = (), language: str = "en"
) -> list[StyleProblem]:
    """The ways in which a label breaks the style; empty if it obeys. `others` are the workflow's other sentences.

    What depends on English words is only checked for English.
    """
    problems = [*_label_problems(field_label), *_both_problems(f"{field_label}\n{instruction}")]
    if not instruction.strip():
        return [*problems, StyleProblem("empty", "The instruction is empty.")]
    bare = _QUOTED.sub('""', instruction)
    problems += _form_problems(instruction, bare)
    problems += _machine_problems(bare)
    if language.partition("-")[0].lower() == "en":
        problems += _english_problems(instruction, bare)
    if _is_among(instruction, others):
        problems.append(StyleProblem("duplicate", "Another step of this workflow has the same sentence."))
    return problems


def _label_problems(label: str) -> Iterator[StyleProblem]:
    words = len(label.split())
    if not 1 <= words <= MOST_LABEL_WORDS:
        yield StyleProblem(
            "label_length", f"The control's name should have 1 to {MOST_LABEL_WORDS} words, not {words}."
        )
    if label.rstrip().endswith(_LABEL_TAIL):
        yield StyleProblem("label_punctuation", f"Leave out the mark at the end of “{label}”.")


def _both_problems(text: str) -> Iterator[StyleProblem]:
    if _CONTROL.search(text.replace("\n", "", 1)):
        yield StyleProblem("control_character", "There is an invisible or control character in the text.")
    if refused(text):
        yield StyleProblem("machine_text", "Web addresses, markup and selectors do not belong in a label.")
    if kinds := mask(text)[1]:
        yield StyleProblem("secret", f"This looks like a secret: {', '.join(kinds)}.")


def _form_problems(instruction: str, bare: str) -> Iterator[StyleProblem]:
    if not instruction.endswith(".") or instruction.endswith(".."):
        yield StyleProblem("full_stop", "End the sentence with one full stop.")
    if _SECOND_SENTENCE.search(bare.strip()):
        yield StyleProblem("several_sentences", "Write one sentence.")
    if '"' in bare.replace('""', ""):
        yield StyleProblem("quotes", "A quotation mark is missing.")
    if (words := len(instruction.split())) > MOST_WORDS:
        yield StyleProblem("too_long", f"Use at most {MOST_WORDS} words, not {words}.")
    elif words > GOOD_WORDS:
        yield StyleProblem("long", f"Try to use at most {GOOD_WORDS} words.", advice=True)
    first = instruction.lstrip()[0]
    if first.islower() or (len(bare) > 12 and bare.isupper()):
        yield StyleProblem("case", "Use sentence case: one capital letter at the beginning.")


def _machine_problems(bare: str) -> Iterator[StyleProblem]:
    if _MACHINE.search(bare):
        yield StyleProblem("selector", "Name the control as it is on the screen, without selectors.")
    if _TAG.search(bare):
        yield StyleProblem("tag", "Name the control as it is on the screen, without tags.")
    if _COORDINATES.search(bare):
        yield StyleProblem("coordinates", "Say where something is in words, not in numbers.")


def _english_problems(instruction: str, bare: str) -> Iterator[StyleProblem]:
    if first_word(bare) not in VERBS:
        yield StyleProblem("imperative", "Begin with what to do: “Click”, “Enter”, “Select”.")
    if _NOTHING_SAID.match(bare.strip()):
        yield StyleProblem("says_nothing", "Say which one: readers cannot see what you clicked.")
    if _PICTURE.search(bare):
        yield StyleProblem("screenshot", "Describe the page, not the picture of it.")
    if _PERSONAL.search(instruction):
        yield StyleProblem("personal", "Write “the email address” instead of somebody's address.")


def first_word(instruction: str) -> str:
    """The first word behind a place phrase, in small letters: the verb, if the sentence obeys the style."""
    bare = _QUOTED.sub('""', instruction.strip())
    match = _FIRST_WORD.match(_PLACE.sub("", bare, count=1))
    return match[0].lower() if match else ""


def _is_among(instruction: str, others: Collection[str]) -> bool:
    if instruction in others:
        return True
    own = " ".join(instruction.casefold().split())
    return any(len(other) == len(instruction) and " ".join(other.casefold().split()) == own for other in others)
