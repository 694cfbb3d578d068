"""A workflow as its page shows it: the guide's steps in parts, one for each stay on a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from app.accounts import users
from app.accounts.actor import Actor
from app.guides import model as guides
from app.guides.model import Guide, GuideStep
from app.web.i18n import gettext as _
from app.web.wording import FAIR, SURE
from app.workflows import proposals, steps
from app.workflows import service as workflows
from app.workflows.models import Label, LabelSource, LabelState, Workflow
from app.workflows.proposals import Proposal
from app.workflows.steps import StepView

Sureness = Literal["sure", "fair", "check", "pending", "written", "unjudged"]


@dataclass(frozen=True, slots=True)
class StepItem:
    """A step of the guide, and what is known of its words."""

    guide: GuideStep
    label: Label | None
    failed: bool
    sureness: Sureness
    proposal: Proposal | None
    """The newest thing that a model says beside a person's words; None for who may not decide about it."""

    @property
    def anchor(self) -> str:
        """What an address of this step ends with."""
        return f"note-{self.guide.id}" if self.guide.is_note else f"step-{self.guide.number}"

    @property
    def short(self) -> str:
        """What the table of contents calls it."""
        return self.guide.field_label or self.guide.instruction


@dataclass(frozen=True, slots=True)
class Section:
    """Steps in a row on one page."""

    title: str
    url: str | None
    steps: Sequence[StepItem]


@dataclass(frozen=True, slots=True)
class GuidePage:
    """The whole page's content."""

    workflow: Workflow
    guide: Guide
    owner: str
    sections: Sequence[Section]

    @property
    def steps(self) -> list[StepItem]:
        return [step for section in self.sections for step in section.steps]

    @property
    def proposals(self) -> int:
        """How many steps have one."""
        return sum(step.proposal is not None for step in self.steps)


def build(session: Session, workflow_id: int, actor: Actor) -> GuidePage:
    """The workflow's page, if `actor` may see it."""
    workflow = workflows.get(session, workflow_id, actor)
    views = steps.listed(session, workflow_id)
    guide = guides.build(workflow, views)
    owner = users.get(session, workflow.owner_id).name
    waiting = [view.step.id for view in views if view.proposals] if actor.may("write") else []
    newest = {step_id: found[0] for step_id, found in proposals.of_steps(session, waiting).items()}
    return GuidePage(workflow, guide, owner, _sections(guide.steps, views, newest))


def _sections(
    guide_steps: Sequence[GuideStep], views: Sequence[StepView], newest: Mapping[int, Proposal]
) -> list[Section]:
    sections: list[Section] = []
    items: list[StepItem] = []
    for step, view in zip(guide_steps, views, strict=True):
        if step.heading or not sections:
            items = []
            sections.append(Section(step.heading or _("Steps"), view.step.page.get("url"), items))
        state = LabelState(view.step.label_state)
        failed, proposal = state == LabelState.FAILED, newest.get(view.step.id)
        items.append(StepItem(step, view.label, failed, _sureness(view.label, state), proposal))
    return sections


def _sureness(label: Label | None, state: LabelState) -> Sureness:
    if state == LabelState.PENDING:
        return "pending"
    if label is None:
        return "check"
    if label.source == LabelSource.HUMAN:
        return "written"
    if label.confidence is None:
        return "unjudged"
    return "sure" if label.confidence >= SURE else "fair" if label.confidence >= FAIR else "check"
