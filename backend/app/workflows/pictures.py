"""A screenshot as a step shows it: which picture, and where in it the element is."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.errors import NotFound
from app.storage.models import Screenshot
from app.workflows.content import Box, Page, StepContent, Target, Viewport
from app.workflows.models import Step, Workflow
from app.workflows.rerecording.models import RerecordedStep, Rerecording
from app.workflows.service import storable
from app.workflows.visibility import visible, visible_screenshots


class ScreenshotNotFound(NotFound):
    """There is no screenshot with this id, or you may not see it."""


@dataclass(frozen=True, slots=True)
class StepPicture:
    """A screenshot, and the box of the step's element in CSS pixels of the viewport."""

    screenshot: Screenshot
    box: Box | None = None
    viewport: Viewport | None = None


def find(session: Session, actor: Actor, screenshot_id: str, *, step_id: int | None = None) -> StepPicture:
    """The screenshot as step `step_id` shows it; without one, as the first step does that shows it."""
    if session.scalar(visible_screenshots(actor, [screenshot_id])) is None:
        raise ScreenshotNotFound
    screenshot = session.get_one(Screenshot, screenshot_id)
    shown = (
        select(Step)
        .join(Workflow, Workflow.id == Step.workflow_id)
        .where(Step.screenshot_id == screenshot_id, visible(actor))
        .order_by(Step.id)
    )
    step = session.scalar((shown if step_id is None else shown.where(Step.id == storable(step_id))).limit(1))
    if step is None:
        return StepPicture(screenshot)
    return of_step(screenshot, step)


def find_rerecorded(session: Session, actor: Actor, screenshot_id: str, step_id: int) -> StepPicture:
    """The screenshot as this step of a new recording shows it."""
    found = find(session, actor, screenshot_id, step_id=0)
    shown = (
        select(RerecordedStep)
        .join(Rerecording, Rerecording.id == RerecordedStep.rerecording_id)
        .join(Workflow, Workflow.id == Rerecording.workflow_id)
        .where(RerecordedStep.id == storable(step_id), RerecordedStep.screenshot_id == screenshot_id, visible(actor))
    )
    step = session.scalar(shown) if actor.may("write") else None
    if step is None:
        return found
    content = StepContent.model_validate(step.content)
    return StepPicture(found.screenshot, content.target.box if content.target else None, content.page.viewport)


def of_step(screenshot: Screenshot, step: Step) -> StepPicture:
    """The screenshot with what `step` says of it."""
    target = Target.model_validate(step.target) if step.target else None
    return StepPicture(screenshot, target.box if target else None, Page.model_validate(step.page).viewport)
