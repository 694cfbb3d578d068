"""A workflow as its page shows it: the guide's steps in parts, one for each stay on a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from app.accounts import users
from app.accounts.actor import Actor
from app.guides import model as guides
from app.guides.model import Guide, GuideStep
from app.labeling import review
from app.web.i18n import gettext as _
from app.web.wording import FAIR, SURE
from app.workflows import proposals, steps
from app.workflows import service as workflows
from app.workflows.content import NoteKind
from app.workflows.models import Label, LabelSource, LabelState, Workflow
from app.workflows.proposals import Proposal
from app.workflows.steps import StepView

Sureness = Literal["sure", "fair", "check", "pending", "written", "unjudged"]


@dataclass(frozen=True, slots=True)
class StepItem:
    """A step of the guide, and what is known of its words."""

    guide: GuideStep
    view: StepView
    proposal: Proposal | None
    """The newest thing that a model says beside a person's words; None for who may not decide about it."""
    by: str | None
    """Name of the person who wrote the label."""

    @property
    def label(self) -> Label | None:
        return self.view.label

    @property
    def stale(self) -> list[str] | None:
        """What a newer recording changed since the words were written."""
        return self.view.stale

    @property
    def failed(self) -> bool:
        return self.view.step.label_state == LabelState.FAILED

    @property
    def sureness(self) -> Sureness:
        if self.stale:
            return "check"
        return _sureness(self.view.label, LabelState(self.view.step.label_state))

    @property
    def checked(self) -> bool:
        """Whether a person stands behind it."""
        return review.is_checked(self.view)

    @property
    def note_kind(self) -> NoteKind | None:
        """Of what stands between the steps; None for a step."""
        return (self.guide.note_kind or "note") if self.guide.is_note else None

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
    def to_check(self) -> int:
        """How many steps nobody stands behind yet."""
        return sum(not step.checked for step in self.steps)

    @property
    def variables(self) -> dict[str, str]:
        """What stands for a variable until its reader fills it in, by its name."""
        return {each["name"]: each.get("example") or each["label"] for each in self.workflow.variables or ()}

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
    writers = {view.label.user_id for view in views if view.label and view.label.user_id}
    names = users.names(session, writers)
    return GuidePage(workflow, guide, owner, _sections(guide.steps, views, newest, names))


def _sections(
    guide_steps: Sequence[GuideStep],
    views: Sequence[StepView],
    newest: Mapping[int, Proposal],
    names: Mapping[int, str],
) -> list[Section]:
    sections: list[Section] = []
    items: list[StepItem] = []
    for step, view in zip(guide_steps, views, strict=True):
        if step.heading or not sections:
            items = []
            sections.append(Section(step.heading or _("Steps"), view.step.page.get("url"), items))
        by = names.get((view.label and view.label.user_id) or 0)
        items.append(StepItem(step, view, newest.get(view.step.id), by))
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
