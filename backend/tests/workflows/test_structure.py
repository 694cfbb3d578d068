"""Edits of several steps at once: what refuses them, whoever does them and whatever they are."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.config import get_settings
from app.workflows import (
    appending,
    arranging,
    copying,
    labels,
    merging,
    splitting,
    steps,
    variables,
)
from app.workflows.changes import StepChanges
from app.workflows.content import Variable
from app.workflows.errors import (
    CannotAppend,
    LabelUnusable,
    MayNotChange,
    NotANote,
    NothingBefore,
    NotInARow,
    StepNotFound,
    TooManySteps,
    VersionConflict,
    WorkflowNotFound,
)
from app.workflows.labels import NewLabel
from app.workflows.models import (
    Edit,
    LabelSource,
    Visibility,
    Workflow,
)
from tests.workflows.conftest import click, make_workflow
from tests.workflows.test_steps import ids

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
