"""How a chunk is put to a model, whichever: asked as a whole, asked again in part, given up in part.

    answered    the labels are taken; steps whose part of the answer cannot be used are asked for once more, alone
    truncated   once more with double the room, then in two halves
    refused     once in two halves, then given up

A step that is given up keeps the rules' label and counts as failed.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import structlog

from app.labeling import outgoing
from app.labeling.answers.reading import read
from app.labeling.answers.shape import Answer, step_key
from app.labeling.prompt.question import Question, expected, question
from app.labeling.protocol import Asked, Chunk, ChunkResult, ChunkStep, Desk, Reply, StepLabel, StepResult

log = structlog.get_logger(__name__)

_drawing = threading.Lock()
"""Of this process: pictures of one chunk after another, so that the first call begins while the others are drawn."""
TOO_LONG = "The answer did not fit, even alone."
REFUSED = "The model declined to name this step."


class Model(Protocol):
    """A vendor's adapter."""

    @property
    def vision(self) -> bool:
        """Whether it can see pictures."""

    def ask(self, question: Question) -> Reply:
        """One call. Raises TransientLabelError or PermanentLabelError."""


def label(chunk: Chunk, desk: Desk, model: Model, *, first: Reply | None = None) -> ChunkResult:
    """A label, or why there is none, for every step of the chunk. `first`: what was answered to the whole before."""
    asking = _Asking(chunk, desk, model)
    parts = [_Part(chunk.steps)]
    while parts:
        parts += asking.ask(parts.pop(), first)
        first = None
    return asking.result()


def whole(chunk: Chunk, model: Model) -> tuple[Question, Asked]:
    """The question about a whole chunk, for whoever sends it another way."""
    put = question(chunk, outgoing.build(chunk, pictures=model.vision))
    return put, _asked(chunk.steps, put)


@dataclass(frozen=True, slots=True)
class _Part:
    """Steps that are asked for together, and what was tried with them before."""

    steps: tuple[ChunkStep, ...]
    roomy: bool = False
    halved: bool = False
    repeated: bool = False

    def halves(self) -> list["_Part"]:
        """The later one first: parts are taken from the end."""
        middle = (len(self.steps) + 1) // 2
        return [replace(self, steps=steps, halved=True) for steps in (self.steps[middle:], self.steps[:middle])]


@dataclass(slots=True)
class _Asking:
    """A chunk, and what is known of it so far."""

    chunk: Chunk
    desk: Desk
    model: Model
    labels: dict[int, StepLabel] = field(default_factory=dict)
    failures: dict[int, str] = field(default_factory=dict)
    headings: dict[int, str] = field(default_factory=dict)
    name: str | None = None
    description: str | None = None

    def ask(self, part: _Part, known: Reply | None) -> list[_Part]:
        """Ask once; the parts that are to be asked for now."""
        asked = self._as_chunk(part)
        with _drawing:
            sent = outgoing.build(asked, pictures=self.model.vision)
        put = question(asked, sent)
        if part.roomy:
            put = put.doubled()
        reply = known or self.desk.call(_asked(part.steps, put), lambda: self.model.ask(put))
        if reply.stop == "truncated":
            return self._after_truncation(part)
        if reply.stop == "refused":
            return self._after_refusal(part)
        return self._take(part, read(reply.text, asked, sent))

    def result(self) -> ChunkResult:
        """Of all steps."""
        results = tuple(
            StepResult(step_id, self.labels.get(step_id), self.failures.get(step_id), self.headings.get(step_id))
            for step_id in (step.step_id for step in self.chunk.steps)
        )
        return ChunkResult(results, self.name, self.description)

    def _after_truncation(self, part: _Part) -> list[_Part]:
        if not part.roomy:
            return [replace(part, roomy=True)]
        if len(part.steps) > 1:
            return part.halves()
        return self._give_up(part, TOO_LONG)

    def _after_refusal(self, part: _Part) -> list[_Part]:
        return part.halves() if len(part.steps) > 1 and not part.halved else self._give_up(part, REFUSED)

    def _give_up(self, part: _Part, why: str) -> list[_Part]:
        self.failures |= {step.step_id: why for step in part.steps}
        return []

    def _take(self, part: _Part, answer: Answer) -> list[_Part]:
        """Keep what can be used; what cannot is asked for once more."""
        by_key = {step_key(number): step for number, step in enumerate(part.steps, 1)}
        self.labels |= {by_key[key].step_id: label for key, label in answer.labels.items()}
        self.headings |= {by_key[key].step_id: heading for key, heading in answer.headings.items()}
        self.name = self.name or answer.name
        self.description = self.description or answer.description
        if not answer.unusable:
            return []
        if answer.malformed:
            self.desk.unreadable()
        log.info("answer_not_usable", steps=len(answer.unusable), of=len(part.steps), again=not part.repeated)
        if not part.repeated:
            left = tuple(step for key, step in by_key.items() if key in answer.unusable)
            return [replace(part, steps=left, repeated=True)]
        self.failures |= {by_key[key].step_id: why for key, why in answer.unusable.items()}
        return []

    def _as_chunk(self, part: _Part) -> Chunk:
        """The part as a chunk of its own, which may not say what is said by now."""
        said = tuple(label.instruction for label in self.labels.values())
        chunk = outgoing.part(self.chunk, [step.step_id for step in part.steps])
        return replace(
            chunk,
            labels_elsewhere=(*chunk.labels_elsewhere, *said),
            wants_name=chunk.wants_name and self.name is None,
            wants_description=chunk.wants_description and self.description is None,
        )


def _asked(steps: Sequence[ChunkStep], put: Question) -> Asked:
    return Asked(tuple(step.step_id for step in steps), expected(put), put.room, put.sha256)
