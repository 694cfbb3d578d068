"""Several people change the same thing at the same moment, each in a transaction of their own."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.db import transaction
from app.workflows import service, steps
from app.workflows.changes import LabelChanges, StepChanges, WorkflowChanges
from app.workflows.content import Action, StepContent
from app.workflows.errors import StepNotFound, VersionConflict
from app.workflows.models import Workflow
from tests.workflows.conftest import make_workflow

PEOPLE = 6


@pytest.fixture
def stored(editor: Actor) -> Workflow:
    with transaction() as session:
        return make_workflow(session, editor)


def at_once(engine: Engine, act: Callable[[Session, int], object]) -> Counter[str]:
    """What became of `act` in transactions that were all asked for at the same moment."""
    barrier = Barrier(PEOPLE)

    def attempt(number: int) -> str:
        barrier.wait(30)
        try:
            with transaction(engine=engine) as session:
                act(session, number)
        except (VersionConflict, StepNotFound) as error:
            return error.name
        return "done"

    with ThreadPoolExecutor(PEOPLE) as pool:
        return Counter(pool.map(attempt, range(PEOPLE)))


def test_one_of_many_changes_of_a_step_wins(engine: Engine, editor: Actor, stored: Workflow) -> None:
    with transaction(read_only=True) as session:
        step_id = steps.listed(session, stored.id)[0].step.id

    def act(session: Session, number: int) -> None:
        words = StepChanges(value=str(number), label=LabelChanges(instruction=f"Version of {number}."))
        steps.change(session, stored.id, step_id, editor, version=1, changes=words)

    assert at_once(engine, act) == {"done": 1, "VersionConflict": PEOPLE - 1}
    with transaction(read_only=True) as session:
        view = steps.get(session, stored.id, step_id, editor)
        assert view.label is not None
        assert view.label.instruction == f"Version of {view.step.value}."
        assert view.step.version == 2


def test_one_of_many_changes_of_a_workflow_wins(engine: Engine, editor: Actor, stored: Workflow) -> None:
    def act(session: Session, number: int) -> None:
        service.update(session, stored.id, editor, version=1, changes=WorkflowChanges(name=f"Name {number}"))

    assert at_once(engine, act) == {"done": 1, "VersionConflict": PEOPLE - 1}


def test_the_write_itself_is_conditional(engine: Engine, editor: Actor, stored: Workflow) -> None:
    """Without the row's lock, too: a version that was read before somebody else wrote does not overwrite."""
    with transaction(engine=engine) as session:
        workflow = service.get(session, stored.id, editor)
        workflow.version = 7
        session.flush()
        workflow.version = 6  # as if read before
        with pytest.raises(VersionConflict) as caught:
            service.bump(session, workflow, name="Lost")
        assert caught.value.facts == {"yours": {"name": "Lost"}, "theirs": {"name": stored.name}, "version": 7}


def test_a_step_is_removed_once(engine: Engine, editor: Actor, stored: Workflow) -> None:
    with transaction(read_only=True) as session:
        step_id = steps.listed(session, stored.id)[0].step.id

    def act(session: Session, _: int) -> None:
        steps.remove(session, stored.id, step_id, editor, version=1)

    assert at_once(engine, act) == {"done": 1, "StepNotFound": PEOPLE - 1}


def test_positions_stay_without_gaps(engine: Engine, editor: Actor, stored: Workflow) -> None:
    def act(session: Session, number: int) -> None:
        position = number % 3 + 1
        steps.add(session, stored.id, editor, StepContent(action=Action.NOTE), position=position)

    assert at_once(engine, act) == {"done": PEOPLE}
    with transaction(read_only=True) as session:
        positions = [view.step.position for view in steps.listed(session, stored.id)]
    assert positions == list(range(1, PEOPLE + 4))
