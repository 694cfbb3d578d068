"""Steps in another order, and one more or less."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.workflows import (
    arranging,
    edits,
    steps,
)
from app.workflows.errors import (
    CannotUndo,
    EditNotFound,
)
from app.workflows.models import (
    Edit,
    Workflow,
)
from tests.workflows.conftest import click, make_workflow
from tests.workflows.test_steps import ids
from tests.workflows.undoing import NOTE, undo


def test_an_added_step_is_taken_out_again(session: Session, owner: Actor, workflow: Workflow) -> None:
    before = ids(session, workflow)
    view = steps.add(session, workflow.id, owner, NOTE, position=2, heading="Part two")
    assert (view.step.heading, view.step.heading_source, view.step.note_kind) == ("Part two", "human", "note")
    assert undo(session, workflow, owner) == "step_added"
    assert ids(session, workflow) == before
    session.execute(update(Edit).values(undone_at=None))
    with pytest.raises(CannotUndo, match="not in this workflow"):
        undo(session, workflow, owner)


def test_an_order_is_undone_around_what_came_and_went(session: Session, owner: Actor, workflow: Workflow) -> None:
    first, second, third = ids(session, workflow)
    arranging.reorder(session, workflow.id, owner, [third, first, second])
    reordered = session.scalars(select(Edit)).one()
    new = steps.add(session, workflow.id, owner, NOTE, position=1).step.id
    steps.remove(session, workflow.id, first, owner)
    edits.undo(session, workflow.id, owner, reordered.id)
    assert ids(session, workflow) == [new, second, third]


def test_an_order_that_was_changed_again_is_not_undone(session: Session, owner: Actor, workflow: Workflow) -> None:
    first, second, third = ids(session, workflow)
    arranging.reorder(session, workflow.id, owner, [third, first, second])
    earlier = session.scalars(select(Edit)).one()
    arranging.reorder(session, workflow.id, owner, [second, third, first])
    with pytest.raises(CannotUndo, match="another order"):
        edits.undo(session, workflow.id, owner, earlier.id)
    assert undo(session, workflow, owner) == undo(session, workflow, owner) == "steps_reordered"
    assert ids(session, workflow) == [first, second, third]


def test_the_same_order_is_no_edit(session: Session, owner: Actor, workflow: Workflow) -> None:
    arranging.reorder(session, workflow.id, owner, ids(session, workflow))
    with pytest.raises(EditNotFound):
        undo(session, workflow, owner)


@pytest.mark.parametrize(
    ("moved", "after", "expected"),
    [
        ([0], 1, [1, 0, 2, 3]),
        ([0, 2], None, [0, 2, 1, 3]),
        ([3, 1], 0, [0, 1, 3, 2]),
        ([1, 2], 2, [0, 1, 2, 3]),
        ([0, 1], 1, [0, 1, 2, 3]),
        ([0, 3], 2, [1, 2, 0, 3]),
    ],
)
def test_chosen_steps_move_together(
    session: Session, owner: Actor, moved: list[int], after: int | None, expected: list[int]
) -> None:
    workflow = make_workflow(session, owner, contents=tuple(click(name) for name in "abcd"))
    present = ids(session, workflow)
    behind = None if after is None else present[after]
    arranging.move(session, workflow.id, owner, [present[place] for place in moved], after=behind)
    assert ids(session, workflow) == [present[place] for place in expected]
