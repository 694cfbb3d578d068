"""A guide as it is read: what a reader's page and `GET /s/{secret}` show of a workflow, and nothing else of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.guides.model import Guide, GuideStep, build, without_secrets
from app.guides.words import Words, plain, split
from app.storage.models import Screenshot
from app.storage.variants import size_of_variant
from app.workflows import steps as workflow_steps
from app.workflows.content import SECRET_KINDS, Action, Variable
from app.workflows.models import Workflow
from app.workflows.steps import StepView

Kind = Literal["step", "note", "tip", "warning"]

TO_TYPE = frozenset({Action.INPUT, Action.NAVIGATE, Action.PASTE})
"""Actions whose value a reader enters in turn."""


_QUOTE = "\ue000"
"""Stands for a quotation mark where one must not begin a name; recordings have no use for this character."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A step's picture; `width` and `height` are those of its variant `crop`, in pixels."""

    screenshot_id: str
    position: int
    """Of the step, which says what is outlined."""
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ReadingStep:
    """A step of the guide, and what a reader does with it."""

    guide: GuideStep
    position: int
    kind: Kind
    words: tuple[Words, ...]
    """The sentence in parts, the variables in names and in values apart."""
    copies: tuple[tuple[Words, ...], ...]
    """What stands in the sentence to be entered as it is."""
    picture: Picture | None

    @property
    def anchor(self) -> str:
        """What an address of this step ends with."""
        return f"note-{self.position}" if self.guide.is_note else f"step-{self.guide.number}"

    @property
    def short(self) -> str:
        """What the table of contents calls it."""
        return self.guide.field_label or plain(self.words)


@dataclass(frozen=True, slots=True)
class Section:
    """Steps in a row under one heading; the first may have none."""

    title: str | None
    steps: Sequence[ReadingStep]


@dataclass(frozen=True, slots=True)
class Reading:
    """A workflow to be read and followed."""

    guide: Guide
    variables: tuple[Variable, ...]
    """Those that the steps mention, in the order in which they were declared."""
    sections: Sequence[Section]

    @property
    def steps(self) -> list[ReadingStep]:
        return [step for section in self.sections for step in section.steps]

    @property
    def examples(self) -> Mapping[str, str]:
        """What stands for each variable until a reader fills it in."""
        return {variable.name: variable.example or variable.label for variable in self.variables}


def read(session: Session, workflow: Workflow) -> Reading:
    """The workflow as a reader sees it."""
    views = workflow_steps.listed(session, workflow.id)
    guide = build(workflow, views)
    sizes = _sizes(session, views)
    steps = [_step(step, view, sizes) for step, view in zip(guide.steps, views, strict=True)]
    return Reading(guide, _variables(workflow, steps), _sections(steps))


def _sections(steps: Sequence[ReadingStep]) -> list[Section]:
    sections: list[Section] = []
    items: list[ReadingStep] = []
    for step in steps:
        if step.guide.heading or not sections:
            items = []
            sections.append(Section(step.guide.heading, items))
        items.append(step)
    return sections


def _sizes(session: Session, views: Sequence[StepView]) -> Mapping[str, tuple[int, int]]:
    shown = {view.step.screenshot_id for view in views if view.step.screenshot_id}
    rows = session.execute(select(Screenshot.id, Screenshot.width, Screenshot.height).where(Screenshot.id.in_(shown)))
    return {screenshot_id: (width, height) for screenshot_id, width, height in rows}


def _step(guide: GuideStep, view: StepView, sizes: Mapping[str, tuple[int, int]]) -> ReadingStep:
    picture, image = None, guide.image
    if image and (size := sizes.get(image.screenshot_id)):
        width, height = size_of_variant("crop", *size, image.box, image.viewport)
        picture = Picture(image.screenshot_id, view.step.position, width, height)
    words = tuple(_with_variables(guide.words))
    return ReadingStep(guide, view.step.position, _kind(guide, view), words, _copies(guide, view, words), picture)


def _with_variables(words: Sequence[Words]) -> Iterator[Words]:
    """The parts, those that hold a variable divided once more: `"{{customer}}"` is a name to `words.split`."""
    for part in words:
        if part.kind in {"variable", "link"} or "{{" not in part.text:
            yield part
            continue
        for piece in split(part.text.replace('"', _QUOTE)):
            kind = piece.kind if piece.kind == "variable" else part.kind
            yield Words(piece.text.replace(_QUOTE, '"'), kind)


def _kind(guide: GuideStep, view: StepView) -> Kind:
    if not guide.is_note:
        return "step"
    return view.step.note_kind if view.step.note_kind in {"tip", "warning"} else "note"


def _copies(guide: GuideStep, view: StepView, words: Sequence[Words]) -> tuple[tuple[Words, ...], ...]:
    """Code, and what is to be typed: only where the sentence shows it anyway."""
    found = [tuple(_with_variables([Words(part.text)])) for part in guide.words if part.kind == "code"]
    step = view.step
    if step.action in TO_TYPE and step.value_kind not in SECRET_KINDS:
        found += [(part,) for part in words if part.kind == "variable"]
        value = without_secrets(step.value or "")
        if value and f'"{value}"' in guide.instruction:
            found.append(tuple(_with_variables([Words(value)])))
    return tuple(dict.fromkeys(found))


def _variables(workflow: Workflow, steps: Sequence[ReadingStep]) -> tuple[Variable, ...]:
    used = {part.text for step in steps for part in step.words if part.kind == "variable"}
    declared = [Variable.model_validate(each) for each in workflow.variables or ()]
    return tuple(
        Variable(
            name=each.name,
            label=without_secrets(each.label),
            example=without_secrets(each.example) if each.example else None,
        )
        for each in declared
        if each.name in used
    )
