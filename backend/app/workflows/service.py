"""Workflows: read, found, changed, deleted. Their steps and labels are in the files beside this one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete as sql_delete
from sqlalchemy import func, select
from sqlalchemy import update as sql_update
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import Actor
from app.accounts.models import Role, User
from app.core.addresses import site
from app.core.clock import now
from app.core.pages import Page, cursor_after, id_before
from app.workflows import edits, finding, news
from app.workflows import search as search_index
from app.workflows.changes import WorkflowChanges, sent
from app.workflows.errors import CannotUndo, NotYourWorkflow, StatusNotAllowed, VersionConflict
from app.workflows.models import LabelSource, Step, Workflow, WorkflowStatus
from app.workflows.visibility import visible

MAX_PAGE = 200

NEXT: dict[WorkflowStatus, frozenset[WorkflowStatus]] = {
    WorkflowStatus.PROCESSING: frozenset({WorkflowStatus.DRAFT}),
    WorkflowStatus.DRAFT: frozenset({WorkflowStatus.PUBLISHED}),
    WorkflowStatus.PUBLISHED: frozenset({WorkflowStatus.ARCHIVED, WorkflowStatus.DRAFT}),
    WorkflowStatus.ARCHIVED: frozenset({WorkflowStatus.DRAFT}),
}
"""Where a person may take a workflow from each status."""

SOURCES = {"name": "name_source", "description": "description_source"}
"""Who wrote a field, beside it."""


get = finding.get
storable = finding.storable


@dataclass(frozen=True, slots=True)
class WorkflowSummary:
    """A workflow in a list."""

    workflow: Workflow
    owner_name: str
    steps: int
    screenshot_id: str | None
    """Of the first step that has one."""


def search(
    session: Session,
    actor: Actor,
    *,
    q: str | None = None,
    status: WorkflowStatus | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[WorkflowSummary]:
    """Workflows that `actor` may see, newest first; with `q`, those with words beginning with each of its words."""
    limit = max(1, min(limit, MAX_PAGE))
    conditions = [visible(actor)]
    if status is not None:
        conditions.append(Workflow.status == status)
    if cursor is not None:
        conditions.append(Workflow.id < id_before(cursor))
    if q is None or not q.strip():
        newest = select(Workflow).where(*conditions).order_by(Workflow.id.desc())
        found: Sequence[Workflow] = session.scalars(newest.limit(limit + 1)).all()
    elif words := search_index.query_words(q):
        found = search_index.matching(session, conditions, words, limit + 1)
    else:
        found = []  # nothing but signs: no workflow has such a word
    more = cursor_after(found[limit - 1].id) if len(found) > limit else None
    return Page(_summaries(session, found[:limit]), more)


def update(
    session: Session, workflow_id: int, actor: Actor, *, changes: WorkflowChanges, version: int | None = None
) -> Workflow:
    """Change what was sent; with `version`, only if nobody else changed the workflow since."""
    workflow = get(session, workflow_id, actor, for_change=True)
    new = sent(changes, WorkflowChanges)
    if version is not None and version != workflow.version:
        raise _conflict(workflow, new)
    if not new:
        return workflow
    if "visibility" in new and new["visibility"] != workflow.visibility:
        _require_own(workflow, actor)
    if "status" in new:
        _check_status(WorkflowStatus(workflow.status), new["status"])
    if "starting_url" in new:
        new["site"] = site(new["starting_url"])
    if "variables" in new:
        new["variables"] = [each.model_dump(exclude_defaults=True) for each in new["variables"] or ()] or None
    new |= {source: LabelSource.HUMAN for field, source in SOURCES.items() if field in new}
    before = {field: getattr(workflow, field) for field in new if field != "variables"}
    was_published = workflow.status == WorkflowStatus.PUBLISHED
    bump(session, workflow, **new)
    changed = {field: old for field, old in before.items() if old != getattr(workflow, field)}
    if changed.keys() - SOURCES.values():
        after = {field: getattr(workflow, field) for field in changed}
        edits.record(session, workflow, actor, "workflow_changed", before=changed, after=after)
    search_index.index(session, [workflow_id])
    if workflow.status == WorkflowStatus.PUBLISHED and not was_published:
        news.tell_published(session, workflow_id)
    return workflow


@edits.undoes("workflow_changed")
def _change_back(session: Session, workflow: Workflow, actor: Actor, facts: dict[str, Any]) -> None:
    if any(getattr(workflow, field) != value for field, value in facts["after"].items()):
        raise CannotUndo("Somebody has changed the same since: what they did stays.")
    if "visibility" in facts["before"]:
        _require_own(workflow, actor)
    bump(session, workflow, **facts["before"])
    search_index.index(session, [workflow.id])


def delete(session: Session, workflow_id: int, actor: Actor) -> None:
    """Delete a workflow with everything that belongs to it, for good."""
    workflow = get(session, workflow_id, actor, for_change=True)
    _require_own(workflow, actor)
    search_index.remove(session, [workflow_id])
    session.expunge(workflow)
    session.execute(sql_delete(Workflow).where(Workflow.id == workflow_id))  # steps and labels: by the database
    audit.record(session, actor, "workflow_deleted", f"workflow:{workflow_id}", owner=workflow.owner_id)


def bump(session: Session, workflow: Workflow, **values: Any) -> Workflow:
    """Write values and the next version, if the row still has the version that was read."""
    version = workflow.version
    statement = sql_update(Workflow).where(Workflow.id == workflow.id, Workflow.version == version)
    done = session.connection().execute(statement.values(**values, version=version + 1, updated_at=now()))
    session.refresh(workflow)
    if not done.rowcount:
        raise _conflict(workflow, values)
    return workflow


def mark_processing(session: Session, workflow_id: int) -> None:
    """A draft is being labelled; what is published or archived stays so."""
    _set_status(session, workflow_id, WorkflowStatus.DRAFT, WorkflowStatus.PROCESSING)


def mark_draft(session: Session, workflow_id: int) -> None:
    """Labelling is over: ready for review, unless a person has taken the workflow further."""
    _set_status(session, workflow_id, WorkflowStatus.PROCESSING, WorkflowStatus.DRAFT)


def _set_status(session: Session, workflow_id: int, before: WorkflowStatus, after: WorkflowStatus) -> None:
    statement = sql_update(Workflow).where(Workflow.id == workflow_id, Workflow.status == before)
    session.execute(statement.values(status=after))


def _check_status(before: WorkflowStatus, after: WorkflowStatus) -> None:
    if after != before and after not in NEXT[before]:
        allowed = " or ".join(sorted(NEXT[before]))
        raise StatusNotAllowed(f"A workflow that is {before} can become {allowed}, not {after}.", field="status")


def _require_own(workflow: Workflow, actor: Actor) -> None:
    if workflow.owner_id != actor.user_id and actor.role != Role.ADMIN:
        raise NotYourWorkflow


def _conflict(workflow: Workflow, yours: dict[str, Any]) -> VersionConflict:
    theirs = {field: getattr(workflow, field) for field in yours}
    return VersionConflict(yours=yours, theirs=theirs, version=workflow.version)


def _summaries(session: Session, workflows: Collection[Workflow]) -> list[WorkflowSummary]:
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
    return [WorkflowSummary(w, names[w.owner_id], counts.get(w.id, 0), pictures.get(w.id)) for w in workflows]
