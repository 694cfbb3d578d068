"""Who may see what: the one condition that every query about workflows and their screenshots carries."""

from sqlalchemy import ColumnElement, Select, exists, or_, select, true
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.models import Role
from app.storage.models import Screenshot
from app.workflows.models import Step, Visibility, Workflow


def visible(actor: Actor) -> ColumnElement[bool]:
    """The workflows that `actor` may see: admins all, others their own and those of the team."""
    if actor.role == Role.ADMIN:
        return true()
    return or_(Workflow.visibility == Visibility.TEAM, Workflow.owner_id == actor.user_id)


def can_see_screenshot(session: Session, actor: Actor, screenshot_id: str) -> bool:
    """Whether it is theirs, or a step of a workflow that they may see shows it."""
    own = exists().where(Screenshot.id == screenshot_id, Screenshot.owner_id == actor.user_id)
    shown = (
        exists()
        .where(Step.screenshot_id == screenshot_id, Step.workflow_id == Workflow.id, visible(actor))
        .correlate_except(Step, Workflow)
    )
    return bool(session.scalar(select(or_(own, shown))))


def screenshot_ids_in_use() -> Select[str | None]:
    """The ids of all screenshots that a step shows, as a subquery; none of them is null."""
    return select(Step.screenshot_id).where(Step.screenshot_id.is_not(None))
