"""What goes on in the background, as a person sees it: what needs them first, what is under way, what is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.pages import Page, cursor_after, id_before
from app.labeling.models import ACTIVE, LabelingRun, ParkedFor, RunState
from app.workflows.models import Workflow
from app.workflows.visibility import visible

MOST_COUNTED = 100
"""Nobody needs to know more exactly how many wait."""

Section = Literal["attention", "active", "over"]

_WAITS = (LabelingRun.state == RunState.NEEDS_ATTENTION, LabelingRun.acknowledged_at.is_(None))
_SECTIONS: dict[Section, ColumnElement[bool]] = {
    "attention": _WAITS[0] & _WAITS[1],
    "active": LabelingRun.state.in_(ACTIVE),
    "over": or_(
        LabelingRun.state.in_((RunState.SUCCEEDED, RunState.PARTIAL, RunState.FAILED, RunState.CANCELLED)),
        LabelingRun.acknowledged_at.is_not(None),
    ),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A run with its workflow's name."""

    run: LabelingRun
    workflow_name: str


def waiting_for_a_person(session: Session, actor: Actor) -> int:
    """How many runs need attention that the actor may see; not counted beyond `MOST_COUNTED`."""
    some = (
        select(LabelingRun.id)
        .join(Workflow, Workflow.id == LabelingRun.workflow_id)
        .where(*_WAITS, visible(actor))
        .limit(MOST_COUNTED)
    )
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def listed(
    session: Session,
    actor: Actor,
    section: Section,
    *,
    state: RunState | None = None,
    parked_for: ParkedFor | None = None,
    limit: int,
    cursor: str | None = None,
) -> Page[Seen]:
    """The runs of a section, newest first."""
    query = (
        select(LabelingRun, Workflow.name)
        .join(Workflow, Workflow.id == LabelingRun.workflow_id)
        .where(visible(actor), _SECTIONS[section])
    )
    if state is not None:
        query = query.where(LabelingRun.state == state)
    if parked_for is not None:
        query = query.where(LabelingRun.parked_for == parked_for)
    if cursor is not None:
        query = query.where(LabelingRun.id < id_before(cursor))
    found = [Seen(run, name) for run, name in session.execute(query.order_by(LabelingRun.id.desc()).limit(limit + 1))]
    more = len(found) > limit
    return Page(found[:limit], cursor_after(found[limit - 1].run.id) if more else None)


def under_way(session: Session, actor: Actor, *, limit: int) -> tuple[Sequence[Seen], int]:
    """Those at work first, then those that wait, and how many there are in all."""
    mine = (visible(actor), _SECTIONS["active"])
    together = select(LabelingRun, Workflow.name).join(Workflow, Workflow.id == LabelingRun.workflow_id).where(*mine)
    order = (LabelingRun.state == RunState.QUEUED, LabelingRun.id)
    rows = [Seen(run, name) for run, name in session.execute(together.order_by(*order).limit(limit))]
    if len(rows) < limit:
        return rows, len(rows)
    count = select(func.count()).select_from(LabelingRun).join(Workflow, Workflow.id == LabelingRun.workflow_id)
    return rows, session.scalar(count.where(*mine)) or 0
