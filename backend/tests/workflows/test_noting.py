"""Headings and notes."""

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.workflows import (
    edits,
    labels,
    steps,
)
from app.workflows.changes import LabelChanges, StepChanges
from app.workflows.errors import (
    CannotUndo,
    VersionConflict,
)
from app.workflows.models import (
    Edit,
    LabelSource,
    Step,
    Workflow,
)
from tests.workflows.test_steps import ids
from tests.workflows.undoing import NOTE, instruction, undo


def test_a_heading_is_a_persons_and_is_undone(session: Session, owner: Actor, workflow: Workflow) -> None:
    first = ids(session, workflow)[0]
    session.execute(update(Step).where(Step.id == first).values(heading="Sign in", heading_source=LabelSource.AI))
    steps.change(session, workflow.id, first, owner, version=1, changes=StepChanges(heading="Begin"))
    changed = steps.change(session, workflow.id, first, owner, version=2, changes=StepChanges(heading=None))
    assert (changed.step.heading, changed.step.heading_source) == (None, LabelSource.HUMAN)
    with pytest.raises(CannotUndo, match="changed again"):
        edits.undo(session, workflow.id, owner, session.scalars(select(func.min(Edit.id))).one())
    assert undo(session, workflow, owner) == undo(session, workflow, owner) == "heading_changed"
    step = steps.get(session, workflow.id, first, owner).step
    assert (step.heading, step.heading_source, step.version) == ("Sign in", LabelSource.AI, 5)
    with pytest.raises(VersionConflict) as caught:
        steps.change(session, workflow.id, first, owner, version=1, changes=StepChanges(heading="Late"))
    assert (caught.value.facts["yours"], caught.value.facts["theirs"]) == (
        {"heading": "Late"},
        {"heading": "Sign in"},
    )


def test_a_notes_words_and_kind_are_undone_together(session: Session, owner: Actor, workflow: Workflow) -> None:
    label = labels.by_person("Gap", "Mind the gap.", owner.user_id)
    note = steps.add(session, workflow.id, owner, NOTE, label=label).step.id
    changes = StepChanges(note_kind="warning", value="Stop!", label=LabelChanges(instruction="Stop!"))
    steps.change(session, workflow.id, note, owner, version=1, changes=changes)
    assert instruction(session, note) == "Stop!"
    assert undo(session, workflow, owner) == "note_changed"
    step = steps.get(session, workflow.id, note, owner).step
    assert (step.note_kind, step.value, instruction(session, note)) == ("note", "Mind the gap.", "Mind the gap.")
