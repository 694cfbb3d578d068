"""Edits of several steps at once, what refuses them, and undoing each."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.clock import now
from app.core.config import get_settings
from app.workflows import (
    appending,
    arranging,
    copying,
    edits,
    labels,
    merging,
    proposals,
    removing,
    service,
    splitting,
    steps,
    variables,
)
from app.workflows.changes import LabelChanges, StepChanges
from app.workflows.content import Action, Box, StepContent, Variable
from app.workflows.errors import (
    CannotAppend,
    CannotUndo,
    EditNotFound,
    LabelUnusable,
    MayNotChange,
    NotANote,
    NothingBefore,
    NotInAnyLabel,
    NotInARow,
    StepNotFound,
    TooManySteps,
    VariableUnusable,
    VersionConflict,
    WorkflowNotFound,
)
from app.workflows.labels import NewLabel
from app.workflows.models import (
    Edit,
    Label,
    LabelSource,
    LabelState,
    RemovedStep,
    Step,
    Visibility,
    Workflow,
    WorkflowStatus,
    WorkflowTag,
)
from app.workflows.visibility import screenshot_ids_in_use
from tests.workflows.conftest import click, make_workflow
from tests.workflows.test_steps import ids, names, picture

NOTE = StepContent(action=Action.NOTE, value="Mind the gap.", note_kind="note")

Edits = dict[str, Callable[[Session, Workflow, Actor], object]]

EDITS: Edits = {
    "reorder": lambda session, workflow, actor: arranging.reorder(
        session, workflow.id, actor, ids(session, workflow)[::-1], version=workflow.version
    ),
    "move": lambda session, workflow, actor: arranging.move(
        session,
        workflow.id,
        actor,
        ids(session, workflow)[:1],
        after=ids(session, workflow)[1],
        version=workflow.version,
    ),
    "duplicate": lambda session, workflow, actor: copying.duplicate(
        session, workflow.id, actor, ids(session, workflow)[0], version=workflow.version
    ),
    "merge": lambda session, workflow, actor: merging.merge(
        session, workflow.id, actor, ids(session, workflow)[:2], version=workflow.version
    ),
    "split": lambda session, workflow, actor: splitting.split(
        session,
        workflow.id,
        actor,
        before_step_id=ids(session, workflow)[1],
        name="Second half",
        version=workflow.version,
    ),
    "append": lambda session, workflow, actor: appending.append(
        session, workflow.id, actor, make_workflow(session, actor, "Other").id, version=workflow.version
    ),
    "declare": lambda session, workflow, actor: variables.declare(
        session, workflow.id, actor, [Variable(name="customer", label="Customer")], version=workflow.version
    ),
}


def undo(session: Session, workflow: Workflow, actor: Actor) -> str:
    return edits.undo(session, workflow.id, actor).what


def instruction(session: Session, step_id: int) -> str:
    return labels.shown(session, [step_id])[step_id].instruction


def found(session: Session, actor: Actor, q: str) -> list[int]:
    return [summary.workflow.id for summary in service.search(session, actor, q=q).items]


@pytest.mark.parametrize("name", EDITS)
def test_viewers_and_strangers_change_nothing(
    session: Session, owner: Actor, colleague: Actor, viewer: Actor, name: str
) -> None:
    workflow = make_workflow(session, owner)
    hidden = make_workflow(session, owner, visibility=Visibility.PRIVATE)
    before = session.scalar(select(func.count()).select_from(Edit))
    with pytest.raises(MayNotChange):
        EDITS[name](session, workflow, viewer)
    with pytest.raises(WorkflowNotFound):
        EDITS[name](session, hidden, colleague)
    assert session.scalar(select(func.count()).select_from(Edit)) == before


@pytest.mark.parametrize("name", sorted(EDITS.keys() - {"declare"}))
def test_who_read_an_older_order_is_told_both(session: Session, owner: Actor, workflow: Workflow, name: str) -> None:
    stale = workflow.version
    steps.remove(session, workflow.id, ids(session, workflow)[2], owner)
    present = ids(session, workflow)
    assert workflow.version == stale + 1
    read_before = Workflow(id=workflow.id, version=stale)
    with pytest.raises(VersionConflict) as caught:
        EDITS[name](session, read_before, owner)
    assert caught.value.facts["theirs"] == {"step_ids": present}
    assert caught.value.facts["version"] == workflow.version
    assert caught.value.facts["yours"]
    assert ids(session, workflow) == present


@pytest.mark.parametrize("name", EDITS)
def test_every_edit_makes_the_version_older_once(session: Session, owner: Actor, workflow: Workflow, name: str) -> None:
    before = workflow.version
    EDITS[name](session, workflow, owner)
    assert workflow.version == before + 1


@pytest.mark.parametrize("name", ["duplicate", "append"])
def test_no_edit_makes_more_steps_than_are_allowed(
    session: Session, owner: Actor, workflow: Workflow, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("MAX_STEPS", "3")
    get_settings.cache_clear()
    with pytest.raises(TooManySteps, match="has 3 steps; at most 3"):
        EDITS[name](session, workflow, owner)
    assert len(ids(session, workflow)) == 3


def test_steps_of_another_workflow_are_not_found(session: Session, owner: Actor, workflow: Workflow) -> None:
    other = ids(session, make_workflow(session, owner))
    mine = ids(session, workflow)[0]
    with pytest.raises(StepNotFound):
        arranging.move(session, workflow.id, owner, other[:1], after=None)
    with pytest.raises(StepNotFound):
        arranging.move(session, workflow.id, owner, [mine], after=other[0])
    with pytest.raises(StepNotFound):
        copying.duplicate(session, workflow.id, owner, other[0])
    with pytest.raises(StepNotFound):
        merging.merge(session, workflow.id, owner, [mine, other[0]])
    with pytest.raises(StepNotFound):
        splitting.split(session, workflow.id, owner, before_step_id=other[0], name="x")
    with pytest.raises(StepNotFound):
        appending.append(session, workflow.id, owner, make_workflow(session, owner).id, after_step_id=other[0])


def test_only_neighbours_are_merged(session: Session, owner: Actor, workflow: Workflow) -> None:
    first, _, third = ids(session, workflow)
    for chosen in ([first, third], [first], [first, first]):
        with pytest.raises(NotInARow):
            merging.merge(session, workflow.id, owner, chosen)


def test_a_merged_sentence_that_is_too_long_is_refused(session: Session, owner: Actor, workflow: Workflow) -> None:
    first, second, _ = ids(session, workflow)
    labels.add(session, {first: NewLabel("Long", "x" * 990, source=LabelSource.HUMAN)})
    with pytest.raises(LabelUnusable, match="at most 1000"):
        merging.merge(session, workflow.id, owner, [first, second])


def test_nothing_is_split_off_before_the_first_step(session: Session, owner: Actor, workflow: Workflow) -> None:
    with pytest.raises(NothingBefore):
        splitting.split(session, workflow.id, owner, before_step_id=ids(session, workflow)[0], name="x")


def test_what_cannot_be_appended(session: Session, owner: Actor, colleague: Actor, workflow: Workflow) -> None:
    with pytest.raises(CannotAppend, match="itself"):
        appending.append(session, workflow.id, owner, workflow.id)
    with pytest.raises(CannotAppend, match="no steps"):
        appending.append(session, workflow.id, owner, make_workflow(session, owner, contents=()).id)
    hidden = make_workflow(session, colleague, visibility=Visibility.PRIVATE)
    with pytest.raises(WorkflowNotFound):
        appending.append(session, workflow.id, owner, hidden.id)


def test_what_was_recorded_is_no_tip(session: Session, owner: Actor, workflow: Workflow) -> None:
    first = ids(session, workflow)[0]
    with pytest.raises(NotANote):
        steps.change(session, workflow.id, first, owner, version=1, changes=StepChanges(note_kind="tip"))
    with pytest.raises(NotANote):
        steps.add(session, workflow.id, owner, click("x").model_copy(update={"note_kind": "tip"}))


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
