"""Lists of workflows: found by words, narrowed down by filters, in an order, page by page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TypedDict, Unpack

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.models import User
from app.core.pages import Page, page_of
from app.workflows import attention, tags
from app.workflows import search as search_index
from app.workflows.attention import Attention
from app.workflows.finding import storable
from app.workflows.models import Step, Workflow, WorkflowStatus
from app.workflows.ordering import Order, Sort
from app.workflows.visibility import visible

MAX_PAGE = 200
IN_NO_FOLDER = 0


class Filters(TypedDict, total=False):
    """What a list is narrowed down to; what is left out or None does not count."""

    status: WorkflowStatus | None
    labels: Attention | None
    owner: int | None
    site: str | None
    folder: int | None
    """`IN_NO_FOLDER`: those in none."""
    tag: Sequence[str]
    """All of these."""


@dataclass(frozen=True, slots=True)
class WorkflowSummary:
    """A workflow in a list."""

    workflow: Workflow
    owner_name: str
    steps: int
    screenshot_id: str | None
    """Of the first step that has one."""
    tags: Sequence[str] = field(default=())


def search(
    session: Session,
    actor: Actor,
    *,
    q: str | None = None,
    sort: Sort = Sort.NEWEST,
    limit: int = 50,
    cursor: str | None = None,
    **filters: Unpack[Filters],
) -> Page[WorkflowSummary]:
    """Workflows that `actor` may see; with `q`, those with words beginning with each of its words."""
    limit, order = max(1, min(limit, MAX_PAGE)), Order(sort)
    conditions = [visible(actor), *_conditions(filters)]
    if cursor is not None:
        conditions.append(order.after(order.place(cursor)))
    if q is None or not q.strip():
        listed = select(Workflow).where(*conditions).order_by(*order.by())
        found: Sequence[Workflow] = session.scalars(listed.limit(limit + 1)).all()
    elif words := search_index.query_words(q):
        found = search_index.matching(session, conditions, words, limit + 1, order)
    else:
        found = []  # nothing but signs: no workflow has such a word
    page = page_of(found, limit, order.cursor)
    return Page(summaries(session, page.items), page.next_cursor)


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if (status := filters.get("status")) is not None:
        found.append(Workflow.status == status)
    if (wanted := filters.get("labels")) is not None:
        found.append(attention.needs(wanted))
    if (owner := filters.get("owner")) is not None:
        found.append(Workflow.owner_id == storable(owner))
    if (site := filters.get("site")) is not None:
        found.append(Workflow.site == site.lower())
    if (folder := filters.get("folder")) is not None:
        in_none = folder == IN_NO_FOLDER
        found.append(Workflow.folder_id.is_(None) if in_none else Workflow.folder_id == storable(folder))
    return [*found, *(Workflow.id.in_(tags.having(tag)) for tag in filters.get("tag") or ())]


def summaries(session: Session, workflows: Collection[Workflow]) -> list[WorkflowSummary]:
    """What a list shows of these."""
    ids = [workflow.id for workflow in workflows]
    owners = {workflow.owner_id for workflow in workflows}
    names = dict(session.execute(select(User.id, User.name).where(User.id.in_(owners))).all())
    of_these = Step.workflow_id.in_(ids)
    counted = select(Step.workflow_id, func.count()).where(of_these).group_by(Step.workflow_id)
    counts = dict(session.execute(counted).all())
    pictured = (
        select(Step.workflow_id, func.min(Step.position).label("position"))
        .where(of_these, Step.screenshot_id.is_not(None))
        .group_by(Step.workflow_id)
        .subquery()
    )
    first = select(Step.workflow_id, Step.screenshot_id).join(
        pictured, (pictured.c.workflow_id == Step.workflow_id) & (pictured.c.position == Step.position)
    )
    pictures = dict(session.execute(first).all())
    tagged = tags.of(session, ids)
    return [
        WorkflowSummary(w, names[w.owner_id], counts.get(w.id, 0), pictures.get(w.id), tagged.get(w.id, ()))
        for w in workflows
    ]
