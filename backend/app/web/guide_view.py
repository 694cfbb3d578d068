"""A workflow as its page shows it: its steps in parts, one for each stay on a page, every instruction in pieces."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Literal

from sqlalchemy.orm import Session

from app.accounts import users
from app.accounts.actor import Actor
from app.labeling.pages import Pages
from app.web.i18n import gettext as _
from app.web.wording import short_address
from app.workflows import service as workflows
from app.workflows import steps
from app.workflows.content import Action, StepContent
from app.workflows.models import Label, LabelSource, LabelState
from app.workflows.steps import StepView

SURE, FAIR = 0.8, 0.6
"""Confidence from which a label is called sure, and fairly sure."""

Sureness = Literal["sure", "fair", "check", "pending", "written", "unjudged"]

_QUOTED = re.compile(r'"([^"]+)"|“([^”]+)”')


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an instruction: plain words, the name of something on the screen, or a value to enter."""

    kind: Literal["plain", "name", "value"]
    text: str


@dataclass(frozen=True, slots=True)
class StepItem:
    """A step as a reader sees it."""

    id: int
    number: int
    field_label: str
    words: Sequence[Piece]
    alt: str
    screenshot_id: str | None
    sureness: Sureness
    source: LabelSource | None
    confidence: float | None
    model: str | None
    labelled_at: datetime | None
    failed: bool


@dataclass(frozen=True, slots=True)
class Section:
    """Steps in a row on one page."""

    title: str
    url: str | None
    url_shown: str
    steps: Sequence[StepItem]


@dataclass(frozen=True, slots=True)
class GuideView:
    """The whole page's content."""

    id: int
    name: str
    description: str | None
    status: str
    starting_url: str | None
    start_shown: str
    owner: str
    created_at: datetime
    sections: Sequence[Section]

    @property
    def steps(self) -> list[StepItem]:
        return [step for section in self.sections for step in section.steps]


def build(session: Session, workflow_id: int, actor: Actor) -> GuideView:
    """The workflow's page, if `actor` may see it."""
    workflow = workflows.get(session, workflow_id, actor)
    views = steps.listed(session, workflow_id)
    return GuideView(
        id=workflow.id,
        name=workflow.name,
        description=workflow.description,
        status=workflow.status,
        starting_url=workflow.starting_url,
        start_shown=short_address(workflow.starting_url),
        owner=users.get(session, workflow.owner_id).name,
        created_at=workflow.created_at,
        sections=list(_sections(views)),
    )


def _sections(views: Sequence[StepView]) -> Iterator[Section]:
    contents = [steps.content(view.step) for view in views]
    pages = Pages(contents)

    def page_of(pair: tuple[StepView, StepContent]) -> str:
        page = pair[1].page
        return pages.title(page) or pages.by_address(page)[0]

    for title, group in groupby(zip(views, contents, strict=True), key=page_of):
        members = list(group)
        url = members[0][1].page.url
        items = [_item(view, content) for view, content in members]
        yield Section(title or _("Steps"), url, short_address(url), items)


def _item(view: StepView, content: StepContent) -> StepItem:
    step, label = view.step, view.label
    instruction = label.instruction if label else _("This step has no words yet.")
    return StepItem(
        id=step.id,
        number=step.position,
        field_label=label.field_label if label else _("Step %(number)s") % {"number": step.position},
        words=list(_pieces(instruction, content)),
        alt=_("Screenshot: %(instruction)s") % {"instruction": instruction},
        screenshot_id=step.screenshot_id,
        sureness=_sureness(label, LabelState(step.label_state)),
        source=LabelSource(label.source) if label else None,
        confidence=label.confidence if label else None,
        model=label.model if label else None,
        labelled_at=label.created_at if label else None,
        failed=step.label_state == LabelState.FAILED,
    )


def _pieces(instruction: str, content: StepContent) -> Iterator[Piece]:
    """Quoted names become bold, as the label style wants it in rich text; a value that is typed keeps its own look."""
    typed = content.value if content.action in {Action.INPUT, Action.PASTE} else None
    end = 0
    for quoted in _QUOTED.finditer(instruction):
        if before := instruction[end : quoted.start()]:
            yield Piece("plain", before)
        text = quoted[1] or quoted[2]
        yield Piece("value" if text == typed else "name", text)
        end = quoted.end()
    if rest := instruction[end:]:
        yield Piece("plain", rest)


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
