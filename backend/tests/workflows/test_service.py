import pytest
from pydantic import ValidationError
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.clock import now
from app.labeling.models import LabelingChunk, LabelingRun
from app.storage.models import Screenshot
from app.workflows import service, steps
from app.workflows.changes import WorkflowChanges
from app.workflows.content import Action, StepContent
from app.workflows.errors import MayNotChange, NotYourWorkflow, StatusNotAllowed, VersionConflict, WorkflowNotFound
from app.workflows.models import Label, Step, Visibility, Workflow, WorkflowStatus
from app.workflows.visibility import screenshot_ids_in_use, visible_screenshots
from tests.workflows.conftest import make_workflow

PROCESSING, DRAFT, PUBLISHED, ARCHIVED = WorkflowStatus


@pytest.fixture
def hidden(session: Session, owner: Actor) -> Workflow:
    return make_workflow(session, owner, visibility=Visibility.PRIVATE)


def test_what_is_not_there_or_not_visible_is_not_found(
    session: Session, colleague: Actor, viewer: Actor, admin: Actor, hidden: Workflow
) -> None:
    for number in (0, -1, 999, 2**63, 10**30):
        with pytest.raises(WorkflowNotFound):
            service.get(session, number, admin)
    for actor in (colleague, viewer):
        with pytest.raises(WorkflowNotFound):
            service.get(session, hidden.id, actor)
        with pytest.raises(WorkflowNotFound):
            service.delete(session, hidden.id, actor)
        with pytest.raises(WorkflowNotFound):
            service.update(session, hidden.id, actor, changes=WorkflowChanges(name="Mine"))
    assert service.get(session, hidden.id, admin) is hidden


def test_a_viewer_reads_and_does_not_write(session: Session, viewer: Actor, workflow: Workflow) -> None:
    assert service.get(session, workflow.id, viewer) is workflow
    with pytest.raises(MayNotChange):
        service.get(session, workflow.id, viewer, for_change=True)
    with pytest.raises(MayNotChange):
        service.delete(session, workflow.id, viewer)


def test_only_owner_and_admins_delete_and_hide(
    session: Session, colleague: Actor, admin: Actor, workflow: Workflow
) -> None:
    with pytest.raises(NotYourWorkflow):
        service.delete(session, workflow.id, colleague)
    with pytest.raises(NotYourWorkflow):
        service.update(session, workflow.id, colleague, changes=WorkflowChanges(visibility=Visibility.PRIVATE))
    same = WorkflowChanges(visibility=Visibility.TEAM, name="Renamed")
    assert service.update(session, workflow.id, colleague, changes=same).name == "Renamed"
    hide = WorkflowChanges(visibility=Visibility.PRIVATE)
    assert service.update(session, workflow.id, admin, changes=hide).visibility == Visibility.PRIVATE


def test_nothing_of_a_deleted_workflow_stays(session: Session, owner: Actor, workflow: Workflow) -> None:
    other = make_workflow(session, owner)
    run = LabelingRun(workflow_id=workflow.id)
    session.add(run)
    session.flush()
    session.add(LabelingChunk(run_id=run.id, number=1, step_ids=[]))
    session.flush()
    service.delete(session, workflow.id, owner)
    with pytest.raises(WorkflowNotFound):
        service.get(session, workflow.id, owner)
    counts = [session.scalar(select(func.count()).select_from(table)) for table in (Workflow, Step, Label)]
    assert counts == [1, 3, 3]
    for table in (LabelingRun, LabelingChunk):
        assert session.scalar(select(func.count()).select_from(table)) == 0
    assert session.scalar(text("SELECT count(*) FROM workflow_search")) == 1
    assert len(steps.listed(session, other.id)) == 3


def test_a_stale_change_is_refused_with_both_texts(
    session: Session, owner: Actor, colleague: Actor, workflow: Workflow
) -> None:
    service.update(session, workflow.id, colleague, version=1, changes=WorkflowChanges(name="Theirs"))
    yours = WorkflowChanges(name="Yours", description="New")
    for stale in (1, 3, 10**30):
        with pytest.raises(VersionConflict) as caught:
            service.update(session, workflow.id, owner, version=stale, changes=yours)
        facts = caught.value.facts
        assert facts["yours"] == {"name": "Yours", "description": "New"}
        assert (facts["theirs"], facts["version"]) == ({"name": "Theirs", "description": None}, 2)
    assert service.update(session, workflow.id, owner, version=2, changes=yours).version == 3


