"""A chunk as it might be sent, without redaction, and answers to it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.labeling.answers.reading import read
from app.labeling.answers.shape import Answer, step_key
from app.labeling.protocol import Chunk, ChunkStep, StepLabel
from app.labeling.rules.derive import derive_labels
from app.workflows.content import StepContent


@dataclass(frozen=True)
class Sent:
    """What was sent of these steps; `values`: what stands in the place of `{value}` in each step, by its key."""

    document: dict[str, Any]
    values: dict[str, str] = field(default_factory=dict)

    def restore(self, key: str, text: str, *, quoted: bool = True) -> str:  # noqa: ARG002 - its values are as they are
        return text.replace("{value}", self.values[key]) if key in self.values else text


def sent(chunk: Chunk, values: Mapping[str, str] | None = None) -> Sent:
    """Every step as it was recorded."""
    steps = [
        {
            "key": step_key(number),
            "action": step.content.action.value,
            "target": step.content.target.model_dump(exclude_defaults=True) if step.content.target else None,
            "value": "{value}" if step_key(number) in (values or {}) else step.content.value,
            "page": step.content.page.title,
            "rule_label": step.rule_label.instruction,
        }
        for number, step in enumerate(chunk.steps, 1)
    ]
    return Sent({"workflow": chunk.workflow_name, "goal": chunk.description, "steps": steps}, dict(values or {}))


def chunk_of(steps: Sequence[StepContent], **facts: Any) -> Chunk:
    """A chunk of these steps with the labels of the rules."""
    rules = [StepLabel(label.field_label, label.instruction, label.confidence) for label in derive_labels(steps)]
    whole = tuple(
        ChunkStep(number, number, content, rule, lambda _: None)
        for number, (content, rule) in enumerate(zip(steps, rules, strict=True), 1)
    )
    defaults: dict[str, Any] = {"workflow_name": "Manage contacts", "description": None, "language": "en"}
    return Chunk(**{**defaults, "labels_before": (), "steps": whole, "step_after": None, "whole": whole, **facts})


def said(instruction: str, field_label: str = "Save", **facts: str) -> dict[str, str]:
    """One step of an answer."""
    return {"evidence": "name", "field_label": field_label, "instruction": instruction, "confidence": "high", **facts}


def answered(*steps: StepContent, answers: Sequence[dict[str, str]], **facts: Any) -> Answer:
    """The reading of an answer that says this of these steps."""
    chunk = chunk_of(steps, **facts)
    text = json.dumps({step_key(number): one for number, one in enumerate(answers, 1)})
    return read(text, chunk, sent(chunk))


def judged(step: StepContent, instruction: str, field_label: str = "Save", **facts: Any) -> StepLabel | str:
    """The label of a single step, or why there is none."""
    answer = answered(step, answers=[said(instruction, field_label)], **facts)
    return answer.labels.get("s01") or answer.unusable["s01"]
