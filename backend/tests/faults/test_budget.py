"""The budget is spent: calls stop, the reason is shown, a raised budget resumes. Judged by the labeler's own ledger."""

import time

import pytest

from app.labeling import runs
from app.tasks.publishing import publish
from tests.faults.record import Faulted, Record
from tests.labeling.recordings import labels_of, record
from tests.labeling.scripted import Stage
from tests.services import StartWorker, wait_for_run


@pytest.mark.usefixtures("queue_settings")
def test_calls_stop_before_the_budget_is_passed_and_go_on_when_it_is_raised(
    start_worker: StartWorker, worker_stage: Stage, monkeypatch: pytest.MonkeyPatch, faulted: Record
) -> None:
    monkeypatch.setenv(
        "SCRIPT_MODEL", "claude-haiku-5-5"
    )  # reserves $0.000015 a call; each costs $0.001, says the script
    monkeypatch.setenv("LABEL_BUDGET_USD_PER_DAY", "0.002")
    worker = start_worker()
    run = record(["First", "Second", "Third", "Fourth"])
    publish(run.run_id, run.workflow_id, runs.PRIORITIES["normal"])
    stopped = wait_for_run(run.run_id, "needs_attention")
    assert (len(worker_stage.calls()), stopped.steps_labeled, stopped.parked_for) == (2, 2, "budget")
    assert "The budget of $0.002 a day is used up" in (stopped.reason or "")
    worker.kill()

    monkeypatch.setenv("LABEL_BUDGET_USD_PER_DAY", "1")
    raised = time.monotonic()
    start_worker()
    done = wait_for_run(run.run_id, "succeeded")
    seconds, lost = time.monotonic() - raised, 4 - done.steps_labeled
    doubled = sum(len(labels_of(step)) - 1 for step in run.step_ids)
    faulted(Faulted(23, "our budget", 1, lost, doubled, len(worker_stage.calls()) - 4, seconds))
    assert (done.steps_labeled, done.parked_for, done.reason) == (4, None, None)
    assert [call["names"] for call in worker_stage.calls()] == [["First"], ["Second"], ["Third"], ["Fourth"]]
    assert [len(labels_of(step)) for step in run.step_ids] == [1] * 4
