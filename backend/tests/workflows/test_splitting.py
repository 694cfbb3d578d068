"""Steps that are copied: within a workflow, into a new one, from another."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.workflows import (
    appending,
    copying,
    edits,
    labels,
    proposals,
    service,
    splitting,
    steps,
)
from app.workflows.changes import StepChanges
from app.workflows.errors import (
    CannotUndo,
    WorkflowNotFound,
)
from app.workflows.labels import NewLabel
from app.workflows.models import (
    Edit,
    LabelSource,
    LabelState,
    Step,
    Workflow,
    WorkflowStatus,
    WorkflowTag,
)
from tests.workflows.conftest import click, make_workflow
from tests.workflows.test_steps import ids, names
from tests.workflows.undoing import NOTE, found, instruction, undo


def test_a_copy_has_all_labels_and_no_heading(session: Session, owner: Actor, workflow: Workflow) -> None:
    first, second, third = ids(session, workflow)
    steps.change(session, workflow.id, first, owner, version=1, changes=StepChanges(heading="Part one"))
    labels.add(session, {first: labels.by_person("New", "Click it.", owner.user_id)})
    labels.add(session, {first: NewLabel("New", "Press it.", 0.9, LabelSource.AI, "model", run_id=7)})
    proposals.reject(session, workflow.id, first, 1, owner)
    session.execute(update(Step).where(Step.id == first).values(label_state=LabelState.PENDING))
    copy = copying.duplicate(session, workflow.id, owner, first)
    assert ids(session, workflow) == [first, copy, second, third]
    view = steps.get(session, workflow.id, copy, owner)
    assert view.label is not None
    assert (view.label.instruction, view.proposals, view.step.heading) == ("Click it.", 0, None)
    assert (view.step.label_state, view.step.version) == (LabelState.LABELLED, 1)  # no run waits for the copy
    assert [(label.source, label.run_id) for label in labels.history(session, copy)] == [
        (LabelSource.AI, None),
        (LabelSource.HUMAN, None),
        (LabelSource.RULES, None),
    ]
    assert undo(session, workflow, owner) == "step_duplicated"
    assert ids(session, workflow) == [first, second, third]


def test_a_split_takes_labels_and_history_along(session: Session, owner: Actor, workflow: Workflow) -> None:
    first, second, third = ids(session, workflow)
    workflow.variables = [{"name": "customer", "label": "Customer"}]
    session.add(WorkflowTag(workflow_id=workflow.id, tag="crm"))
    labels.add(session, {third: labels.by_person("Close", "Shut the door.", owner.user_id)})
    session.execute(update(Step).where(Step.id == second).values(label_state=LabelState.PENDING))
    other, waiting = splitting.split(session, workflow.id, owner, before_step_id=second, name="Second half")
    assert (ids(session, workflow), ids(session, other), waiting) == ([first], [second, third], [second])
    assert [view.step.position for view in steps.listed(session, other.id)] == [1, 2]
    assert instruction(session, third) == "Shut the door."
    assert steps.get(session, other.id, second, owner).step.label_state == LabelState.RULES
    assert (other.name, other.status, other.owner_id, other.site) == (
        "Second half",
        WorkflowStatus.DRAFT,
        owner.user_id,
        "crm.example",
    )
    assert other.variables == workflow.variables
    assert session.scalars(select(WorkflowTag.tag).where(WorkflowTag.workflow_id == other.id)).all() == ["crm"]
    assert found(session, owner, "shut door") == [other.id]
    other_id = other.id
    assert undo(session, workflow, owner) == "workflow_split"
    assert ids(session, workflow) == [first, second, third]
    assert found(session, owner, "shut door") == [workflow.id]
    with pytest.raises(WorkflowNotFound):
        service.get(session, other_id, owner)


def test_a_split_is_not_undone_over_what_was_done_since(session: Session, owner: Actor, workflow: Workflow) -> None:
    second = ids(session, workflow)[1]
    other, _ = splitting.split(session, workflow.id, owner, before_step_id=second, name="Second half")
    other.status = WorkflowStatus.PUBLISHED
    session.flush()
    with pytest.raises(CannotUndo, match="published"):
        undo(session, workflow, owner)
    service.delete(session, other.id, owner)
    with pytest.raises(CannotUndo, match="deleted"):
        undo(session, workflow, owner)


def test_what_the_second_half_got_since_comes_back_too(session: Session, owner: Actor, workflow: Workflow) -> None:
    first, second, third = ids(session, workflow)
    other, _ = splitting.split(session, workflow.id, owner, before_step_id=second, name="Second half")
    steps.remove(session, other.id, third, owner)
    new = steps.add(session, other.id, owner, NOTE).step.id
    undo(session, workflow, owner)
    assert ids(session, workflow) == [first, second, new]


@pytest.mark.parametrize("after", [None, 0])
def test_appended_steps_are_copies(session: Session, owner: Actor, workflow: Workflow, after: int | None) -> None:
    present = ids(session, workflow)
    other = make_workflow(session, owner, "Other", (click("Export"), click("Sign out")))
    labels.add(session, {ids(session, other)[0]: labels.by_person("Export", "Fetch the file.", owner.user_id)})
    behind = None if after is None else present[after]
    added, unlabelled = appending.append(session, workflow.id, owner, other.id, after_step_id=behind)
    assert unlabelled == added
    expected = [*present, *added] if after is None else [present[0], *added, *present[1:]]
    assert ids(session, workflow) == expected
    assert instruction(session, added[0]) == "Fetch the file."
    assert names(session, other) == ["Export", "Sign out"]
    assert found(session, owner, "fetch file") == [workflow.id]
    steps.remove(session, workflow.id, added[0], owner)
    undone = session.scalars(select(Edit).where(Edit.what == "recording_appended")).one()
    edits.undo(session, workflow.id, owner, undone.id)
    assert ids(session, workflow) == present
    session.execute(update(Edit).values(undone_at=None))
    with pytest.raises(CannotUndo, match="None of the steps"):
        edits.undo(session, workflow.id, owner, undone.id)
