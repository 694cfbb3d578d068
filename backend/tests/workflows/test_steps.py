import pytest
from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.config import Settings, get_settings
from app.core.errors import InvalidInput
from app.storage.models import Screenshot
from app.workflows import arranging, labels, service, steps
from app.workflows.changes import LabelChanges, StepChanges
from app.workflows.content import Action, Box, Page, StepContent, Target
from app.workflows.errors import (
    LabelUnusable,
    MayNotChange,
    StepNotFound,
    TooManySteps,
    UnknownScreenshot,
    VersionConflict,
    WorkflowNotFound,
    WrongOrder,
)
from app.workflows.labels import NewLabel
from app.workflows.models import LabelSource, Visibility, Workflow
from tests.workflows.conftest import click, make_workflow

NOTE = StepContent(action=Action.NOTE, value="Mind the gap.")


def names(session: Session, workflow: Workflow) -> list[str]:
    views = steps.listed(session, workflow.id)
    assert [view.step.position for view in views] == list(range(1, len(views) + 1))
    return [view.label.field_label if view.label else view.step.action for view in views]


def ids(session: Session, workflow: Workflow) -> list[int]:
    return [view.step.id for view in steps.listed(session, workflow.id)]


def picture(session: Session, owner: Actor, name: str = "a" * 22) -> str:
    kept = {"sha256": name, "blob": name, "media_type": "image/png", "width": 1, "height": 1, "bytes": 1}
    session.add(Screenshot(id=name, owner_id=owner.user_id, **kept))
    session.flush()
    return name


def test_viewers_and_strangers_change_nothing(
    session: Session, owner: Actor, colleague: Actor, viewer: Actor, workflow: Workflow
) -> None:
    hidden = make_workflow(session, owner, visibility=Visibility.PRIVATE)
    for actor, target, error in ((viewer, workflow, MayNotChange), (colleague, hidden, WorkflowNotFound)):
        first = ids(session, target)[0]
        with pytest.raises(error):
            steps.add(session, target.id, actor, NOTE)
        with pytest.raises(error):
            steps.change(session, target.id, first, actor, version=1, changes=StepChanges(value="x"))
        with pytest.raises(error):
            steps.remove(session, target.id, first, actor, version=1)
        with pytest.raises(error):
            arranging.reorder(session, target.id, actor, ids(session, target))
    with pytest.raises(WorkflowNotFound):
        steps.get(session, hidden.id, ids(session, hidden)[0], colleague)


def test_a_step_of_another_workflow_is_not_found(session: Session, owner: Actor, workflow: Workflow) -> None:
    other = ids(session, make_workflow(session, owner))[0]
    for step_id in (other, 0, -1, 10**30):
        with pytest.raises(StepNotFound):
            steps.get(session, workflow.id, step_id, owner)
        with pytest.raises(StepNotFound):
            steps.change(session, workflow.id, step_id, owner, version=1, changes=StepChanges(value="x"))
        with pytest.raises(StepNotFound):
            steps.remove(session, workflow.id, step_id, owner, version=1)


@pytest.mark.parametrize("position", [0, -1, 5, 10**30])
def test_a_position_outside_is_refused(session: Session, owner: Actor, workflow: Workflow, position: int) -> None:
    with pytest.raises(InvalidInput, match="between 1 and 4"):
        steps.add(session, workflow.id, owner, NOTE, position=position)
    assert names(session, workflow) == ["New contact", "Save", "Close"]


