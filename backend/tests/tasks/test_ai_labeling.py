"""The task as a person calls it from a shell, and the retry policy, in a real worker."""

import subprocess
import sys
from typing import Any

import pytest
from celery.result import AsyncResult

from app.celery_app import celery_app
from app.core.config import BACKEND
from app.core.db import transaction
from app.labeling import runs
from app.tasks.ai_labeling import label_workflow_steps
from tests.labeling.recordings import record, store
from tests.labeling.scripted import Stage
from tests.services import Broker, StartWorker, run_python, wait_until

pytestmark = [
    pytest.mark.usefixtures("queue_settings"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def call(workflow_id: int) -> "AsyncResult[dict[str, Any]]":
    return label_workflow_steps.delay(workflow_id=workflow_id)


def test_what_might_pass_runs_four_times_and_what_cannot_runs_once(
    start_worker: StartWorker, worker_stage: Stage
) -> None:
    start_worker()
    for name in ("tests.fails", "tests.fails_for_good"):
        result = celery_app.send_task(name)
        wait_until(result.ready)
        assert result.state == "FAILURE"
    assert (worker_stage.folder / "fails").read_text() == "...."
    assert (worker_stage.folder / "fails_for_good").read_text() == "."
    policy = label_workflow_steps
    assert (policy.max_retries, policy.retry_backoff, policy.retry_backoff_max, policy.retry_jitter) == (3, 5, 60, True)


def test_an_unknown_workflow_fails_at_once_by_name(start_worker: StartWorker) -> None:
    start_worker()
    result = call(7)
    with pytest.raises(Exception, match="There is no workflow 7") as failure:
        result.get(timeout=30)
    assert type(failure.value).__name__ == "WorkflowNotFound"
    assert not result.retries


def test_the_result_is_the_one_of_the_readme(start_worker: StartWorker, worker_stage: Stage) -> None:
    start_worker("--concurrency=2")
    names = [f"Button {number}" for number in range(10)]
    with transaction() as session:
        workflow_id, _ = store(session, names)
    shell = "import json; from app.tasks.ai_labeling import label_workflow_steps; "
    answer = run_python(
        shell + f"print(json.dumps(label_workflow_steps.delay(workflow_id={workflow_id}).get(timeout=30)))"
    )
    assert isinstance(answer.pop("seconds"), float)
    assert answer == {
        "workflow_id": workflow_id,
        "status": "success",
        "message": "10 of 10 steps labelled",
        "total_steps": 10,
        "steps_labeled": 10,
        "steps_failed": 0,
        "cost_usd": pytest.approx(0.01),
    }
    again = call(workflow_id).get(timeout=30)
    assert (again["status"], again["message"], again["cost_usd"]) == ("success", "10 of 10 steps labelled", 0.0)
    assert len(worker_stage.calls()) == 10, "nothing is paid for twice"


def test_a_failed_step_makes_a_partial_success(start_worker: StartWorker, worker_stage: Stage) -> None:
    worker_stage.plan("Send", fail="The picture is blank.")
    run = record(["Save", "Send"])
    start_worker()
    answer = call(run.workflow_id).get(timeout=30)
    assert (answer["status"], answer["steps_labeled"], answer["steps_failed"]) == ("partial_success", 1, 1)
    assert "The picture is blank." in answer["message"]


def test_who_comes_second_waits_for_the_result_of_the_first(start_worker: StartWorker, worker_stage: Stage) -> None:
    worker_stage.plan("Save", wait_for="save")
    with transaction() as session:
        workflow_id, _ = store(session, ["Save"])
    start_worker("--concurrency=2")
    first = call(workflow_id)
    wait_until(worker_stage.calls, "the first is at work")
    second = call(workflow_id)
    wait_until(lambda: second.state == "RETRY", "the second waits")
    worker_stage.open("save")
    assert first.get(timeout=30)["status"] == second.get(timeout=30)["status"] == "success"
    assert len(worker_stage.calls()) == 1


def test_the_well_known_commands_answer(start_worker: StartWorker, broker: Broker, worker_stage: Stage) -> None:
    waiting = record(["Waits"])
    label_workflow_steps.apply_async(args=(waiting.workflow_id,), priority=0)
    with broker.client() as client:
        assert client.llen("ai_labeling") == 1
    worker_stage.plan("Waits", wait_for="gate")
    start_worker(app="app.celery_app")
    for command in ("ping", "active", "stats"):
        output = subprocess.run(
            [sys.executable, "-m", "celery", "-A", "app.celery_app", "inspect", command, "--json"],
            cwd=BACKEND,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert output.returncode == 0, output.stderr
        assert "worker0@" in output.stdout


def test_priorities_are_those_of_the_queue() -> None:
    assert sorted(set(runs.PRIORITIES.values())) == [0, 3, 6]
    assert set(runs.PRIORITIES.values()) <= set(celery_app.conf.broker_transport_options["priority_steps"])
