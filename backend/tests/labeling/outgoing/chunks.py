"""Chunks made of steps, as a run would make them."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from app.labeling.outgoing import Outgoing
from app.labeling.protocol import Chunk, ChunkStep, Picture, StepLabel
from app.labeling.rules.derive import derive_labels
from app.workflows.content import StepContent


def no_picture(_: Picture) -> bytes | None:
    return None


def chunk_steps(contents: Sequence[StepContent]) -> tuple[ChunkStep, ...]:
    return tuple(
        ChunkStep(100 + at, at, content, StepLabel(label.field_label, label.instruction, label.confidence), no_picture)
        for at, (content, label) in enumerate(zip(contents, derive_labels(contents), strict=True), 1)
    )


def chunk(contents: Sequence[StepContent], *, goal: str = "", description: str | None = None, first: int = 0) -> Chunk:
    """All steps from `first` on, but the last, after which they are."""
    steps = chunk_steps(contents)
    last = len(steps) - 1 if len(steps) > first + 1 else len(steps)
    return Chunk(
        workflow_name=goal,
        description=description,
        language=None,
        labels_before=tuple(step.rule_label.instruction for step in steps[:first]),
        steps=steps[first:last],
        step_after=steps[last] if last < len(steps) else None,
        whole=steps,
    )


def text_of(sent: Outgoing) -> str:
    """The document as it leaves."""
    return json.dumps(sent.document, ensure_ascii=False)


STRUCTURE = frozenset({"key", "action", "control", "kind"})
"""Their values are words of ours."""


def page_texts(document: Any) -> Iterator[str]:
    """Every text of the document that comes from the recording."""
    if isinstance(document, dict):
        for key, value in document.items():
            if key not in STRUCTURE:
                yield from page_texts(value)
    elif isinstance(document, list):
        for value in document:
            yield from page_texts(value)
    elif isinstance(document, str):
        yield document
