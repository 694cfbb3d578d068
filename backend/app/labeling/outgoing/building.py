"""The one place where recorded steps become what a model sees of them."""

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from PIL import Image

from app.labeling.outgoing import document, entered
from app.labeling.outgoing.restoring import Restored
from app.labeling.outgoing.values import Value
from app.labeling.outgoing.words import Words
from app.labeling.protocol import Chunk, ChunkStep, Picture

KINDS: tuple[Picture, ...] = ("crop", "page")


@dataclass(frozen=True, slots=True)
class SentPicture:
    """A JPEG that goes with the document, numbered from 1 through all steps."""

    number: int
    key: str
    kind: Picture
    data: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        """Of its bytes."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """All that a model sees of a recording, and what puts the values back into what it answers."""

    document: dict[str, Any]
    pictures: tuple[SentPicture, ...]
    sha256: str
    """Of document and pictures."""
    restored: Mapping[str, Restored] = field(default_factory=dict, repr=False)

    def restore(self, key: str, text: str, *, quoted: bool = True) -> str:
        """The text with `{value}` and `{value of step 3}` as step `key` says them, where such stood in what was sent.

        `quoted`: an ordinary value stands in quotes, as in an instruction; a control's short name has none.
        """
        return self.restored[key].text(text, in_quotes=quoted) if key in self.restored else text


def build(chunk: Chunk, *, pictures: bool = True) -> Outgoing:
    """What leaves for a model: nothing else that was recorded may. The same chunk gives the same bytes."""
    whole = chunk.whole or (*chunk.steps, *filter(None, [chunk.step_after]))
    typed = entered.typed_values(whole)
    before = [step for step in whole if not chunk.steps or step.position < chunk.steps[0].position]
    built: dict[str, Any] = {
        "workflow": document.workflow_part(chunk, Words(None, typed)),
        "labels_before": document.labels_before(chunk, Words(None, [*typed, *entered.chosen_values(before)])),
        "steps": [],
    }
    sent: list[SentPicture] = []
    placed: dict[str, tuple[ChunkStep, Words]] = {}
    for number, step in enumerate(chunk.steps, start=1):
        key = f"s{number:02}"
        words = _words_of(step, typed)
        part = document.step_part(key, step, words, _neighbours(step, whole))
        if pictures:
            shown = _pictures(key, step, len(sent) + 1)
            sent += shown
            part |= {"pictures": [picture.number for picture in shown]} if shown else {}
        built["steps"].append(part)
        placed[key] = (step, words)
    if chunk.step_after is not None:
        after = chunk.step_after
        built["step_after"] = document.step_part(None, after, _words_of(after, typed), _neighbours(after, whole))
    return Outgoing(built, tuple(sent), _hash(built, sent), _restored(placed, whole, built))


def part(chunk: Chunk, step_ids: Sequence[int]) -> Chunk:
    """Some steps of a chunk as a chunk of their own: always the same for the same steps, so that it can be shown."""
    wanted = set(step_ids)
    steps = tuple(step for step in chunk.steps if step.step_id in wanted)
    if not steps or len(steps) == len(chunk.steps):
        return chunk
    before = [step.rule_label.instruction for step in chunk.steps if step.position < steps[0].position]
    behind = [step for step in chunk.steps if step.position > steps[-1].position]
    return replace(
        chunk,
        steps=steps,
        labels_before=(*chunk.labels_before, *before),
        step_after=behind[0] if behind else chunk.step_after,
        wants_name=chunk.wants_name and not before,
        wants_description=chunk.wants_description and not before,
    )


def _words_of(step: ChunkStep, typed: Sequence[Value]) -> Words:
    own = entered.own_value(step)
    return Words(own, [value for value in typed if value.text.strip().lower() != (own and own.text.strip().lower())])


def _neighbours(step: ChunkStep, whole: Sequence[ChunkStep]) -> list[ChunkStep]:
    return [other for other in whole if abs(other.position - step.position) == 1]


def _pictures(key: str, step: ChunkStep, first: int) -> list[SentPicture]:
    shown: list[SentPicture] = []
    for kind in KINDS:
        if data := step.picture(kind):
            with Image.open(io.BytesIO(data), formats=["JPEG"]) as opened:
                shown.append(SentPicture(first + len(shown), key, kind, data, *opened.size))
    return shown


def _hash(built: dict[str, Any], sent: Sequence[SentPicture]) -> str:
    pictures = [[picture.number, picture.key, picture.kind, picture.sha256] for picture in sent]
    return hashlib.sha256(_text([built, pictures]).encode()).hexdigest()


def _restored(
    placed: Mapping[str, tuple[ChunkStep, Words]], whole: Sequence[ChunkStep], built: dict[str, Any]
) -> dict[str, Restored]:
    contents = {step.position: step.content for step in whole}
    parts = {part["key"]: _text(part) for part in built["steps"]}
    sent = _text(built)
    restored: dict[str, Restored] = {}
    for key, (step, words) in placed.items():
        shown = f"{step.rule_label.field_label}\n{step.rule_label.instruction}"
        restored[key] = Restored.of(step.content, parts[key], words.found, by_position=contents, sent=sent, shown=shown)
    return restored


def _text(facts: Any) -> str:
    """Always the same for the same facts."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
