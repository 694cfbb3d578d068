"""What a person did can be undone, and what others did since stays."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.workflows import edits, labels, proposals, service, steps
from app.workflows.changes import LabelChanges, StepChanges, WorkflowChanges
from app.workflows.errors import (
    CannotUndo,
    EditNotFound,
    LabelUnusable,
    MayNotChange,
    NotYourWorkflow,
    VersionConflict,
    WorkflowNotFound,
)
from app.workflows.labels import NewLabel
from app.workflows.models import Edit, Label, LabelSource, Step, Visibility, Workflow, WorkflowStatus


@pytest.fixture
def step_id(session: Session, workflow: Workflow) -> int:
    """The second step; a model named it after the rules did."""
    number = steps.listed(session, workflow.id)[1].step.id
    by_model(session, number, "Click Save.")
    return number


def by_model(session: Session, step_id: int, text: str) -> None:
    labels.add(session, {step_id: NewLabel("Save", text, 0.7, LabelSource.AI, "m-1")})


def rewrite(session: Session, workflow: Workflow, step_id: int, actor: Actor, text: str) -> None:
    version = session.scalar(select(Step.version).where(Step.id == step_id)) or 0
    changes = StepChanges(label=LabelChanges(instruction=text))
    steps.change(session, workflow.id, step_id, actor, version=version, changes=changes)


def said(session: Session, step_id: int) -> tuple[str, str]:
    label = labels.shown(session, [step_id])[step_id]
    return label.instruction, label.source


def version_of(session: Session, step_id: int) -> int:
    return session.scalars(select(Step.version).where(Step.id == step_id)).one()


def test_there_is_nothing_to_undo(session: Session, workflow: Workflow, owner: Actor, colleague: Actor) -> None:
    with pytest.raises(EditNotFound):
        edits.undo(session, workflow.id, owner)
    service.update(session, workflow.id, owner, changes=WorkflowChanges(name="Another"))
    edit = edits.listed(session, workflow.id, owner)[0]
    with pytest.raises(EditNotFound):
        edits.undo(session, workflow.id, colleague)
    for number in (0, edit.id + 1, 2**70):
        with pytest.raises(EditNotFound):
            edits.undo(session, workflow.id, owner, number)


def test_only_who_may_write_undoes_and_only_who_may_see_looks(
    session: Session, workflow: Workflow, owner: Actor, viewer: Actor, colleague: Actor
) -> None:
    changes = WorkflowChanges(name="Another", visibility=Visibility.PRIVATE)
    service.update(session, workflow.id, owner, changes=changes)
    edit = edits.listed(session, workflow.id, owner)[0]
    with pytest.raises(WorkflowNotFound):
        edits.listed(session, workflow.id, colleague)
    with pytest.raises(WorkflowNotFound):
        edits.undo(session, workflow.id, colleague, edit.id)
    workflow.visibility = Visibility.TEAM
    session.flush()
    with pytest.raises(MayNotChange):
        edits.undo(session, workflow.id, viewer, edit.id)


def test_what_was_undone_is_not_undone_again(session: Session, workflow: Workflow, step_id: int, owner: Actor) -> None:
    rewrite(session, workflow, step_id, owner, "Keep it.")
    edit = edits.undo(session, workflow.id, owner)
    assert edit.undone_at is not None
    for number in (None, edit.id):
        with pytest.raises(EditNotFound):
            edits.undo(session, workflow.id, owner, number)


def test_an_edit_of_another_version_of_this_program_stays(session: Session, workflow: Workflow, owner: Actor) -> None:
    session.add(Edit(workflow_id=workflow.id, user_id=owner.user_id, what="unheard_of", facts={}))
    session.flush()
    with pytest.raises(CannotUndo, match="another version"):
        edits.undo(session, workflow.id, owner)


def test_rewritten_words_go_one_by_one(session: Session, workflow: Workflow, step_id: int, owner: Actor) -> None:
    rewrite(session, workflow, step_id, owner, "Keep it.")
    rewrite(session, workflow, step_id, owner, "Store it.")
    seen = []
    for _ in range(2):
        seen.append(said(session, step_id))
        before = version_of(session, step_id)
        assert edits.undo(session, workflow.id, owner).what == "label_changed"
        assert version_of(session, step_id) == before + 1
    assert [*seen, said(session, step_id)] == [("Store it.", "human"), ("Keep it.", "human"), ("Click Save.", "ai")]
    assert service.search(session, owner, q="store").items == []
    assert len(labels.history(session, step_id)) == 4, "every label is kept"


def test_what_a_colleague_wrote_since_stays(
    session: Session, workflow: Workflow, step_id: int, owner: Actor, colleague: Actor
) -> None:
    rewrite(session, workflow, step_id, owner, "Keep it.")
    rewrite(session, workflow, step_id, colleague, "Store it.")
    edits.undo(session, workflow.id, owner)
    assert said(session, step_id) == ("Store it.", "human")
    edits.undo(session, workflow.id, colleague)
    assert said(session, step_id) == ("Click Save.", "ai")


def test_the_words_of_a_step_that_was_removed_cannot_be_taken_back(
    session: Session, workflow: Workflow, step_id: int, owner: Actor
) -> None:
    rewrite(session, workflow, step_id, owner, "Keep it.")
    edit = edits.listed(session, workflow.id, owner)[0]
    steps.remove(session, workflow.id, step_id, owner)
    with pytest.raises(CannotUndo, match="removed since"):
        edits.undo(session, workflow.id, owner, edit.id)
    assert edit.undone_at is None


def test_a_stale_confirmation_is_refused(session: Session, workflow: Workflow, step_id: int, owner: Actor) -> None:
    rewrite(session, workflow, step_id, owner, "Keep it.")
    with pytest.raises(VersionConflict):
        steps.confirm(session, workflow.id, step_id, owner, version=1)


def test_a_step_without_words_cannot_be_confirmed(session: Session, workflow: Workflow, owner: Actor) -> None:
    bare = Step(workflow_id=workflow.id, position=4, action="note", page={})
    session.add(bare)
    session.flush()
    with pytest.raises(LabelUnusable):
        steps.confirm(session, workflow.id, bare.id, owner)


def test_confirming_makes_the_same_words_a_persons_once(
    session: Session, workflow: Workflow, step_id: int, owner: Actor, viewer: Actor
) -> None:
    with pytest.raises(MayNotChange):
        steps.confirm(session, workflow.id, step_id, viewer)
    for _ in range(2):
        view = steps.confirm(session, workflow.id, step_id, owner, version=version_of(session, step_id))
        assert view.label is not None
        assert (view.label.instruction, view.label.field_label, view.label.user_id) == (
            "Click Save.", "Save", owner.user_id,
        )  # fmt: skip
        assert view.step.version == 2
    assert len(labels.history(session, step_id)) == 3
    assert edits.undo(session, workflow.id, owner).what == "label_confirmed"
    assert said(session, step_id) == ("Click Save.", "ai")


def test_an_accepted_proposal_waits_again(session: Session, workflow: Workflow, step_id: int, owner: Actor) -> None:
    rewrite(session, workflow, step_id, owner, "Keep it.")
    by_model(session, step_id, "Store it.")
    proposals.accept(session, workflow.id, step_id, 2, owner)
    edits.undo(session, workflow.id, owner)
    assert said(session, step_id) == ("Keep it.", "human")
    assert [each.n for each in proposals.listed(session, workflow.id, step_id, owner)] == [2]
    proposals.accept(session, workflow.id, step_id, 2, owner)
    assert said(session, step_id) == ("Store it.", "human")


def test_a_rejected_proposal_waits_again(session: Session, workflow: Workflow, step_id: int, owner: Actor) -> None:
    rewrite(session, workflow, step_id, owner, "Keep it.")
    by_model(session, step_id, "Store it.")
    proposals.reject(session, workflow.id, step_id, 2, owner)
    assert edits.undo(session, workflow.id, owner).what == "proposal_rejected"
    assert labels.proposals(session, [step_id]) == {step_id: 1}


@pytest.mark.parametrize("decide", [proposals.accept_all, proposals.reject_all])
def test_all_decisions_are_undone_at_once(
    session: Session, workflow: Workflow, owner: Actor, decide: Callable[[Session, int, Actor], int]
) -> None:
    ids = [view.step.id for view in steps.listed(session, workflow.id)]
    for step_id in ids:
        rewrite(session, workflow, step_id, owner, f"Keep {step_id}.")
        by_model(session, step_id, f"Store {step_id}.")
    before = {step_id: said(session, step_id) for step_id in ids}
    assert decide(session, workflow.id, owner) == 3
    edits.undo(session, workflow.id, owner)
    assert {step_id: said(session, step_id) for step_id in ids} == before
    assert labels.proposals(session, ids) == dict.fromkeys(ids, 1)


def test_recorded_fields_and_words_come_back_together(
    session: Session, workflow: Workflow, step_id: int, owner: Actor
) -> None:
    changes = StepChanges(value="Enter", action="press", label=LabelChanges(instruction="Press Enter."))
    steps.change(session, workflow.id, step_id, owner, version=1, changes=changes)
    labels.add(session, {step_id: NewLabel("Enter", "Press Enter!")})
    edits.undo(session, workflow.id, owner)
    step = session.scalars(select(Step).where(Step.id == step_id)).one()
    assert (step.value, step.action, step.version) == (None, "click", 3)
    assert said(session, step_id) == ("Click Save.", "ai")
    newest = session.scalars(select(Label).where(Label.source == LabelSource.RULES).order_by(Label.id.desc())).first()
    assert newest is not None
    assert newest.instruction == "Click **Save**.", "what the rules said of the step as it was"


def test_a_field_that_somebody_changed_since_stays(
    session: Session, workflow: Workflow, step_id: int, owner: Actor, colleague: Actor
) -> None:
    steps.change(session, workflow.id, step_id, owner, version=1, changes=StepChanges(value="1"))
    steps.change(session, workflow.id, step_id, colleague, version=2, changes=StepChanges(value="2"))
    with pytest.raises(CannotUndo, match="what they did stays"):
        edits.undo(session, workflow.id, owner)
    assert session.scalar(select(Step.value).where(Step.id == step_id)) == "2"
    steps.remove(session, workflow.id, step_id, owner)
    edit = next(edit for edit in edits.listed(session, workflow.id, owner) if edit.user_id == colleague.user_id)
    with pytest.raises(CannotUndo, match="removed since"):
        edits.undo(session, workflow.id, colleague, edit.id)


def test_a_name_and_who_gave_it_come_back(session: Session, workflow: Workflow, owner: Actor) -> None:
    workflow.name_source = LabelSource.RULES
    session.flush()
    changes = WorkflowChanges(name="Add a person", description="For new ones.")
    service.update(session, workflow.id, owner, changes=changes)
    service.update(session, workflow.id, owner, changes=changes)
    assert len(edits.listed(session, workflow.id, owner)) == 1, "the same again is no edit"
    edits.undo(session, workflow.id, owner)
    assert (workflow.name, workflow.name_source, workflow.description) == ("Create a contact", "rules", None)
    assert service.search(session, owner, q="person").items == []


def test_a_state_is_taken_back_unless_it_went_on(session: Session, workflow: Workflow, owner: Actor) -> None:
    for status in (WorkflowStatus.PUBLISHED, WorkflowStatus.ARCHIVED):
        service.update(session, workflow.id, owner, changes=WorkflowChanges(status=status))
    newest, older = edits.listed(session, workflow.id, owner)
    with pytest.raises(CannotUndo):
        edits.undo(session, workflow.id, owner, older.id)
    edits.undo(session, workflow.id, owner, newest.id)
    assert workflow.status == "published"
    edits.undo(session, workflow.id, owner)
    assert workflow.status == "draft"


def test_who_sees_it_is_taken_back_by_its_owner_alone(
    session: Session, workflow: Workflow, owner: Actor, colleague: Actor
) -> None:
    for visibility in (Visibility.PRIVATE, Visibility.TEAM):
        service.update(session, workflow.id, owner, changes=WorkflowChanges(visibility=visibility))
    with pytest.raises(NotYourWorkflow):
        edits.undo(session, workflow.id, colleague, edits.listed(session, workflow.id, colleague)[0].id)
    edits.undo(session, workflow.id, owner)
    assert workflow.visibility == "private"
