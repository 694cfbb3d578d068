"""What a person chooses of a new recording: nothing they wrote is lost, and all of it can be undone."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.config import Settings
from app.workflows import appending, arranging, edits, labels, merging, proposals, removing, steps
from app.workflows.changes import LabelChanges, StepChanges
from app.workflows.content import Target
from app.workflows.errors import CannotUndo, TooManySteps
from app.workflows.labels import NewLabel
from app.workflows.models import Edit, LabelSource, RemovedStep, Workflow
from app.workflows.rerecording import applying, comparing
from app.workflows.rerecording.choices import Choice, Wanted
from app.workflows.rerecording.errors import ComparisonOutdated, NoSuchRow, RerecordingDecided, RerecordingNotFound
from app.workflows.rerecording.models import RerecordingState
from app.workflows.rerecording.undoing import Applied
from tests.workflows.rerecording.beside import (
    all_of,
    ids,
    kinds,
    names,
    only,
    record_again,
    shot,
    step,
    workflow_of,
    write,
)
from tests.workflows.rerecording.recorded import recorded

OLD = [recorded(name=name, attributes={"id": name}) for name in ("New", "Save", "Print", "Close")]
NEW = [
    OLD[0],
    recorded(name="Keep it", attributes={"id": "Save"}),
    recorded("input", name="Send", role="textbox"),
    OLD[3],
]


@pytest.fixture
def workflow(session: Session, owner: Actor) -> Workflow:
    return workflow_of(session, owner, OLD)


def take_all(session: Session, workflow: Workflow, owner: Actor) -> Applied:
    comparison = record_again(session, workflow, owner, NEW)
    return applying.apply(session, workflow.id, owner, comparison.rerecording.id, all_of(comparison))


def test_a_choice_made_of_an_older_state_is_refused(session: Session, workflow: Workflow, owner: Actor) -> None:
    comparison = record_again(session, workflow, owner, NEW)
    first = ids(session, workflow)[0]
    steps.change(
        session,
        workflow.id,
        first,
        owner,
        version=1,
        changes=StepChanges(label=LabelChanges(instruction="Begin a new one.")),
    )
    with pytest.raises(ComparisonOutdated) as refused:
        applying.apply(session, workflow.id, owner, comparison.rerecording.id, all_of(comparison))
    fresh = comparing.compare(session, workflow.id, owner, comparison.rerecording.id)
    assert refused.value.facts == {"basis": fresh.basis}
    applying.apply(session, workflow.id, owner, comparison.rerecording.id, all_of(fresh))


def test_what_somebody_else_decided_is_not_decided_again(session: Session, workflow: Workflow, owner: Actor) -> None:
    comparison = record_again(session, workflow, owner, NEW)
    applying.apply(session, workflow.id, owner, comparison.rerecording.id, all_of(comparison))
    with pytest.raises(RerecordingDecided):
        applying.apply(session, workflow.id, owner, comparison.rerecording.id, all_of(comparison))


def test_a_recording_of_another_workflow_is_not_found(session: Session, workflow: Workflow, owner: Actor) -> None:
    comparison = record_again(session, workflow_of(session, owner, OLD), owner, NEW)
    with pytest.raises(RerecordingNotFound):
        applying.apply(session, workflow.id, owner, comparison.rerecording.id, all_of(comparison))


def test_a_row_that_is_not_there_is_named(session: Session, workflow: Workflow, owner: Actor) -> None:
    comparison = record_again(session, workflow, owner, NEW)
    wanted = Wanted(comparison.basis, choices=[Choice(ids(session, workflow)[0], 99)])
    with pytest.raises(NoSuchRow, match="position 99"):
        applying.apply(session, workflow.id, owner, comparison.rerecording.id, wanted)


def test_no_more_steps_than_a_workflow_may_have(
    session: Session, workflow: Workflow, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    comparison = record_again(session, workflow, owner, [*OLD, recorded(name="Send")])
    monkeypatch.setattr("app.workflows.order.get_settings", lambda: Settings(max_steps=4))
    with pytest.raises(TooManySteps):
        applying.apply(session, workflow.id, owner, comparison.rerecording.id, all_of(comparison))


def test_everything_taken_over(session: Session, workflow: Workflow, owner: Actor) -> None:
    before = ids(session, workflow)
    comparison = record_again(session, workflow, owner, NEW)
    assert kinds(comparison) == "unchanged changed removed added unchanged"
    applied = applying.apply(session, workflow.id, owner, comparison.rerecording.id, all_of(comparison))
    assert names(session, workflow) == ["New", "Keep it", "Send", "Close"]
    assert ids(session, workflow) == [*before[:2], *applied.added, before[3]]
    assert applied.removed == [before[2]] == session.scalars(select(RemovedStep.id)).all()
    assert comparison.rerecording.state == RerecordingState.APPLIED


def test_a_persons_words_survive_and_are_flagged_where_the_step_changed(
    session: Session, workflow: Workflow, owner: Actor
) -> None:
    first, second, *_ = ids(session, workflow)
    mine = [write(session, first, owner, "Begin."), write(session, second, owner, "Keep what you typed.")]
    take_all(session, workflow, owner)
    views = steps.listed(session, workflow.id)
    assert [view.label for view in views[:2]] == mine
    assert [view.stale for view in views] == [None, ["name"], None, None]


@pytest.mark.parametrize("how", ["confirm", "edit", "accept"])
def test_a_person_clears_the_flag_and_undoing_that_brings_it_back(
    session: Session, workflow: Workflow, owner: Actor, how: str
) -> None:
    _, second, *_ = ids(session, workflow)
    write(session, second, owner, "Keep what you typed.")
    take_all(session, workflow, owner)
    if how == "confirm":
        steps.confirm(session, workflow.id, second, owner)
    elif how == "edit":
        words = StepChanges(label=LabelChanges(instruction="Keep it."))
        version = step(session, second).version
        steps.change(session, workflow.id, second, owner, version=version, changes=words)
    else:
        labels.add(session, {second: NewLabel("Keep it", "Click Keep it.", source=LabelSource.AI)})
        assert steps.get(session, workflow.id, second, owner).stale == ["name"]
        proposals.accept(session, workflow.id, second, 1, owner)
    assert steps.get(session, workflow.id, second, owner).stale is None
    edits.undo(session, workflow.id, owner)
    assert steps.get(session, workflow.id, second, owner).stale == ["name"]


def test_words_of_a_model_are_flagged_until_it_says_something_new(
    session: Session, workflow: Workflow, owner: Actor
) -> None:
    _, second, *_ = ids(session, workflow)
    labels.add(session, {second: NewLabel("Save", "Click Save.", source=LabelSource.AI)})
    applied = take_all(session, workflow, owner)
    assert applied.unlabelled == [second]
    assert steps.get(session, workflow.id, second, owner).stale == ["name"]
    labels.add(session, {second: NewLabel("Keep it", "Click Keep it.", source=LabelSource.AI)})
    assert steps.get(session, workflow.id, second, owner).stale is None


def test_another_value_matters_only_to_words_that_quote_it(session: Session, owner: Actor) -> None:
    old = [recorded("input", name="Title", role="textbox", value="Report"), *OLD[:1]]
    workflow = workflow_of(session, owner, old)
    first, _ = ids(session, workflow)
    write(session, first, owner, "Give it a title.")
    new = [recorded("input", name="Title", role="textbox", value="Letter"), *OLD[:1]]
    comparison = record_again(session, workflow, owner, new)
    assert (comparison.rows[0].kind, comparison.rows[0].outdates_words) == ("changed", False)
    write(session, first, owner, "Enter “Report”.")
    again = comparing.compare(session, workflow.id, owner, comparison.rerecording.id)
    assert again.rows[0].outdates_words


def test_each_step_can_be_kept(session: Session, workflow: Workflow, owner: Actor) -> None:
    comparison = record_again(session, workflow, owner, NEW)
    added = next(row.key for row in comparison.rows if row.kind == "added")
    applying.apply(session, workflow.id, owner, comparison.rerecording.id, only(comparison, added))
    assert names(session, workflow) == ["New", "Save", "Print", "Send", "Close"]


def test_nothing_chosen_is_nothing_changed(session: Session, workflow: Workflow, owner: Actor) -> None:
    comparison, version = record_again(session, workflow, owner, NEW), workflow.version
    applying.apply(session, workflow.id, owner, comparison.rerecording.id, all_of(comparison, "old"))
    assert names(session, workflow) == ["New", "Save", "Print", "Close"]
    assert comparison.rerecording.state == RerecordingState.DISMISSED
    assert (workflow.version, session.scalars(select(Edit)).all()) == (version, [])


def test_a_moved_step_keeps_its_words_and_its_note(session: Session, workflow: Workflow, owner: Actor) -> None:
    first, second, third, fourth = ids(session, workflow)
    note = steps.add(session, workflow.id, owner, recorded("press", value="x"), position=2).step
    session.execute(delete(Edit))
    note.action = "note"  # type: ignore[assignment]
    session.flush()
    comparison = record_again(session, workflow, owner, [*OLD[1:], OLD[0]])
    assert [row.moved for row in comparison.rows] == [False, False, False, True]
    applying.apply(session, workflow.id, owner, comparison.rerecording.id, all_of(comparison))
    assert ids(session, workflow) == [second, third, fourth, first, note.id]
    edits.undo(session, workflow.id, owner)
    assert ids(session, workflow) == [first, note.id, second, third, fourth]


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(new=st.permutations(range(4)), dropped=st.sets(st.integers(0, 3), max_size=2))
def test_refusing_everything_keeps_the_order_whatever_was_recorded(
    session: Session, owner: Actor, new: list[int], dropped: set[int]
) -> None:
    workflow = workflow_of(session, owner, OLD)
    before = ids(session, workflow)
    recorded_again = [OLD[place] for place in new if place not in dropped] + [recorded(name="Xyz")]
    comparison = record_again(session, workflow, owner, recorded_again)
    applying.apply(session, workflow.id, owner, comparison.rerecording.id, all_of(comparison, "old"))
    assert ids(session, workflow) == before
    comparison = record_again(session, workflow, owner, recorded_again)
    applying.apply(session, workflow.id, owner, comparison.rerecording.id, all_of(comparison))
    assert names(session, workflow) == [step.target.name for step in recorded_again if step.target]
    edits.undo(session, workflow.id, owner)
    assert ids(session, workflow) == before


def state(session: Session, workflow: Workflow) -> list[tuple[object, ...]]:
    return [
        (view.step.id, steps.recorded(view.step), view.label and view.label.instruction, view.stale)
        for view in steps.listed(session, workflow.id)
    ]


def test_all_of_it_is_undone_at_once(session: Session, owner: Actor) -> None:
    old = [content.model_copy(update={"screenshot_id": shot(session, owner)}) for content in OLD]
    new = [content.model_copy(update={"screenshot_id": shot(session, owner)}) for content in NEW]
    workflow = workflow_of(session, owner, old)
    _, second, third, _ = ids(session, workflow)
    write(session, second, owner, "Keep what you typed.")
    write(session, third, owner, "Print it.")
    before = state(session, workflow)
    comparison = record_again(session, workflow, owner, new)
    applying.apply(session, workflow.id, owner, comparison.rerecording.id, all_of(comparison))
    assert [view.step.screenshot_id for view in steps.listed(session, workflow.id)] == [s.screenshot_id for s in new]
    edits.undo(session, workflow.id, owner)
    assert state(session, workflow) == before
    assert comparison.rerecording.state == RerecordingState.OPEN


def test_words_written_since_are_kept_by_the_undo_and_flagged(
    session: Session, workflow: Workflow, owner: Actor
) -> None:
    _, second, *_ = ids(session, workflow)
    take_all(session, workflow, owner)
    edit = session.scalars(select(Edit)).one()
    write(session, second, owner, "Click Keep it.")
    edits.undo(session, workflow.id, owner, edit.id)
    view = steps.get(session, workflow.id, second, owner)
    assert view.label is not None
    assert (view.label.instruction, view.stale) == ("Click Keep it.", ["name"])


def test_an_undo_harms_nothing_that_was_done_since(session: Session, workflow: Workflow, owner: Actor) -> None:
    _, second, *_ = ids(session, workflow)
    take_all(session, workflow, owner)
    edit = session.scalars(select(Edit)).one()
    version = step(session, second).version
    steps.change(session, workflow.id, second, owner, version=version, changes=StepChanges(target=Target(name="Mine")))
    with pytest.raises(CannotUndo, match="changed a step since"):
        edits.undo(session, workflow.id, owner, edit.id)
    edits.undo(session, workflow.id, owner)
    steps.remove(session, workflow.id, second, owner)
    with pytest.raises(CannotUndo, match="removed since"):
        edits.undo(session, workflow.id, owner, edit.id)


def test_a_copy_and_a_step_that_came_back_are_as_doubtful(session: Session, workflow: Workflow, owner: Actor) -> None:
    _, second, *_ = ids(session, workflow)
    write(session, second, owner, "Keep what you typed.")
    take_all(session, workflow, owner)
    other = workflow_of(session, owner, OLD[:1])
    added, _unlabelled = appending.append(session, other.id, owner, workflow.id)
    assert steps.get(session, other.id, added[1], owner).stale == ["name"]
    removing.remove(session, workflow, owner, [second])
    edits.undo(session, workflow.id, owner)
    assert steps.get(session, workflow.id, second, owner).stale == ["name"]


def test_what_came_since_stays_where_it_is(session: Session, workflow: Workflow, owner: Actor) -> None:
    before = ids(session, workflow)
    take_all(session, workflow, owner)
    edit = session.scalars(select(Edit)).one()
    mine = steps.add(session, workflow.id, owner, recorded(name="Mine"), position=2).step.id
    arranging.nudge(session, workflow.id, owner, before[3], by=-1)
    edits.undo(session, workflow.id, owner, edit.id)
    assert ids(session, workflow) == [before[0], mine, *before[1:]]


def test_merged_steps_are_no_longer_what_was_compared(session: Session, workflow: Workflow, owner: Actor) -> None:
    comparison = record_again(session, workflow, owner, NEW)
    merging.merge(session, workflow.id, owner, ids(session, workflow)[:2])
    with pytest.raises(ComparisonOutdated):
        applying.apply(session, workflow.id, owner, comparison.rerecording.id, all_of(comparison))
