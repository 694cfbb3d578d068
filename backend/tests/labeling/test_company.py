"""Several runs at a time in one process: who is taken up beside a run, and who is not."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.db import transaction
from app.labeling import company, recovery, service, sizes
from app.labeling.models import LabelingRun, RunState
from app.labeling.service import Outcome
from tests.doubles.claude import ClaudeDouble
from tests.labeling.claude_settings import configure
from tests.labeling.recordings import Recorded, queued, record, run_of
from tests.services import wait_for_run, wait_until

Label = Callable[[Recorded], Future[Outcome]]


@pytest.fixture
def label(claude: ClaudeDouble, monkeypatch: pytest.MonkeyPatch) -> Iterator[Label]:
    """Begins the work on a run in a thread; two others may be worked on beside it."""
    monkeypatch.setattr(company, "LOOK_AGAIN_SECONDS", 0.05)
    configure(monkeypatch, label_runs_at_once="3")
    assert claude.calls() == []
    with ThreadPoolExecutor(1) as pool:
        yield lambda run: pool.submit(service.label_run, run.run_id)


def state(run: Recorded) -> str:
    return run_of(run.run_id).state


def test_others_are_labelled_while_an_answer_is_waited_for(claude: ClaudeDouble, label: Label) -> None:
    claude.fault("gate", name="slow", nth=1)
    slow = record(["Slow"])
    working = label(slow)
    claude.wait(gate="slow")
    others = [record([name]) for name in ("One", "Two", "Three", "Four")]
    for other in others:
        wait_for_run(other.run_id, "succeeded")
    later = record(["Later"])
    wait_for_run(later.run_id, "succeeded")
    assert state(slow) == RunState.RUNNING
    claude.open("slow")
    assert working.result() is Outcome.FINISHED
    assert len(claude.calls()) == 6


def test_there_are_no_more_than_the_setting_allows_and_all_are_waited_for(claude: ClaudeDouble, label: Label) -> None:
    for number in (2, 3):
        claude.fault("gate", name="others", nth=number)
    claude.fault("gate", name="first", nth=1)
    first = record(["First"])
    working = label(first)
    claude.wait(gate="first")
    others = [record([name]) for name in ("One", "Two", "Three")]
    claude.wait(in_flight=3)
    assert sorted(map(state, others)) == [RunState.QUEUED, RunState.RUNNING, RunState.RUNNING]
    claude.open("first")
    wait_for_run(first.run_id, "succeeded")
    assert not working.done()
    claude.open("others")
    assert working.result() is Outcome.FINISHED
    assert sorted(map(state, others)) == [RunState.QUEUED, RunState.SUCCEEDED, RunState.SUCCEEDED]


def test_more_urgent_ones_come_first_and_batches_are_left_alone(
    claude: ClaudeDouble, label: Label, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, label_runs_at_once="2")
    claude.fault("gate", name="first", nth=1)
    first = record(["First"])
    working = label(first)
    claude.wait(gate="first")
    looking, waiting = threading.Lock(), recovery.waiting

    def look(session: Session, most: int) -> list[int]:
        with looking:
            return waiting(session, most)

    monkeypatch.setattr(recovery, "waiting", look)
    with looking, transaction() as session:  # all three are there at once
        bulk, batch = queued(session, ["Bulk"], mode="bulk"), queued(session, ["Batch"], mode="batch")
        normal = queued(session, ["Normal"])
    for other in (normal, bulk):
        wait_for_run(other.run_id, "succeeded")
    claude.open("first")
    working.result()
    assert state(batch) == RunState.QUEUED
    begun = [run_of(run.run_id).started_at for run in (normal, bulk)]
    assert begun == sorted(begun, key=str)


def test_a_run_over_which_a_worker_died_is_worked_on_alone(claude: ClaudeDouble, label: Label) -> None:
    claude.fault("gate", name="first", nth=1)
    first, deadly = record(["First"]), record(["Deadly"])
    with transaction() as session:
        session.execute(update(LabelingRun).where(LabelingRun.id == deadly.run_id).values(worker_deaths=1))
    working = label(first)
    claude.wait(gate="first")
    harmless = record(["Harmless"])
    wait_for_run(harmless.run_id, "succeeded")
    assert state(deadly) == RunState.QUEUED
    claude.open("first")
    working.result()
    claude.fault("gate", name="deadly", nth=1)
    another = record(["Another"])
    working = label(deadly)
    claude.wait(gate="deadly")
    assert state(another) == RunState.QUEUED
    claude.open("deadly")
    working.result()
    assert (state(deadly), state(another)) == (RunState.SUCCEEDED, RunState.QUEUED)


def test_when_one_is_parked_no_further_one_is_taken_up_in_its_place(claude: ClaudeDouble, label: Label) -> None:
    claude.fault("gate", name="first", nth=1)
    claude.fault("status", status=401, type="authentication_error", message="no", times=100)
    first = record(["First"])
    working = label(first)
    claude.wait(gate="first")
    others = [record([name]) for name in ("One", "Two", "Three", "Four")]
    wait_until(lambda: [state(other) for other in others].count(RunState.NEEDS_ATTENTION) == 2, "both")
    claude.open("first")
    working.result()
    assert [state(other) for other in others].count(RunState.QUEUED) == 2


def test_calls_are_large_while_many_runs_wait(claude: ClaudeDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, label_quick_chunk_steps="3", label_chunks_at_once="4")
    ten = [f"Button {letter}" for letter in "ABCDEFGHIJ"]
    first, second, *_ = [record(ten) for _ in range(sizes.MANY_RUNS + 1)]
    service.label_run(first.run_id)
    assert [len(call.step_keys) for call in claude.calls()] == [10]
    service.label_run(second.run_id)
    assert sorted(len(call.step_keys) for call in claude.calls())[:4] == [1, 3, 3, 3]
