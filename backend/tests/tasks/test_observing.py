"""What a worker serves and logs about its tasks, with its children together."""

import json
import os
import signal
import socket
import urllib.request
from pathlib import Path

import pytest

from app.core.config import Settings, get_settings
from app.core.db import transaction
from app.labeling import runs
from app.labeling.models import LabelingRun
from app.tasks.publishing import publish
from tests.labeling.recordings import record, store
from tests.labeling.scripted import Stage
from tests.services import StartWorker, Worker, wait_for_run, wait_until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TASK = "app.tasks.ai_labeling.label_workflow_steps"
REQUEST_ID = "request-0001"


@pytest.fixture
def port(queue_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> int:
    """Where the workers of this test serve their numbers."""
    assert queue_settings.redis_url
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    monkeypatch.setenv("WORKER_METRICS_PORT", str(port))
    monkeypatch.setenv("LOG_FORMAT", "json")
    get_settings.cache_clear()
    return port


def scrape(port: int) -> dict[str, float]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[:1] not in "#")}


def label_one() -> LabelingRun:
    run = record(["Save"])
    publish(run.run_id, run.workflow_id, 3)
    return wait_for_run(run.run_id, "succeeded")


def log_of(worker: Worker) -> list[dict[str, object]]:
    return [json.loads(line) for line in worker.log.read_text().splitlines() if line.startswith("{")]


def test_a_port_that_is_taken_costs_the_numbers_and_not_the_worker(port: int, start_worker: StartWorker) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", port))
        taken.listen()
        worker = start_worker()
        label_one()
        assert "no_worker_metrics" in worker.log.read_text()


def test_the_numbers_of_children_that_are_gone_stay(
    port: int, start_worker: StartWorker, tmp_path: Path, worker_stage: Stage
) -> None:
    worker = start_worker("--max-tasks-per-child=1")
    for number in range(1, 4):
        label_one()
        name = f'workflow_platform_tasks_total{{outcome="success",task="{TASK}"}}'
        # A message that came late is sent again, and counts though there is nothing left to do for it.
        wait_until(lambda: scrape(port).get(name, 0) >= number, f"{number} tasks are counted")  # noqa: B023 - at once
    found = scrape(port)
    labels = 'labeler="scripted",model="scripted-1",outcome="answered"'
    assert found[f"workflow_platform_call_seconds_count{{{labels}}}"] == 3
    assert found[f'workflow_platform_task_seconds_count{{task="{TASK}"}}'] >= 3
    assert len(worker_stage.calls()) == 3
    assert len({call["pid"] for call in worker_stage.calls()}) == 3
    (folder,) = (tmp_path / "data" / "workers").glob("*.metrics")
    assert len(list(folder.iterdir())) <= 4, "two files that stay, two of the child that is"
    worker.process.send_signal(signal.SIGTERM)
    worker.process.wait(30)
    assert not folder.exists()


def test_the_port_is_free_for_the_next_while_children_of_a_killed_one_live(
    port: int, start_worker: StartWorker
) -> None:
    worker = start_worker()
    label_one()
    os.kill(worker.process.pid, signal.SIGKILL)
    worker.process.wait(10)
    start_worker()
    label_one()
    assert scrape(port)


def test_one_number_of_a_request_finds_everything(
    port: int, start_worker: StartWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    import structlog

    assert port
    worker = start_worker()
    with structlog.contextvars.bound_contextvars(request_id=REQUEST_ID):
        run = label_one()
    log = log_of(worker)
    ours = {line["event"]: line for line in log if line.get("request_id") == REQUEST_ID}
    assert {"labeling_begins", "labeling_ends"} <= ours.keys()
    assert ours["labeling_begins"]["run_id"] == run.id
    assert ours["labeling_begins"]["task"] == TASK
    assert ours["labeling_begins"]["task_id"]
    assert "Save" not in worker.log.read_text(), "what was recorded is not logged"
    assert monkeypatch


def test_a_run_that_the_reconciler_sends_is_found_by_its_request_too(port: int, start_worker: StartWorker) -> None:
    import structlog

    assert port
    with structlog.contextvars.bound_contextvars(request_id=REQUEST_ID), transaction() as session:
        workflow_id, _ = store(session, ["Save"])
        run = runs.queue(session, workflow_id, total_steps=1, published=False)
    worker = start_worker()
    wait_for_run(run.id, "succeeded")
    wait_until(lambda: "labeling_ends" in worker.log.read_text())
    (line,) = [line for line in log_of(worker) if line["event"] == "labeling_begins"]
    assert line["request_id"] == REQUEST_ID
