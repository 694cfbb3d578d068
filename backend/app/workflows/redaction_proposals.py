"""Which parts of a step's picture a person probably wants to hide: proposed, never painted by itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.personal_in_text import Kind, kinds_in
from app.storage.models import Screenshot
from app.workflows import redaction, steps
from app.workflows.content import SECRET_KINDS, Action, Box, StepContent, Viewport
from app.workflows.models import Step
from app.workflows.redaction import StepHasNoPicture

Reason = Literal["marked", "entered"] | Kind
"""`marked`: by the recorder; `entered`: a field with a value; else what its words look like."""

_ENTERING = frozenset({Action.INPUT, Action.PASTE, Action.SELECT, Action.UPLOAD})
_SAME = 3.0
"""CSS pixels by which two boxes may differ and be one place."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A rectangle in CSS pixels of the viewport, why, and the step of the same page from which it is known."""

    box: Box
    reason: Reason
    step_id: int
    position: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A step's picture with what could be hidden in it, and the steps around it that have one."""

    step: Step
    screenshot: Screenshot
    viewport: Viewport | None
    proposed: Sequence[Proposed]
    on_page: int
    """How many pictures the steps of this page show."""
    in_workflow: int
    previous: int | None
    next: int | None


def look(session: Session, workflow_id: int, step_id: int, actor: Actor) -> Picture:
    """The picture of a step that `actor` may see. Raises `StepHasNoPicture`."""
    step = steps.get(session, workflow_id, step_id, actor).step
    if step.screenshot_id is None:
        raise StepHasNoPicture
    in_order = select(Step).where(Step.workflow_id == workflow_id).order_by(Step.position)
    pictured = [each for each in session.scalars(in_order) if each.screenshot_id]
    ids = [each.id for each in pictured]
    at = ids.index(step.id)
    on_page = redaction.chosen(pictured, step, "page")
    return Picture(
        step=step,
        screenshot=session.get_one(Screenshot, step.screenshot_id),
        viewport=steps.content(step).page.viewport,
        proposed=_proposed(step, on_page),
        on_page=len({each.screenshot_id for each in on_page}),
        in_workflow=len({each.screenshot_id for each in pictured}),
        previous=ids[at - 1] if at else None,
        next=ids[at + 1] if at + 1 < len(ids) else None,
    )


def _proposed(step: Step, on_page: Sequence[Step]) -> list[Proposed]:
    """This step's own places first; those of other steps only where the page had the same size."""
    viewport = steps.content(step).page.viewport
    found: list[Proposed] = []
    for each in on_page:
        content = steps.content(each)
        if content.page.viewport != viewport:
            continue
        for box, reason in _places(content):
            if not any(_is_same(box, known.box) for known in found):
                found.append(Proposed(box, reason, each.id, each.position))
    return found


def _places(content: StepContent) -> Iterator[tuple[Box, Reason]]:
    for box in content.sensitive_regions or ():
        yield box, "marked"
    target = content.target
    if target is None or target.box is None or not (target.box.width and target.box.height):
        return
    if content.action in _ENTERING and (content.value or content.value_kind in SECRET_KINDS):
        yield target.box, "entered"
    texts = [target.name, target.text, content.value, *target.attributes.values()]
    for kind in kinds_in("\n".join(filter(None, texts))):
        yield target.box, kind


def _is_same(one: Box, other: Box) -> bool:
    pairs = ((one.x, other.x), (one.y, other.y), (one.width, other.width), (one.height, other.height))
    return all(abs(a - b) <= _SAME for a, b in pairs)
