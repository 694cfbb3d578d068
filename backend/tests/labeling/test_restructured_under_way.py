"""Steps removed, merged, split off and put back while a worker labels them."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.accounts.actor import Actor, of_user
from app.accounts.models import User
from app.core.config import Settings, get_settings
from app.core.db import transaction
from app.labeling import runs, service
from app.labeling.models import RunState
from app.labeling.service import Outcome
from app.recordings import restructuring
from app.workflows import edits, merging, steps
from app.workflows.models import Label, LabelSource, Step, Workflow
from tests.labeling.recordings import Recorded, record, run_of
from tests.labeling.scripted import Stage

pytestmark = pytest.mark.usefixtures("settings", "small_chunks")


@pytest.fixture
def small_chunks(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """One step a chunk, one call at a time, one run at a time."""
    assert settings
    monkeypatch.setenv("LABEL_CHUNK_STEPS", "1")
    monkeypatch.setenv("LABEL_CHUNKS_AT_ONCE", "1")
    monkeypatch.setenv("LABEL_RUNS_AT_ONCE", "1")
    get_settings.cache_clear()


def test_a_removed_step_is_passed_over(stage: Stage) -> None:
    run, actor, worker = _held_at_the_second_of_three(stage)
    with transaction() as session:
        steps.remove(session, run.workflow_id, run.step_ids[1], actor)
    assert _finished(stage, run, worker) == (RunState.SUCCEEDED, 2, 0, 2)
    with transaction() as session:
        edits.undo(session, run.workflow_id, actor)
        assert session.get_one(Step, run.step_ids[1]).label_state == "rules"


def test_a_step_that_is_put_back_in_time_gets_its_label(stage: Stage) -> None:
    run, actor, worker = _held_at_the_second_of_three(stage)
    with transaction() as session:
        steps.remove(session, run.workflow_id, run.step_ids[1], actor)
        edits.undo(session, run.workflow_id, actor)
    assert _finished(stage, run, worker) == (RunState.SUCCEEDED, 3, 0, 3)
    with transaction() as session:
        assert session.get_one(Step, run.step_ids[1]).label_state == "labelled"


def test_a_merged_step_keeps_the_persons_words(stage: Stage) -> None:
    run, actor, worker = _held_at_the_second_of_three(stage)
    with transaction() as session:
        kept = merging.merge(session, run.workflow_id, actor, run.step_ids[1:])
    assert _finished(stage, run, worker) == (RunState.SUCCEEDED, 2, 0, 2)
    with transaction() as session:
        label = steps.get(session, run.workflow_id, kept, actor).label
        assert label is not None
        assert label.source == LabelSource.HUMAN


def test_steps_that_were_split_off_wait_for_a_run_of_their_own(stage: Stage) -> None:
    run, actor, worker = _held_at_the_second_of_three(stage)
    with transaction() as session:
        other, own = restructuring.split(
            session, run.workflow_id, actor, before_step_id=run.step_ids[1], name="Second half"
        )
        assert own is not None
        assert (own.workflow_id, own.total_steps) == (other.id, 2)
        number, other_id = own.id, other.id
    assert _finished(stage, run, worker) == (RunState.SUCCEEDED, 1, 0, 1)
    with transaction() as session:
        by_run = session.query(Label.step_id).filter(Label.run_id == run.run_id).all()
        assert [step_id for (step_id,) in by_run] == [run.step_ids[0]]
        assert session.get_one(Workflow, other_id).status == "processing"
    assert service.label_run(number) is Outcome.FINISHED
    with transaction() as session:
        assert runs.get(session, number).steps_labeled == 2
        assert session.get_one(Workflow, other_id).status == "draft"


def _finished(stage: Stage, run: Recorded, worker: Callable[[], Outcome]) -> tuple[RunState, int, int, int]:
    stage.open("second")
    assert worker() is Outcome.FINISHED
    done = run_of(run.run_id)
    return done.state, done.steps_labeled, done.steps_failed, done.total_steps


def _held_at_the_second_of_three(stage: Stage) -> tuple[Recorded, Actor, Callable[[], Outcome]]:
    """A run whose second call is under way, whose workflow it is, and what waits for its end."""
    stage.plan("Second", wait_for="second")
    run = record(["First", "Second", "Third"], rule_labels=True)
    with transaction() as session:
        owner = of_user(session.get_one(User, session.get_one(Workflow, run.workflow_id).owner_id))
    pool = ThreadPoolExecutor(1)
    future = pool.submit(service.label_run, run.run_id)
    pool.shutdown(wait=False)
    clock = threading.Event()
    for _ in range(3000):
        if len(stage.calls()) == 2 or future.done():
            break
        clock.wait(0.01)
    return run, owner, lambda: future.result(timeout=30)
