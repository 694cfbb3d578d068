"""The review of a workflow: its steps, the doubtful ones first, and the one that is looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.guides import words
from app.guides.words import Words
from app.labeling import review, style
from app.web import guide_view
from app.web.guide_view import StepItem
from app.workflows import label_history, labels
from app.workflows.label_history import PastLabel
from app.workflows.models import LabelSource, Workflow


@dataclass(frozen=True, slots=True)
class Draft:
    """Words that were not written: sent by somebody who was too late, or with a mistake."""

    field_label: str
    instruction: str


@dataclass(frozen=True, slots=True)
class Checked:
    """How a sentence will be read, and what the style says of it."""

    words: tuple[Words, ...]
    problems: Sequence[style.StyleProblem]
    length: int


@dataclass(frozen=True, slots=True)
class Focus:
    """The step that is looked at."""

    item: StepItem
    before: StepItem | None
    after: StepItem | None
    alternatives: Sequence[PastLabel]
    """The newest other words of each source."""
    history: Sequence[PastLabel]
    checked: Checked
    """Of the words in the form."""


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """The whole page's content."""

    workflow: Workflow
    title: str
    variables: Mapping[str, str]
    """What stands for a variable until its reader fills it in, by its name."""
    queue: Sequence[StepItem]
    """The doubtful ones first."""
    focus: Focus | None
    """None: everything is checked, and no step was asked for."""

    @property
    def checked(self) -> int:
        return sum(item.checked for item in self.queue)


def build(
    session: Session, workflow_id: int, actor: Actor, step_id: int | None = None, draft: Draft | None = None
) -> ReviewPage:
    """The review, looking at this step, else at the first that nobody checked."""
    page = guide_view.build(session, workflow_id, actor)
    queue = ordered(page.steps)
    item = next((item for item in queue if item.guide.id == step_id), None)
    item = item or next((item for item in queue if not item.checked), None)
    focus = _focus(session, page, queue, item, draft) if item else None
    return ReviewPage(page.workflow, page.guide.title, page.variables, queue, focus)


def ordered(items: Sequence[StepItem]) -> list[StepItem]:
    """The steps to review, the most doubtful first; notes are a person's anyway."""
    by_id = {item.guide.id: item for item in items if not item.guide.is_note}
    return [by_id[view.step.id] for view in review.by_doubt(item.view for item in by_id.values())]


def following(queue: Sequence[StepItem], step_id: int) -> int | None:
    """The next step after this one that nobody checked, in a circle; None: there is none but it."""
    place = next((place for place, item in enumerate(queue) if item.guide.id == step_id), 0)
    circle = [*queue[place + 1 :], *queue[:place]]
    return next((item.guide.id for item in circle if not item.checked), None)


def check(field_label: str, instruction: str, page: guide_view.GuidePage, item: StepItem) -> Checked:
    """How these words will be read as a person's, and what is against them."""
    text = labels.clean(instruction)
    parts = words.split(text, name=labels.clean(field_label), value=item.view.step.value, rich=True)
    others = [_judged(other.guide.words) for other in page.steps if other is not item]
    language = page.workflow.language or "en"
    problems = style.check(field_label, _judged(parts), others=others, language=language)
    return Checked(parts, problems, len(text))


def _judged(parts: Sequence[Words]) -> str:
    """The sentence as its style is judged: code may look as it must, and a variable is read as its name."""
    told = {"code": "code", "variable": "it"}
    return "".join(f'"{part.text}"' if part.is_name else told.get(part.kind, part.text) for part in parts)


def _focus(
    session: Session,
    page: guide_view.GuidePage,
    queue: Sequence[StepItem],
    item: StepItem,
    draft: Draft | None,
) -> Focus:
    place = next(place for place, each in enumerate(queue) if each is item)
    history = label_history.of_steps(session, [item.view]).get(item.guide.id, [])
    shown = draft or Draft(item.guide.field_label or "", item.guide.instruction)
    return Focus(
        item=item,
        before=queue[place - 1] if place else None,
        after=queue[place + 1] if place + 1 < len(queue) else None,
        alternatives=_alternatives(history, item),
        history=history,
        checked=check(shown.field_label, shown.instruction, page, item),
    )


def _alternatives(history: Sequence[PastLabel], item: StepItem) -> list[PastLabel]:
    label = item.label
    said = {(label.field_label, label.instruction)} if label else set()
    if item.proposal:
        said.add((item.proposal.label.field_label, item.proposal.label.instruction))
    found: dict[LabelSource, PastLabel] = {}
    for past in history:
        texts = (past.label.field_label, past.label.instruction)
        source = LabelSource(past.label.source)
        if source not in found and texts not in said:
            found[source] = past
            said.add(texts)
    return list(found.values())
