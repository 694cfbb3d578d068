"""What differs from reader to reader."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.workflows import (
    edits,
    labels,
    steps,
    variables,
)
from app.workflows.content import Variable
from app.workflows.errors import (
    CannotUndo,
    EditNotFound,
    NotInAnyLabel,
    VariableUnusable,
)
from app.workflows.models import (
    Edit,
    Workflow,
)
from tests.workflows.test_steps import ids
from tests.workflows.undoing import found, instruction, undo

CUSTOMER = Variable(name="customer", label="Customer", example="Ada")


def test_a_value_becomes_a_variable_everywhere(session: Session, owner: Actor, workflow: Workflow) -> None:
    first, second, third = ids(session, workflow)
    words = ('Enter "Ada" in the field.', "Search for Ada, not Adam.", "Check {{Ada}} and Ada.")
    for step_id, text in zip((first, second, third), words, strict=True):
        labels.add(session, {step_id: labels.by_person("Name", text, owner.user_id)})
    assert variables.extract(session, workflow.id, owner, CUSTOMER, " Ada ") == 3
    assert [instruction(session, step_id) for step_id in (first, second, third)] == [
        "Enter {{customer}} in the field.",
        "Search for {{customer}}, not Adam.",
        "Check {{Ada}} and {{customer}}.",
    ]
    assert variables.of(workflow) == [CUSTOMER]
    assert steps.get(session, workflow.id, first, owner).step.version == 2
    assert found(session, owner, "adam customer") == [workflow.id]
    assert undo(session, workflow, owner) == "variables_changed"
    assert [instruction(session, step_id) for step_id in (first, second, third)] == list(words)
    assert workflow.variables is None
    with pytest.raises(EditNotFound):
        undo(session, workflow, owner)


def test_what_cannot_be_a_variable(session: Session, owner: Actor, workflow: Workflow) -> None:
    with pytest.raises(NotInAnyLabel, match="Nobody"):
        variables.extract(session, workflow.id, owner, CUSTOMER, "Nobody")
    with pytest.raises(VariableUnusable, match="which words"):
        variables.extract(session, workflow.id, owner, CUSTOMER, "  ")
    with pytest.raises(VariableUnusable, match="called customer"):
        variables.declare(session, workflow.id, owner, [CUSTOMER, CUSTOMER])
    assert workflow.variables is None


def test_variables_that_were_changed_again_are_not_undone(session: Session, owner: Actor, workflow: Workflow) -> None:
    variables.declare(session, workflow.id, owner, [CUSTOMER])
    earlier = session.scalars(select(Edit)).one()
    variables.declare(session, workflow.id, owner, [])
    with pytest.raises(CannotUndo, match="changed again"):
        edits.undo(session, workflow.id, owner, earlier.id)
    assert undo(session, workflow, owner) == undo(session, workflow, owner) == "variables_changed"
    assert workflow.variables is None


def test_the_variables_that_a_text_mentions() -> None:
    assert variables.used("Give {{a}} to {{b_2}} and {{a}}, not {{ c }} or {{D}}.") == ["a", "b_2"]