def test_more_steps_than_allowed_are_refused(
    session: Session, owner: Actor, workflow: Workflow, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settings.max_steps == 500
    monkeypatch.setenv("MAX_STEPS", "3")
    get_settings.cache_clear()
    with pytest.raises(TooManySteps, match="has 3 steps; at most 3"):
        steps.add(session, workflow.id, owner, NOTE)


def test_anothers_picture_cannot_be_shown(session: Session, owner: Actor, colleague: Actor, workflow: Workflow) -> None:
    theirs = picture(session, colleague)
    first = ids(session, workflow)[0]
    for unseen in (theirs, "nothing"):
        with pytest.raises(UnknownScreenshot):
            steps.add(session, workflow.id, owner, StepContent(action=Action.NOTE, screenshot_id=unseen))
        changes = StepChanges(screenshot_id=unseen)
        with pytest.raises(UnknownScreenshot):
            steps.change(session, workflow.id, first, owner, version=1, changes=changes)


def test_a_step_is_added_at_the_end_or_where_it_is_wanted(session: Session, owner: Actor, workflow: Workflow) -> None:
    own = picture(session, owner)
    last = steps.add(session, workflow.id, owner, StepContent(action=Action.NOTE, screenshot_id=own))
    assert (last.step.position, last.label, last.step.version, last.step.screenshot_id) == (4, None, 1, own)
    label = NewLabel("Gap", "Mind the gap.")
    first = steps.add(session, workflow.id, owner, NOTE, position=1, label=label)
    assert first.label is not None
    assert first.label.source == LabelSource.RULES
    assert names(session, workflow) == ["Gap", "New contact", "Save", "Close", "note"]
    assert [s.workflow.id for s in service.search(session, owner, q="mind gap").items] == [workflow.id]


def test_a_removed_step_leaves_no_gap(session: Session, owner: Actor, workflow: Workflow) -> None:
    first, second, _ = ids(session, workflow)
    with pytest.raises(VersionConflict) as caught:
        steps.remove(session, workflow.id, second, owner, version=2)
    assert (caught.value.facts["version"], caught.value.facts["yours"]) == (1, None)
    assert caught.value.facts["theirs"]["label"] == {"field_label": "Save", "instruction": "Click **Save**."}
    steps.remove(session, workflow.id, second, owner, version=1)
    assert names(session, workflow) == ["New contact", "Close"]
    assert labels.history(session, second) == []
    steps.remove(session, workflow.id, first, owner, version=1)
    assert names(session, workflow) == ["Close"]
    assert service.search(session, owner, q="save").items == []


def test_a_stale_change_is_refused_with_both_texts(
    session: Session, owner: Actor, colleague: Actor, workflow: Workflow
) -> None:
    step_id = ids(session, workflow)[1]
    theirs = StepChanges(value="theirs", label=LabelChanges(instruction="Select **Save**."))
    steps.change(session, workflow.id, step_id, colleague, version=1, changes=theirs)
    yours = StepChanges(value="yours", label=LabelChanges(field_label="Store"))
    for stale in (1, 0, 10**30):
        with pytest.raises(VersionConflict) as caught:
            steps.change(session, workflow.id, step_id, owner, version=stale, changes=yours)
    assert caught.value.facts == {
        "version": 2,
        "yours": {"value": "yours", "label": {"field_label": "Store"}},
        "theirs": {"value": "theirs", "label": {"field_label": "Save", "instruction": "Select **Save**."}},
    }
    assert steps.change(session, workflow.id, step_id, owner, version=2, changes=yours).step.version == 3


def test_only_what_was_sent_changes(session: Session, owner: Actor, workflow: Workflow) -> None:
    before = steps.listed(session, workflow.id)[0]
    old = steps.content(before.step)
    box = Target(tag="a", name="New", box=Box(x=0, y=1.5, width=2, height=3))
    view = steps.change(session, workflow.id, before.step.id, owner, version=1, changes=StepChanges(target=box))
    assert steps.content(view.step) == old.model_copy(update={"target": box})
    assert view.label is before.label
    view = steps.change(session, workflow.id, before.step.id, owner, version=2, changes=StepChanges(target=None))
    assert steps.content(view.step).target is None
    view = steps.change(session, workflow.id, before.step.id, owner, version=3, changes=StepChanges())
    assert view.step.version == 3


def test_a_persons_words_become_the_newest_label(session: Session, owner: Actor, workflow: Workflow) -> None:
    step_id = ids(session, workflow)[1]
    words = StepChanges(label=LabelChanges(instruction=" Select\n**Save**. "))
    label = steps.change(session, workflow.id, step_id, owner, version=1, changes=words).label
    assert label is not None
    assert (label.field_label, label.instruction, label.source) == ("Save", "Select **Save**.", LabelSource.HUMAN)
    assert label.user_id == owner.user_id
    labels.add(session, {step_id: NewLabel("Store", "Select **Store**.", source=LabelSource.AI)})
    view = steps.get(session, workflow.id, step_id, owner)
    assert view.label is not None
    assert (view.label.id, view.proposals) == (label.id, 1)


def test_words_that_cannot_be_a_label_change_nothing(session: Session, owner: Actor, workflow: Workflow) -> None:
    step_id = ids(session, workflow)[0]
    words = StepChanges(value="new", label=LabelChanges(instruction="\x00 "))
    with pytest.raises(LabelUnusable, match="instruction is empty"):
        steps.change(session, workflow.id, step_id, owner, version=1, changes=words)
    note = steps.add(session, workflow.id, owner, NOTE).step
    assert (steps.get(session, workflow.id, step_id, owner).step.value, names(session, workflow)[1]) == (None, "Save")
    words = StepChanges(label=LabelChanges(field_label="Half"))
    with pytest.raises(LabelUnusable, match="instruction is empty"):
        steps.change(session, workflow.id, note.id, owner, version=1, changes=words)


@pytest.mark.parametrize("field", ["action", "page", "label"])
def test_null_is_refused_where_there_must_be_something(field: str) -> None:
    with pytest.raises(ValidationError, match=f"{field} cannot be null"):
        StepChanges.model_validate({field: None})


def test_a_secret_value_is_never_kept(session: Session, owner: Actor, workflow: Workflow) -> None:
    secret = StepContent(action=Action.INPUT, value="hunter2", value_kind="password", page=Page(title="Sign in"))
    view = steps.add(session, workflow.id, owner, secret)
    assert view.step.value is None
    plain = steps.add(session, workflow.id, owner, StepContent(action=Action.INPUT, value="hunter2")).step
    changes = StepChanges(value_kind="secret")
    assert steps.change(session, workflow.id, plain.id, owner, version=1, changes=changes).step.value is None


def test_an_order_names_every_step_once(session: Session, owner: Actor, workflow: Workflow) -> None:
    a, b, c = ids(session, workflow)
    other = ids(session, make_workflow(session, owner))[0]
    for wrong, words in (
        ([a, b], f"missing: {c}"),
        ([a, b, c, other], f"unknown: {other}"),
        ([a, b, c, a], f"repeated: {a}"),
        ([a, a, 10**30], f"missing: {b}, {c}; unknown: {10**30}; repeated: {a}"),
        ([], f"missing: {a}, {b}, {c}"),
    ):
        with pytest.raises(WrongOrder, match=words):
            arranging.reorder(session, workflow.id, owner, wrong)
    with pytest.raises(VersionConflict) as caught:
        arranging.reorder(session, workflow.id, owner, [c, a, b], version=7)
    assert caught.value.facts["theirs"] == {"step_ids": [a, b, c]}
    assert arranging.reorder(session, workflow.id, owner, [c, a, b]).version == 2
    assert names(session, workflow) == ["Close", "New contact", "Save"]


def test_a_subclass_of_the_content_is_stored_alike() -> None:
    class Sent(StepContent):
        label: str | None = None

    content = click("Save")
    assert steps.row_values(Sent(**dict(content), label="x"), 1) == steps.row_values(content, 1)
