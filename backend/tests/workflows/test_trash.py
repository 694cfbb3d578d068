"""Deleted for a while, put back, erased when its time is over."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.models import AuditEvent
from app.core.clock import now
from app.workflows import folders, service, tags, trash
from app.workflows.changes import WorkflowChanges
from app.workflows.errors import MayNotChange, NotYourWorkflow, WorkflowNotFound
from app.workflows.models import Label, Step, Workflow
from tests.workflows.conftest import make_workflow


def test_only_the_owner_and_admins_delete(
    session: Session, workflow: Workflow, colleague: Actor, viewer: Actor, admin: Actor
) -> None:
    with pytest.raises(NotYourWorkflow):
        trash.put(session, workflow.id, colleague)
    with pytest.raises(MayNotChange):
        trash.put(session, workflow.id, viewer)
    trash.put(session, workflow.id, admin)
    with pytest.raises(WorkflowNotFound):
        trash.put(session, workflow.id, admin)


def test_in_the_trash_nobody_finds_it(
    session: Session, workflow: Workflow, owner: Actor, admin: Actor, colleague: Actor
) -> None:
    tags.put(session, workflow, ["money"])
    trash.put(session, workflow.id, owner)
    for actor in (owner, admin, colleague):
        assert service.search(session, actor).items == []
        assert service.search(session, actor, q="save").items == []
        assert tags.known(session, actor) == []
        with pytest.raises(WorkflowNotFound):
            service.get(session, workflow.id, actor)
    assert [item.workflow.id for item in trash.listed(session, owner).items] == [workflow.id]
    assert [item.workflow.id for item in trash.listed(session, admin).items] == [workflow.id]
    assert trash.listed(session, colleague).items == []


def test_it_comes_back_as_it_was(session: Session, workflow: Workflow, owner: Actor, colleague: Actor) -> None:
    before = workflow.version, workflow.updated_at
    with pytest.raises(WorkflowNotFound):
        trash.restore(session, workflow.id, owner)  # it is not there
    trash.put(session, workflow.id, owner)
    with pytest.raises(WorkflowNotFound):
        trash.restore(session, workflow.id, colleague)
    trash.restore(session, workflow.id, owner)
    assert [item.workflow.id for item in service.search(session, owner, q="save").items] == [workflow.id]
    assert (workflow.version, workflow.updated_at) == before
    said = session.scalars(select(AuditEvent.action).where(AuditEvent.subject == f"workflow:{workflow.id}")).all()
    assert said == ["workflow_trashed", "workflow_restored"]


def test_erasing_takes_everything_along(session: Session, workflow: Workflow, owner: Actor, colleague: Actor) -> None:
    trash.put(session, workflow.id, owner)
    with pytest.raises(WorkflowNotFound):
        trash.erase(session, workflow.id, colleague)
    trash.erase(session, workflow.id, owner)
    for table in (Workflow, Step, Label):
        assert session.scalar(select(func.count()).select_from(table)) == 0


def test_the_trash_comes_in_pages(session: Session, owner: Actor) -> None:
    moment = now()
    made = [make_workflow(session, owner, name) for name in "abcde"]
    for workflow, days in zip(made, (3, 1, 1, 2, 4), strict=True):
        trash.put(session, workflow.id, owner)
        session.execute(
            update(Workflow).where(Workflow.id == workflow.id).values(deleted_at=moment - timedelta(days=days))
        )
        session.refresh(workflow)
    names, cursor = [], None
    for _ in range(3):
        page = trash.listed(session, owner, limit=2, cursor=cursor)
        names += [item.workflow.name for item in page.items]
        cursor = page.next_cursor
    assert (names, cursor) == (list("cbdae"), None)


def test_what_has_lain_there_long_enough_is_erased(session: Session, owner: Actor) -> None:
    old, young, alive = (make_workflow(session, owner, name) for name in ("old", "young", "alive"))
    for workflow, days in ((old, 31), (young, 29)):
        trash.put(session, workflow.id, owner)
        deleted = update(Workflow).where(Workflow.id == workflow.id)
        session.execute(deleted.values(deleted_at=now() - timedelta(days=days)))
    assert trash.expire(session) == 1
    assert trash.expire(session) == 0
    assert session.scalars(select(Workflow.id).order_by(Workflow.id)).all() == [young.id, alive.id]


def test_a_folder_that_is_gone_holds_nothing_back(session: Session, workflow: Workflow, owner: Actor) -> None:
    folder = folders.create(session, owner, "Finance")
    version = workflow.version
    service.update(session, workflow.id, owner, changes=WorkflowChanges(folder_id=folder.id, tags=["money"]))
    assert (workflow.folder_id, workflow.version) == (folder.id, version)
    trash.put(session, workflow.id, owner)
    folders.delete(session, folder.id, owner)
    assert trash.restore(session, workflow.id, owner).folder_id is None


def test_a_folder_that_is_not_there_takes_nothing(
    session: Session, workflow: Workflow, owner: Actor, viewer: Actor
) -> None:
    for number in (7, 0, 2**70):
        with pytest.raises(folders.FolderNotFound):
            service.update(session, workflow.id, owner, changes=WorkflowChanges(folder_id=number))
    with pytest.raises(MayNotChange):
        folders.create(session, viewer, "Finance")
