"""What a labeler needs to know, read at once at the start of a run: no transaction stays open while it thinks."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.labeling.leases import LeaseLost
from app.labeling.protocol import Chunk, ChunkStep, Picture, StepLabel
from app.workflows.content import NO_PAGE, Page, StepContent, Target
from app.workflows.models import Label, LabelSource, Step, Workflow

RANK = {LabelSource.RULES: 0, LabelSource.AI: 1, LabelSource.HUMAN: 2}


@dataclass(frozen=True, slots=True)
class Material:
    """A whole workflow: the rules need all its steps to tell those with the same name from each other."""

    workflow_name: str
    description: str | None
    language: str | None
    steps: tuple[ChunkStep, ...]
    shown: dict[int, str]
    """The instruction that each step shows now."""

    def chunk(self, step_ids: Sequence[int]) -> Chunk:
        """These steps (those that still exist) with what stands around them."""
        wanted = set(step_ids)
        places = [place for place, step in enumerate(self.steps) if step.step_id in wanted]
        first, after = (places[0], places[-1] + 1) if places else (0, len(self.steps))
        return Chunk(
            workflow_name=self.workflow_name,
            description=self.description,
            language=self.language,
            labels_before=tuple(self.shown[step.step_id] for step in self.steps[:first] if step.step_id in self.shown),
            steps=tuple(self.steps[place] for place in places),
            step_after=self.steps[after] if after < len(self.steps) else None,
        )


def read(session: Session, workflow_id: int, *, click_verb: str) -> Material:
    """Everything about the workflow. LeaseLost: it was deleted."""
    workflow = session.get(Workflow, workflow_id)
    if workflow is None:
        raise LeaseLost
    rows = session.scalars(select(Step).where(Step.workflow_id == workflow_id).order_by(Step.position)).all()
    contents = [_content(row) for row in rows]
    rule_labels = _derive(contents, click_verb)
    steps = tuple(
        ChunkStep(row.id, row.position, content, rule_label, _no_picture)
        for row, content, rule_label in zip(rows, contents, rule_labels, strict=True)
    )
    return Material(workflow.name, workflow.description, workflow.language, steps, _shown(session, workflow_id))


def _shown(session: Session, workflow_id: int) -> dict[int, str]:
    labels = session.execute(
        select(Label.step_id, Label.source, Label.instruction)
        .join(Step, Step.id == Label.step_id)
        .where(Step.workflow_id == workflow_id)
        .order_by(Label.id)
    ).all()
    return {label.step_id: label.instruction for label in sorted(labels, key=lambda label: RANK[label.source])}


def _content(row: Step) -> StepContent:
    return StepContent(
        action=row.action,
        timestamp=row.timestamp,
        target=Target.model_validate(row.target) if row.target else None,
        value=row.value,
        value_kind=row.value_kind,
        page=Page.model_validate(row.page) if row.page else NO_PAGE,
        screenshot_id=row.screenshot_id,
    )


def _derive(contents: Sequence[StepContent], click_verb: str) -> list[StepLabel]:
    return [
        StepLabel(name, f"{click_verb} {name}.", 0.5)
        for content in contents
        for name in [(content.target and content.target.name) or content.action.value]
    ]


def _no_picture(_: Picture) -> bytes | None:
    return None
