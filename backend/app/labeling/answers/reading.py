"""An answer read with suspicion: one bad step costs that step its label, and no other."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, get_args

from app.labeling.answers import cleaning
from app.labeling.answers.grounding import uses
from app.labeling.answers.judging import Case, Draft, Unusable, judge, same
from app.labeling.answers.parsing import parse
from app.labeling.answers.schema import SeenIn, Sureness
from app.labeling.answers.shape import Answer, OutgoingLike, step_key
from app.labeling.answers.suspicion import speaks_to_a_model
from app.labeling.answers.told import Telling
from app.labeling.protocol import Chunk
from app.labeling.style import check

NOT_READABLE = "The answer could not be read."
MISSING = "The answer named no label for this step."
WRONG_SHAPE = "The answer for this step has not the form that was asked for."

_SEEN_IN: tuple[SeenIn, ...] = get_args(SeenIn)
_SURENESS: tuple[Sureness, ...] = get_args(Sureness)
_HARD_IN_PROPOSALS = frozenset({"machine_text", "secret", "control_character", "selector", "tag", "coordinates"})


def read(text: str, chunk: Chunk, outgoing: OutgoingLike) -> Answer:
    """What can be used of the answer to this chunk. Never raises, whatever the text is."""
    keys = [step_key(number) for number in range(1, len(chunk.steps) + 1)]
    found = parse(text)
    if found is None:
        return Answer(unusable=dict.fromkeys(keys, NOT_READABLE), malformed=True)
    answer, telling = Answer(), Telling(outgoing.document, [step.content for step in chunk.steps])
    taken = {same(sentence) for sentence in chunk.labels_elsewhere}
    for key, step in zip(keys, chunk.steps, strict=True):
        told = telling.of(key, (*chunk.labels_before, step.rule_label.instruction))
        case = Case(step, told, partial(outgoing.restore, key), taken, chunk.language)
        try:
            label = judge(_draft(found.get(key)), case)
        except Unusable as reason:
            answer.unusable[key] = str(reason)
            continue
        taken.add(same(label.instruction))
        answer.labels[key] = label
    return _with_proposals(answer, found, chunk, telling)


def _draft(found: Any) -> Draft:
    if found is None:
        raise Unusable(MISSING)
    if not isinstance(found, Mapping):
        raise Unusable(WRONG_SHAPE)
    field_label, instruction = found.get("field_label"), found.get("instruction")
    if not isinstance(field_label, str) or not isinstance(instruction, str):
        raise Unusable(WRONG_SHAPE)
    seen_in = next((one for one in _SEEN_IN if one == found.get("evidence")), _SEEN_IN[-1])
    sure = next((one for one in _SURENESS if one == found.get("confidence")), _SURENESS[-1])
    return Draft(field_label, instruction, seen_in, sure)


def _with_proposals(answer: Answer, found: Mapping[str, Any], chunk: Chunk, telling: Telling) -> Answer:
    """What is said of the whole workflow; what is bad is left out without a word."""
    whole = found.get("workflow")
    whole = whole if isinstance(whole, Mapping) else {}
    keys = [*answer.labels, *answer.unusable]
    suspect = telling.suspect
    if chunk.wants_headings:
        for key in keys:
            entry = found.get(key)
            text = entry.get("heading") if isinstance(entry, Mapping) else None
            if heading := _proposal(text, cleaning.heading, suspect):
                answer.headings[key] = heading
    name = _proposal(whole.get("name"), cleaning.title, suspect) if chunk.wants_name else None
    description = (
        _proposal(whole.get("description"), cleaning.description, suspect) if chunk.wants_description else None
    )
    return Answer(answer.labels, answer.unusable, name, description, answer.headings)


def _proposal(found: Any, clean: Callable[[str], str | None], suspect: frozenset[str]) -> str | None:
    """Values are not put back into what is said of the whole: it speaks of kinds."""
    if not isinstance(found, str) or cleaning.forbidden(cleaning.shown(found)):
        return None
    text = clean(found)
    if not text or cleaning.left_over(text, text) or speaks_to_a_model(text) or uses(suspect, text):
        return None
    problems = {problem.code for problem in check("Name", text)}
    return None if problems & _HARD_IN_PROPOSALS else text
