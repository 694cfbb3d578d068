"""How often a workflow is opened by its links: a number for each day, and nothing about who opened it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core.clock import now
from app.workflows.models import Share, WorkflowViews


def count(session: Session, share: Share) -> None:
    """One more today, in one statement: of two at once, none is lost."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {"workflow_id": share.workflow_id, "day": now().date().isoformat(), "share_id": share.id, "views": 1}
    statement = insert(WorkflowViews).values(row)
    key = [WorkflowViews.workflow_id, WorkflowViews.day, WorkflowViews.share_id]
    more = {"views": WorkflowViews.views + statement.excluded.views}
    session.execute(statement.on_conflict_do_update(index_elements=key, set_=more))


def total(session: Session, workflow_id: int) -> int:
    """By all links, ever."""
    return sum(by_share(session, workflow_id).values())


def by_share(session: Session, workflow_id: int) -> Mapping[int, int]:
    """How often each link was opened; one that never was is missing."""
    counted = select(WorkflowViews.share_id, func.sum(WorkflowViews.views))
    rows = session.execute(counted.where(WorkflowViews.workflow_id == workflow_id).group_by(WorkflowViews.share_id))
    return {share_id: int(views) for share_id, views in rows}


def by_day(session: Session, workflow_id: int, *, days: int = 30) -> Sequence[tuple[str, int]]:
    """The last days, today's at the end, those without a view too."""
    today = now().date()
    wanted = [(today - timedelta(days=back)).isoformat() for back in reversed(range(days))]
    counted = select(WorkflowViews.day, func.sum(WorkflowViews.views))
    rows = session.execute(
        counted.where(WorkflowViews.workflow_id == workflow_id, WorkflowViews.day >= wanted[0]).group_by(
            WorkflowViews.day
        )
    )
    found = {day: int(views) for day, views in rows}
    return [(day, found.get(day, 0)) for day in wanted]
