"""Steps that are removed, and put back."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.clock import now
from app.core.config import get_settings
from app.workflows import (
    arranging,
    edits,
    labels,
    proposals,
    removing,
    steps,
)
from app.workflows.changes import LabelChanges, StepChanges
from app.workflows.content import Box
from app.workflows.errors import (
    CannotUndo,
)
from app.workflows.labels import NewLabel
from app.workflows.models import (
    Edit,
    Label,
    LabelSource,
    RemovedStep,
    Step,
    Workflow,
)
from app.workflows.visibility import screenshot_ids_in_use
from tests.workflows.conftest import make_workflow
from tests.workflows.test_steps import ids, names, picture
from tests.workflows.undoing import found, instruction, undo


def test_a_removed_step_comes_back_as_it_was(session: Session, owner: Actor, workflow: Workflow) -> None:
    shot = picture(session, owner)
    first, second, third = ids(session, workflow)
    boxes = [Box(x=1, y=2, width=3, height=4)]
    changes = StepChanges(
        screenshot_id=shot, heading="Part two", sensitive_regions=boxes, label=LabelChanges(instruction="Keep it.")
    )
    steps.change(session, workflow.id, second, owner, version=1, changes=changes)
    for words in ("Say this.", "Say that."):
        labels.add(session, {second: NewLabel("That", words, 0.9, LabelSource.AI, "model", run_id=7, flags=["x"])})
    proposals.reject(session, workflow.id, second, 1, owner)
    before, history = _row(session, second), _labels(session, second)
    assert steps.get(session, workflow.id, second, owner).proposals == 1
    steps.remove(session, workflow.id, second, owner)
    assert ids(session, workflow) == [first, third]
    assert session.scalars(select(RemovedStep.screenshot_id)).all() == [shot]
    assert shot in session.scalars(screenshot_ids_in_use()).all()
    assert found(session, owner, "keep") == []
    assert undo(session, workflow, owner) == "step_removed"
    assert ids(session, workflow) == [first, second, third]
    assert (_row(session, second), _labels(session, second)) == (before, history)
    view = steps.get(session, workflow.id, second, owner)
    assert view.label is not None
    assert (view.label.instruction, view.proposals) == ("Keep it.", 1)
    assert session.scalars(select(RemovedStep)).all() == []
    assert found(session, owner, "keep") == [workflow.id]
    session.execute(update(Step).where(Step.id == second).values(heading="Other"))
    said = next(edit for edit in edits.listed(session, workflow.id, owner) if edit.what == "heading_changed")
    with pytest.raises(CannotUndo, match="changed again"):
        edits.undo(session, workflow.id, owner, said.id)


def _row(session: Session, step_id: int) -> dict[str, object]:
    row = session.execute(select(Step.__table__).where(Step.id == step_id)).mappings().one()
    return dict(row)


def _labels(session: Session, step_id: int) -> list[dict[str, object]]:
    rows = session.execute(select(Label.__table__).where(Label.step_id == step_id).order_by(Label.id)).mappings()
    return [dict(row) for row in rows]


def test_a_removed_step_finds_its_place_among_others(session: Session, owner: Actor, workflow: Workflow) -> None:
    first, second, third = ids(session, workflow)
    steps.remove(session, workflow.id, second, owner)
    removal = session.scalars(select(Edit)).one()
    arranging.reorder(session, workflow.id, owner, [third, first])
    edits.undo(session, workflow.id, owner, removal.id)
    assert ids(session, workflow) == [third, first, second]  # behind the one that it stood behind
    steps.remove(session, workflow.id, second, owner)
    steps.remove(session, workflow.id, first, owner)
    edits.undo(session, workflow.id, owner, session.scalars(select(func.max(Edit.id) - 1)).one())
    assert ids(session, workflow) == [third, second]  # that one is gone: at its number, as far as there are such


def test_a_removed_step_keeps_its_labels_whose_numbers_were_given_away(
    session: Session, owner: Actor, workflow: Workflow
) -> None:
    last = ids(session, workflow)[2]
    labels.add(session, {last: labels.by_person("Last", "The last one.", owner.user_id)})
    steps.remove(session, workflow.id, last, owner)
    other = make_workflow(session, owner, "Other")
    edits.undo(session, workflow.id, owner)
    assert instruction(session, last) == "The last one."
    assert [label.source for label in labels.history(session, last)] == [LabelSource.HUMAN, LabelSource.RULES]
    assert names(session, other) == ["New contact", "Save", "Close"]


def test_erased_steps_do_not_come_back(session: Session, owner: Actor, workflow: Workflow) -> None:
    first, second, _ = ids(session, workflow)
    for step_id in (first, second):
        steps.remove(session, workflow.id, step_id, owner)
    old = update(RemovedStep).where(RemovedStep.id == first)
    session.execute(old.values(removed_at=now() - timedelta(days=get_settings().removed_step_days + 1)))
    assert removing.purge(session) == 1
    assert undo(session, workflow, owner) == "step_removed"
    with pytest.raises(CannotUndo, match="kept for 30 days"):
        undo(session, workflow, owner)


def test_a_full_workflow_takes_no_step_back(
    session: Session, owner: Actor, workflow: Workflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps.remove(session, workflow.id, ids(session, workflow)[0], owner)
    monkeypatch.setenv("MAX_STEPS", "2")
    get_settings.cache_clear()
    with pytest.raises(CannotUndo, match="no room"):
        undo(session, workflow, owner)
