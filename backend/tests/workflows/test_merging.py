"""Steps that are made into one."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.workflows import (
    edits,
    merging,
    steps,
)
from app.workflows.changes import StepChanges
from app.workflows.errors import (
    CannotUndo,
)
from app.workflows.models import (
    Edit,
    LabelSource,
    Workflow,
)
from tests.workflows.test_steps import ids
from tests.workflows.undoing import undo


@pytest.mark.parametrize("keep", ["first", "last"])
def test_merged_steps_say_both_sentences(
    session: Session, owner: Actor, workflow: Workflow, keep: merging.Keep
) -> None:
    first, second, third = ids(session, workflow)
    steps.change(session, workflow.id, first, owner, version=1, changes=StepChanges(heading="Part one"))
    before = [(view.step.heading, view.label and view.label.instruction) for view in steps.listed(session, workflow.id)]
    kept = merging.merge(session, workflow.id, owner, [second, first], keep_picture=keep)
    assert kept == (first if keep == "first" else second)
    assert ids(session, workflow) == [kept, third]
    view = steps.get(session, workflow.id, kept, owner)
    assert view.label is not None
    assert view.label.instruction == "Click **New contact**. Click **Save**."
    assert view.label.field_label == ("New contact" if keep == "first" else "Save")
    assert (view.label.source, view.label.user_id) == (LabelSource.HUMAN, owner.user_id)
    assert (view.step.heading, view.step.heading_source) == ("Part one", "human")
    assert undo(session, workflow, owner) == "steps_merged"
    assert ids(session, workflow) == [first, second, third]
    assert [
        (view.step.heading, view.label and view.label.instruction) for view in steps.listed(session, workflow.id)
    ] == before


def test_a_merge_is_not_undone_without_the_step_that_it_made(
    session: Session, owner: Actor, workflow: Workflow
) -> None:
    first, second, _ = ids(session, workflow)
    kept = merging.merge(session, workflow.id, owner, [first, second])
    merged = session.scalars(select(Edit)).one()
    steps.remove(session, workflow.id, kept, owner)
    with pytest.raises(CannotUndo, match="made into"):
        edits.undo(session, workflow.id, owner, merged.id)
