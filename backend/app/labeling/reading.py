"""What a labeler needs to know, read at once at the start of a run: no transaction stays open while it thinks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.labeling import pictures
from app.labeling.leases import LeaseLost
from app.labeling.protocol import Chunk, ChunkStep, StepLabel
from app.labeling.rules.derive import NOTHING_READ, derive_labels
from app.workflows import labels
from app.workflows.content import StepContent
from app.workflows.models import Label, LabelSource, Step, Workflow
from app.workflows.steps import content

if TYPE_CHECKING:
    from app.labeling.ocr import Reading

LONG_STEPS = 15
"""From so many steps on a guide is easier to follow in sections."""


@dataclass(frozen=True, slots=True)
class Material:
    """A whole workflow: the rules need all its steps to tell those with the same name from each other."""

    workflow_name: str
    """Empty, as the description is None, unless a person wrote it: a model is told what people said, nothing else."""
    description: str | None
    language: str | None
    steps: tuple[ChunkStep, ...]
    shown: dict[int, str]
    """The instruction that each step shows now."""
    shown_before: dict[int, str]
    """The same before the run wrote any: so every chunk of it is told the same, whenever it is sent."""
    shots: pictures.Shots
    wants_name: bool
    wants_description: bool
    wants_headings: bool

    @property
    def rule_labels(self) -> dict[int, StepLabel]:
        """By the steps' numbers."""
        return {step.step_id: step.rule_label for step in self.steps}

    def chunk(self, step_ids: Sequence[int]) -> Chunk:
        """These steps (those that still exist) with what stands around them."""
        wanted = set(step_ids)
        places = [place for place, step in enumerate(self.steps) if step.step_id in wanted]
        first, after = (places[0], places[-1] + 1) if places else (0, len(self.steps))
        return Chunk(
            workflow_name=self.workflow_name,
            description=self.description,
            language=self.language,
            labels_before=tuple(
                self.shown_before[step.step_id] for step in self.steps[:first] if step.step_id in self.shown_before
            ),
            steps=tuple(self.steps[place] for place in places),
            step_after=self.steps[after] if after < len(self.steps) else None,
            whole=self.steps,
            labels_elsewhere=tuple(text for step_id, text in self.shown.items() if step_id not in wanted),
            wants_name=self.wants_name and first == 0,
            wants_description=self.wants_description and first == 0,
            wants_headings=self.wants_headings,
        )


def read(session: Session, workflow_id: int, *, click_verb: str, run_id: int | None = None) -> Material:
    """Everything about the workflow, for this run. LeaseLost: it was deleted."""
    workflow = session.get(Workflow, workflow_id)
    if workflow is None:
        raise LeaseLost
    rows = session.scalars(select(Step).where(Step.workflow_id == workflow_id).order_by(Step.position)).all()
    contents = [content(row) for row in rows]
    rule_labels = _by_rules(contents, click_verb)
    ids = [row.id for row in rows]
    shown = _instructions(labels.shown(session, ids))
    shots = pictures.of_steps(session, contents)
    steps = tuple(
        ChunkStep(row.id, row.position, recorded, rule_label, picture)
        for row, recorded, rule_label, picture in zip(
            rows, contents, rule_labels, pictures.for_model(contents, shots), strict=True
        )
    )
    return Material(
        workflow.name if workflow.name_source == LabelSource.HUMAN else "",
        workflow.description if workflow.description_source == LabelSource.HUMAN else None,
        workflow.language,
        steps,
        shown,
        shown if run_id is None else _instructions(labels.shown(session, ids, before_run=run_id)),
        shots,
        wants_name=workflow.name_source == LabelSource.RULES,
        wants_description=workflow.description is None,
        wants_headings=len(rows) >= LONG_STEPS and not any(row.heading for row in rows),
    )


def with_names_from_pictures(material: Material, reader: "Callable[[bytes], Reading]", *, click_verb: str) -> Material:
    """The same with rule labels that say what stands on controls which the page gives no name. To be called while no
    transaction is open: reading takes its time."""
    from app.labeling.ocr import names_from_pictures  # noqa: PLC0415 - an extra that is off by default

    contents = [step.content for step in material.steps]
    names = names_from_pictures(contents, lambda index: pictures.original(contents[index], material.shots), reader)
    if not names:
        return material
    labels = _by_rules(contents, click_verb, names)
    steps = tuple(replace(step, rule_label=label) for step, label in zip(material.steps, labels, strict=True))
    return replace(material, steps=steps)


def _by_rules(
    contents: Sequence[StepContent], click_verb: str, names: Mapping[int, str] = NOTHING_READ
) -> list[StepLabel]:
    derived = derive_labels(contents, click_verb=click_verb, read=names)
    return [StepLabel(label.field_label, label.instruction, label.confidence) for label in derived]


def _instructions(shown: Mapping[int, Label]) -> dict[int, str]:
    return {step_id: label.instruction for step_id, label in shown.items()}
