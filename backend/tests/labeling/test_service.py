"""The pipeline, in this process, over the scripted labeler."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete

from app.core.config import Settings, get_settings
from app.core.db import transaction
from app.labeling import runs, service
from app.labeling.models import RunState
from app.labeling.service import Outcome
from app.workflows.models import Label, LabelSource, LabelState, Step, Workflow
from tests.labeling.recordings import Recorded, labels_of, record, run_of
from tests.labeling.scripted import Stage

pytestmark = pytest.mark.usefixtures("settings")


@pytest.fixture
def small_chunks(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """One step a chunk, one call at a time."""
    assert settings
    monkeypatch.setenv("LABEL_CHUNK_STEPS", "1")
    monkeypatch.setenv("LABEL_CHUNKS_AT_ONCE", "1")
    get_settings.cache_clear()


def test_a_labeler_without_its_key_parks_the_run_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABELER", "claude")
    get_settings.cache_clear()
    run = record(["Save"])
    assert service.label_run(run.run_id) is Outcome.PARKED
    assert "ANTHROPIC_API_KEY" in (run_of(run.run_id).reason or "")


def test_a_model_server_that_is_away_gives_the_run_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABELER", "openai")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    get_settings.cache_clear()
    run = record(["Save"])
    assert service.label_run(run.run_id) is Outcome.GIVEN_BACK
    assert "cannot be reached" in (run_of(run.run_id).reason or "")


def test_an_unknown_run_is_not_claimed() -> None:
    assert service.label_run(7) is Outcome.NOT_CLAIMED


@pytest.mark.usefixtures("small_chunks")
def test_a_long_pause_gives_the_run_back_until_then(stage: Stage) -> None:
    stage.plan("Send", transient=1, delay_seconds=600)
    run = record(["Save", "Send"])
    assert service.label_run(run.run_id) is Outcome.GIVEN_BACK
    waiting = run_of(run.run_id)
    assert (waiting.state, waiting.worker_deaths, waiting.steps_labeled) == (RunState.QUEUED, 0, 1)
    assert service.label_run(run.run_id) is Outcome.NOT_CLAIMED, "it rests"


def test_a_short_pause_is_waited_for(stage: Stage) -> None:
    stage.plan("Save", transient=2, delay_seconds=0.01)
    run = record(["Save"])
    assert service.label_run(run.run_id) is Outcome.FINISHED
    assert len(stage.calls()) == 3


def test_what_is_busy_for_ever_is_parked(stage: Stage) -> None:
    stage.plan("Save", transient=1000, delay_seconds=0)
    run = record(["Save"])
    assert service.label_run(run.run_id) is Outcome.PARKED
    assert run_of(run.run_id).reason == "Called 20 times in vain; the last answer: The service is busy."


def test_a_crash_gives_the_run_back_and_the_third_parks_it(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "CRASH_PAUSE_SECONDS", 0)
    stage.plan("Save", crash="boom")
    run = record(["Save"])
    outcomes = [service.label_run(run.run_id) for _ in range(3)]
    assert outcomes == [Outcome.GIVEN_BACK, Outcome.GIVEN_BACK, Outcome.PARKED]
    assert "RuntimeError: boom" in (run_of(run.run_id).reason or "")


def test_an_interruption_gives_the_run_back_and_goes_on(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    class TimeIsUp(Exception):
        pass

    def interrupted(*_: object) -> None:
        raise TimeIsUp

    monkeypatch.setattr("app.labeling.calls.wait", interrupted)
    stage.plan("Save", wait_for="save")
    run = record(["Save"])
    with pytest.raises(TimeIsUp):
        service.label_run(run.run_id, interruptions=(TimeIsUp,))
    assert run_of(run.run_id).state == RunState.QUEUED

    stage.open("save")
    for thread in threading.enumerate():
        if thread.name.startswith("label-chunk"):
            thread.join(30)
    assert labels_of(run.step_ids[0]) == [], "the answer came too late"


@pytest.mark.usefixtures("stage")
def test_every_step_is_labelled_and_the_workflow_is_ready() -> None:
    run = record([f"Button {number}" for number in range(25)])
    assert service.label_run(run.run_id) is Outcome.FINISHED
    done = run_of(run.run_id)
    assert (done.state, done.steps_labeled, done.total_steps) == (RunState.SUCCEEDED, 25, 25)
    assert (done.calls, done.input_tokens, round(done.cost_usd, 6)) == (3, 300, 0.003)
    assert done.due_at is None
    (label,) = labels_of(run.step_ids[3])
    assert (label.source, label.model, label.prompt_version) == (LabelSource.AI, "scripted-1", "1")
    with transaction() as session:
        workflow, step = session.get(Workflow, run.workflow_id), session.get(Step, run.step_ids[3])
        assert workflow is not None
        assert step is not None
        assert (workflow.status, step.label_state) == ("draft", LabelState.LABELLED)


def test_called_ten_times_at_once_it_labels_once(stage: Stage) -> None:
    run = record(["Save"])
    with ThreadPoolExecutor(10) as pool:
        outcomes = list(pool.map(lambda _: service.label_run(run.run_id), range(10)))
    assert outcomes.count(Outcome.FINISHED) == 1
    assert outcomes.count(Outcome.NOT_CLAIMED) == 9
    assert len(stage.calls()) == 1
    assert len(labels_of(run.step_ids[0])) == 1


@pytest.mark.usefixtures("stage")
def test_a_persons_label_is_not_touched() -> None:
    run = record(["Save"])
    with transaction() as session:
        session.add(Label(step_id=run.step_ids[0], field_label="Save", instruction="Save it.", source="human"))
    service.label_run(run.run_id)
    labels = labels_of(run.step_ids[0])
    assert [(label.source, label.instruction) for label in labels] == [
        ("human", "Save it."),
        ("ai", "Click Save, says the script."),
    ]


def test_rules_that_say_the_same_again_add_no_label() -> None:
    run = record(["Save"])
    service.label_run(run.run_id)
    assert len(labels_of(run.step_ids[0])) == 1
    with transaction() as session:
        again = runs.request(session, run.workflow_id)
    assert service.label_run(again.id) is Outcome.FINISHED
    assert run_of(again.id).steps_labeled == 1
    assert len(labels_of(run.step_ids[0])) == 1


@pytest.mark.usefixtures("small_chunks")
def test_a_cancelled_run_stops_within_a_chunk(stage: Stage) -> None:
    run, worker = _held_at_the_second_of_three(stage)
    with transaction() as session:
        runs.cancel(session, run.run_id)
    stage.open("second")
    assert worker() is Outcome.FINISHED
    assert run_of(run.run_id).state == RunState.CANCELLED
    assert [call["names"] for call in stage.calls()] == [["First"], ["Second"]]
    with transaction() as session:
        states = [session.get_one(Step, step_id).label_state for step_id in run.step_ids]
    assert states == ["labelled", "rules", "rules"]


@pytest.mark.usefixtures("small_chunks")
def test_a_workflow_deleted_under_way_stops_quietly(stage: Stage) -> None:
    run, worker = _held_at_the_second_of_three(stage)
    with transaction() as session:
        session.execute(delete(Workflow).where(Workflow.id == run.workflow_id))
    stage.open("second")
    assert worker() is Outcome.LOST
    assert len(stage.calls()) == 2


@pytest.mark.usefixtures("small_chunks")
def test_steps_deleted_under_way_do_not_count(stage: Stage) -> None:
    run, worker = _held_at_the_second_of_three(stage)
    with transaction() as session:
        session.execute(delete(Step).where(Step.id.in_(run.step_ids[1:])))
    stage.open("second")
    assert worker() is Outcome.FINISHED
    done = run_of(run.run_id)
    assert (done.state, done.steps_labeled, done.steps_failed, done.total_steps) == (RunState.SUCCEEDED, 1, 0, 1)


def _held_at_the_second_of_three(stage: Stage) -> tuple[Recorded, Callable[[], Outcome]]:
    """A run whose second call is under way, and what waits for its end."""
    stage.plan("Second", wait_for="second")
    run = record(["First", "Second", "Third"])
    pool = ThreadPoolExecutor(1)
    future = pool.submit(service.label_run, run.run_id)
    pool.shutdown(wait=False)
    clock = threading.Event()
    for _ in range(3000):
        if len(stage.calls()) == 2 or future.done():
            break
        clock.wait(0.01)
    return run, lambda: future.result(timeout=30)
