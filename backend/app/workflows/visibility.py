"""Who may see what: the one condition that every query about workflows and their screenshots carries."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, exists, or_, select, true

from app.accounts.actor import Actor
from app.accounts.models import Role
from app.storage.models import Screenshot
from app.workflows.models import RemovedStep, Step, Visibility, Workflow
from app.workflows.rerecording.models import RerecordedStep, Rerecording


def visible(actor: Actor) -> ColumnElement[bool]:
    """The workflows that `actor` may see: admins all, others their own and those of the team; none in the trash."""
    return and_(Workflow.deleted_at.is_(None), _theirs(actor))


def in_trash(actor: Actor) -> ColumnElement[bool]:
    """The workflows in the trash that `actor` may put back."""
    mine = true() if actor.role == Role.ADMIN else Workflow.owner_id == actor.user_id
    return and_(Workflow.deleted_at.is_not(None), mine)


def changeable(actor: Actor) -> ColumnElement[bool]:
    """The workflows whose pictures somebody who may write replaces: what they may see, and the same in the trash."""
    return _theirs(actor)


def _theirs(actor: Actor) -> ColumnElement[bool]:
    if actor.role == Role.ADMIN:
        return true()
    return or_(Workflow.visibility == Visibility.TEAM, Workflow.owner_id == actor.user_id)


def visible_screenshots(actor: Actor, screenshot_ids: Collection[str]) -> Select[str]:
    """Which of these the actor may see: their own, and what a step of a workflow that they may see shows.

    What is only proposed, or was replaced, is for those alone who may write.
    """
    own = Screenshot.owner_id == actor.user_id
    shown = exists().where(Step.screenshot_id == Screenshot.id, Step.workflow_id == Workflow.id, visible(actor))
    return select(Screenshot.id).where(Screenshot.id.in_(screenshot_ids), or_(own, shown, *_proposed(actor)))


def _proposed(actor: Actor) -> list[ColumnElement[bool]]:
    if not actor.may("write"):
        return []
    of_theirs = (
        RerecordedStep.rerecording_id == Rerecording.id,
        Rerecording.workflow_id == Workflow.id,
        visible(actor),
    )
    held = (RerecordedStep.screenshot_id, RerecordedStep.replaced_screenshot_id)
    return [exists().where(column == Screenshot.id, *of_theirs) for column in held]


def usable_screenshots(actor: Actor, screenshot_ids: Collection[str]) -> Select[str]:
    """Which of these the actor may give to a step. They stay there until the transaction ends."""
    return visible_screenshots(actor, screenshot_ids).with_for_update(of=Screenshot, read=True, key_share=True)


def screenshot_ids_in_use() -> CompoundSelect[str | None]:
    """The ids of all screenshots that a step shows, one that may be put back, or one of a new recording; a subquery,
    none of them is null."""
    shown, *others = (
        select(column).where(column.is_not(None))
        for column in (
            Step.screenshot_id,
            RemovedStep.screenshot_id,
            RerecordedStep.screenshot_id,
            RerecordedStep.replaced_screenshot_id,
        )
    )
    return shown.union_all(*others)
