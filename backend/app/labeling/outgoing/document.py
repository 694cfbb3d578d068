"""What is told of a workflow's steps, as JSON: only what helps to name them, every text through `words`."""

from collections.abc import Sequence
from typing import Any

import structlog

from app.labeling.outgoing import entered
from app.labeling.outgoing.words import Words
from app.labeling.protocol import Chunk, ChunkStep, StepLabel
from app.labeling.rules.controls import control_of
from app.workflows.content import Page, Target

log = structlog.get_logger(__name__)

LABELS_BEFORE = 10
LONGEST = {"name": 120, "text": 200, "row": 100}
_LONGEST_OTHER = 120
_LONGEST_SENTENCE = 200
_LONGEST_GOAL, _LONGEST_DESCRIPTION = 200, 600
_LONGEST_WORD = 40

_TELLING = ("type", "aria-label", "title", "alt", "placeholder", "autocomplete", "name")


def workflow_part(chunk: Chunk, words: Words) -> dict[str, Any]:
    """What the whole workflow is about, in a person's words."""
    return _without_empty(
        {
            "goal": words.sentence(chunk.workflow_name, _LONGEST_GOAL),
            "description": words.sentence(chunk.description, _LONGEST_DESCRIPTION),
            "language": words.name(chunk.language, _LONGEST_WORD),
        }
    )


def labels_before(chunk: Chunk, words: Words) -> list[str]:
    """The last instructions before the chunk."""
    sentences = [words.sentence(text, _LONGEST_SENTENCE) for text in chunk.labels_before[-LABELS_BEFORE:]]
    return [sentence for sentence in sentences if sentence]


def step_part(key: str | None, step: ChunkStep, words: Words, neighbours: Sequence[ChunkStep]) -> dict[str, Any]:
    """One step; with action and kind of control alone, if something about it cannot be made fit to be sent."""
    content = step.content
    head: dict[str, Any] = {"key": key} if key else {}
    head |= {"position": step.position, "action": content.action.value}
    try:
        head |= {"control": control_of(content.target).value} if content.target else {}
        spelled = entered.is_spelled(content, [neighbour.content for neighbour in neighbours])
        rest = {
            "target": content.target and _target(content.target, words),
            "value": entered.described(step, words, spelled),
            "page": _page(content.page, words),
            "rule_label": None if spelled else _rule_label(step.rule_label, words),
        }
    except Exception as error:  # noqa: BLE001 - whatever goes wrong, what may hold a secret stays here
        log.warning("step_left_out", step_id=step.step_id, error=type(error).__name__)
        words.found.clear()
        return head
    return head | _without_empty(rest)


def _target(target: Target, words: Words) -> dict[str, Any]:
    name = words.name(target.name, LONGEST["name"])
    seen = {name}
    context = {
        field: _news(words.name(text, LONGEST.get(field, _LONGEST_OTHER)), seen)
        for field, text in target.context.__dict__.items()
    }
    return _without_empty(
        {
            "name": name,
            "text": _news(words.name(target.text, LONGEST["text"]), {name}),
            "role": words.name(target.role, _LONGEST_WORD),
            "tag": words.name(target.tag, _LONGEST_WORD),
            "attributes": _without_empty(_attributes(target, words, {name})),
            "context": _without_empty(context),
        }
    )


def _attributes(target: Target, words: Words, seen: set[str | None]) -> dict[str, str | None]:
    given = {key.lower(): value for key, value in target.attributes.items()}
    return {key: _news(words.name(given.get(key), _LONGEST_OTHER), seen) for key in _TELLING}


def _news(text: str | None, seen: set[str | None]) -> str | None:
    """The text, unless it was said already: most elements tell their name several times."""
    if text in seen:
        return None
    seen.add(text)
    return text


def _page(page: Page, words: Words) -> dict[str, Any]:
    return _without_empty(
        {"title": words.name(page.title, _LONGEST_OTHER), "address": words.address(page.url, _LONGEST_OTHER)}
    )


def _rule_label(label: StepLabel, words: Words) -> dict[str, Any]:
    return _without_empty(
        {
            "field_label": words.name(label.field_label, _LONGEST_OTHER),
            "instruction": words.sentence(label.instruction, _LONGEST_SENTENCE),
        }
    )


def _without_empty(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value not in (None, {}, "", [])}