def test_only_what_was_sent_changes(session: Session, owner: Actor, workflow: Workflow) -> None:
    before = now()
    everything = WorkflowChanges(name=" A ", description="d", starting_url="https://a.example", language="de-CH")
    service.update(session, workflow.id, owner, changes=everything)
    changed = service.update(session, workflow.id, owner, changes=WorkflowChanges(description=None))
    assert (changed.name, changed.description, changed.starting_url) == ("A", None, "https://a.example")
    assert (changed.language, changed.version) == ("de-CH", 3)
    assert changed.updated_at >= before
    assert service.update(session, workflow.id, owner, changes=WorkflowChanges()).version == 3


def test_changes_that_cannot_be_are_refused() -> None:
    names = [{"name": name} for name in (None, "", " ", "x" * 201, "\x00", "\ud800", 1)]
    others = [{"status": None}, {"status": "gone"}, {"visibility": None}, {"language": "x"}, {"owner_id": 2}]
    for wrong in (*names, *others, {"description": "\x00"}, {"starting_url": "\u202e"}):
        with pytest.raises(ValidationError):
            WorkflowChanges.model_validate(wrong)


def test_a_status_follows_the_one_before(session: Session, owner: Actor, workflow: Workflow) -> None:
    allowed = {(PROCESSING, DRAFT), (DRAFT, PUBLISHED), (PUBLISHED, ARCHIVED), (PUBLISHED, DRAFT), (ARCHIVED, DRAFT)}
    for before in WorkflowStatus:
        for after in WorkflowStatus:
            workflow.status = before
            session.flush()
            if (before, after) in allowed or before == after:
                changed = service.update(session, workflow.id, owner, changes=WorkflowChanges(status=after))
                assert changed.status == after
            else:
                with pytest.raises(StatusNotAllowed, match=f"that is {before} can become .*, not {after}"):
                    service.update(session, workflow.id, owner, changes=WorkflowChanges(status=after))


def test_labelling_moves_between_processing_and_draft_alone(session: Session, workflow: Workflow) -> None:
    after = {}
    for mark in (service.mark_processing, service.mark_draft):
        for status in WorkflowStatus:
            workflow.status = status
            session.flush()
            mark(session, workflow.id)
            session.refresh(workflow)
            after[mark.__name__, status] = workflow.status
    moved = {key: status for key, status in after.items() if status != key[1]}
    assert moved == {("mark_processing", DRAFT): PROCESSING, ("mark_draft", PROCESSING): DRAFT}


def test_a_picture_is_seen_by_its_owner_and_with_the_workflow_that_shows_it(
    session: Session, owner: Actor, viewer: Actor, admin: Actor, hidden: Workflow
) -> None:
    kept = {"sha256": "s", "blob": "b", "media_type": "image/png", "width": 1, "height": 1, "bytes": 1}
    session.add(Screenshot(id="p", owner_id=owner.user_id, **kept))
    session.flush()
    everyone = (owner, viewer, admin)

    def seen_by() -> list[Actor]:
        return [actor for actor in everyone if session.scalar(visible_screenshots(actor, ["p"]))]

    assert seen_by() == [owner]
    assert session.scalars(screenshot_ids_in_use()).all() == []
    steps.add(session, hidden.id, owner, StepContent(action=Action.NOTE, screenshot_id="p"))
    assert seen_by() == [owner, admin]
    service.update(session, hidden.id, owner, changes=WorkflowChanges(visibility=Visibility.TEAM))
    assert seen_by() == list(everyone)
    assert session.scalars(screenshot_ids_in_use()).all() == ["p"]
    assert service.search(session, viewer).items[0].screenshot_id == "p"
    assert not session.scalar(visible_screenshots(admin, ["nothing"]))
