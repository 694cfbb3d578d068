"""The trash: what was deleted lies there for some days, where nobody sees it but who may put it back."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import Actor
from app.core import preferences
from app.core.clock import now
from app.core.pages import Page, cursor_at, page_of, place_at
from app.workflows import search, service
from app.workflows.errors import MayNotChange, WorkflowNotFound
from app.workflows.finding import storable
from app.workflows.listing import WorkflowSummary, summaries
from app.workflows.models import Workflow
from app.workflows.ordering import moment_of
from app.workflows.visibility import in_trash

ORDER = "trash"
AT_A_TIME = 50


def put(session: Session, workflow_id: int, actor: Actor) -> Workflow:
    """Into the trash: of one's own workflows, as an admin of all."""
    workflow = service.get(session, workflow_id, actor, for_change=True)
    service.require_own(workflow, actor)
    search.remove(session, [workflow.id])
    _set(session, workflow, now())
    audit.record(session, actor, "workflow_trashed", f"workflow:{workflow.id}", owner=workflow.owner_id)
    return workflow


def restore(session: Session, workflow_id: int, actor: Actor) -> Workflow:
    """Back to where it was."""
    workflow = _find(session, workflow_id, actor)
    _set(session, workflow, None)
    search.index(session, [workflow.id])
    audit.record(session, actor, "workflow_restored", f"workflow:{workflow.id}", owner=workflow.owner_id)
    return workflow


def erase(session: Session, workflow_id: int, actor: Actor) -> None:
    """For good, with everything that belongs to it."""
    service.erase(session, _find(session, workflow_id, actor), actor)


def listed(session: Session, actor: Actor, *, limit: int = 50, cursor: str | None = None) -> Page[WorkflowSummary]:
    """What `actor` may put back, the last deleted first."""
    lying = select(Workflow).where(in_trash(actor))
    if cursor is not None:
        value, number = place_at(ORDER, cursor)
        moment = moment_of(value)
        older = (Workflow.deleted_at < moment) | ((Workflow.deleted_at == moment) & (Workflow.id < number))
        lying = lying.where(Workflow.deleted_at <= moment, older)
    newest = lying.order_by(Workflow.deleted_at.desc(), Workflow.id.desc()).limit(limit + 1)
    page = page_of(session.scalars(newest).all(), limit, _cursor)
    return Page(summaries(session, page.items), page.next_cursor)


def expire(session: Session) -> int:
    """Erase some of what has lain there for TRASH_DAYS; how many, 0: no more is left."""
    old = now() - timedelta(days=preferences.settings(session).trash_days)
    due = select(Workflow).where(Workflow.deleted_at.is_not(None), Workflow.deleted_at < old)
    found = session.scalars(due.order_by(Workflow.deleted_at).limit(AT_A_TIME).with_for_update(skip_locked=True)).all()
    for workflow in found:
        service.erase(session, workflow, None)
    return len(found)


def _find(session: Session, workflow_id: int, actor: Actor) -> Workflow:
    """The workflow in the trash, locked, if `actor` may do something about it."""
    lying = select(Workflow).where(Workflow.id == storable(workflow_id), in_trash(actor))
    locked = lying.with_for_update(key_share=True).execution_options(populate_existing=True)
    workflow = session.scalar(locked)
    if workflow is None:
        raise WorkflowNotFound
    if not actor.may("write"):
        raise MayNotChange
    return workflow


def _set(session: Session, workflow: Workflow, deleted_at: datetime | None) -> None:
    session.execute(update(Workflow).where(Workflow.id == workflow.id).values(deleted_at=deleted_at))
    session.refresh(workflow)


def _cursor(workflow: Workflow) -> str:
    return cursor_at(ORDER, workflow.deleted_at.isoformat() if workflow.deleted_at else "", workflow.id)
