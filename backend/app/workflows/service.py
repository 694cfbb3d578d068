"""Workflows: read, found, changed, deleted. Their steps and labels are in the files beside this one."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import delete as sql_delete
from sqlalchemy import select
from sqlalchemy import update as sql_update
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import Actor
from app.accounts.models import Role
from app.core.addresses import site
from app.core.clock import now
from app.workflows import edits, finding, folders, news, tags
from app.workflows import search as search_index
from app.workflows.changes import WorkflowChanges, sent
from app.workflows.errors import CannotUndo, NotYourWorkflow, StatusNotAllowed, VersionConflict
from app.workflows.listing import WorkflowSummary, search
from app.workflows.models import LabelSource, Workflow, WorkflowStatus
from app.workflows.visibility import visible

__all__ = [
    "NEXT",
    "WorkflowSummary",
    "among",
    "bump",
    "delete",
    "erase",
    "get",
    "mark_draft",
    "mark_processing",
    "require_own",
    "search",
    "storable",
    "update",
]

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


def among(session: Session, workflow_ids: Collection[int], actor: Actor) -> Sequence[Workflow]:
    """Those of these workflows that `actor` may see."""
    ids = [number for number in workflow_ids if storable(number)]
    return session.scalars(select(Workflow).where(Workflow.id.in_(ids), visible(actor)).order_by(Workflow.id)).all()


def update(
    session: Session, workflow_id: int, actor: Actor, *, changes: WorkflowChanges, version: int | None = None
) -> Workflow:
    """Change what was sent; with `version`, only if nobody else changed the workflow since."""
    workflow = get(session, workflow_id, actor, for_change=True)
    new = sent(changes, WorkflowChanges)
    if version is not None and version != workflow.version:
        raise _conflict(workflow, new)
    _organise(session, workflow, new)
    if not new:
        return workflow
    if "visibility" in new and new["visibility"] != workflow.visibility:
        require_own(workflow, actor)
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
        require_own(workflow, actor)
    bump(session, workflow, **facts["before"])
    search_index.index(session, [workflow.id])


def delete(session: Session, workflow_id: int, actor: Actor) -> None:
    """Delete a workflow with everything that belongs to it, for good."""
    workflow = get(session, workflow_id, actor, for_change=True)
    require_own(workflow, actor)
    erase(session, workflow, actor)


def erase(session: Session, workflow: Workflow, actor: Actor | None) -> None:
    """Delete it, whoever asks; None: nobody did, its time was over."""
    search_index.remove(session, [workflow.id])
    session.expunge(workflow)
    session.execute(sql_delete(Workflow).where(Workflow.id == workflow.id))  # steps and labels: by the database
    audit.record(session, actor, "workflow_deleted", f"workflow:{workflow.id}", owner=workflow.owner_id)


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


def _organise(session: Session, workflow: Workflow, new: dict[str, Any]) -> None:
    """Folder and tags, taken out of `new`: where a workflow lies is no change of it, so its version stays."""
    if "tags" in new:
        tags.put(session, workflow, new.pop("tags") or [])
    if "folder_id" in new:
        folder_id = new.pop("folder_id")
        values = {"folder_id": None if folder_id is None else folders.get(session, folder_id).id}
        session.execute(sql_update(Workflow).where(Workflow.id == workflow.id).values(**values))
        session.refresh(workflow)


def require_own(workflow: Workflow, actor: Actor) -> None:
    """Raise NotYourWorkflow unless it is the actor's own, or they are an admin."""
    if workflow.owner_id != actor.user_id and actor.role != Role.ADMIN:
        raise NotYourWorkflow


def _conflict(workflow: Workflow, yours: dict[str, Any]) -> VersionConflict:
    theirs = {field: getattr(workflow, field) for field in yours}
    return VersionConflict(yours=yours, theirs=theirs, version=workflow.version)
