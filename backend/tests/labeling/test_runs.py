"""Runs as people handle them."""

import pytest
from sqlalchemy.exc import IntegrityError

from app.core.db import transaction
from app.labeling import leases, runs, service
from app.labeling.models import RunState
from app.labeling.runs import RunNotAcknowledgeable, RunNotFound, RunNotRetryable
from app.workflows.models import LabelState, Step, Workflow
from tests.labeling.recordings import record, run_of, store
from tests.labeling.scripted import Stage

pytestmark = pytest.mark.usefixtures("settings")


def test_an_unknown_run_is_named() -> None:
    with pytest.raises(RunNotFound), transaction() as session:
        runs.get(session, 7)


def test_a_workflow_has_one_active_run() -> None:
    run = record(["Save"])
    with transaction() as session:
        assert runs.request(session, run.workflow_id, mode="interactive").id == run.run_id
    with pytest.raises(IntegrityError), transaction() as session:
        runs.queue(session, run.workflow_id, total_steps=1)


def test_steps_of_another_workflow_are_not_asked_for() -> None:
    other = record(["Secret"])
    with transaction() as session:
        workflow_id, (mine,) = store(session, ["Save"])
        run = runs.request(session, workflow_id, step_ids=[mine, *other.step_ids])
    assert run.step_ids == [mine]
    assert run.total_steps == 1


def test_a_waiting_run_is_cancelled_at_once() -> None:
    run = record(["Save"])
    with transaction() as session:
        cancelled = runs.cancel(session, run.run_id)
    assert cancelled.state == RunState.CANCELLED
    with transaction() as session:
        workflow = session.get(Workflow, run.workflow_id)
        assert workflow is not None
        assert workflow.status == "draft"
        assert leases.claim(session, run.run_id, seconds=30, max_deaths=3) is None


def test_a_run_under_way_cannot_be_retried_or_acknowledged() -> None:
    run = record(["Save"])
    with pytest.raises(RunNotRetryable), transaction() as session:
        runs.retry(session, run.run_id)
    with pytest.raises(RunNotAcknowledgeable), transaction() as session:
        runs.acknowledge(session, run.run_id)


def test_a_retry_asks_for_failed_steps_only(stage: Stage) -> None:
    stage.plan("Send", fail="The picture is blank.")
    run = record(["Save", "Send"])
    service.label_run(run.run_id)
    assert run_of(run.run_id).state == RunState.PARTIAL
    assert run_of(run.run_id).reason == "1 of 2 steps could not be labelled. The picture is blank."

    stage.plan("Send")
    with transaction() as session:
        again = runs.retry(session, run.run_id)
    service.label_run(again.id)
    assert run_of(again.id).state == RunState.SUCCEEDED
    assert [call["names"] for call in stage.calls()] == [["Save", "Send"], ["Send"]]


def test_a_parked_run_goes_on_after_a_retry(stage: Stage) -> None:
    stage.plan("Save", permanent="The key is not valid.")
    run = record(["Save"])
    assert service.label_run(run.run_id) is service.Outcome.PARKED
    parked = run_of(run.run_id)
    assert (parked.state, parked.reason) == (RunState.NEEDS_ATTENTION, "The key is not valid.")
    with transaction() as session:
        runs.retry(session, run.run_id)
    stage.plan("Save")
    assert service.label_run(run.run_id) is service.Outcome.FINISHED


def test_an_acknowledged_run_leaves_the_list_and_the_workflow_is_ready(stage: Stage) -> None:
    stage.plan("Save", permanent="The key is not valid.")
    run = record(["Save"])
    service.label_run(run.run_id)
    with transaction() as session:
        runs.acknowledge(session, run.run_id)
    with transaction() as session:
        assert runs.get(session, run.run_id).acknowledged_at is not None
        workflow, step = session.get(Workflow, run.workflow_id), session.get(Step, run.step_ids[0])
        assert workflow is not None
        assert step is not None
        assert (workflow.status, step.label_state) == ("draft", LabelState.RULES)


def test_facts_are_those_of_the_api() -> None:
    names = (
        "id workflow_id state stalled reason mode attempts total_steps steps_labeled steps_failed wait_seconds "
        "run_seconds calls input_tokens output_tokens cost_usd created_at started_at finished_at acknowledged_at"
    )
    assert list(runs.facts(run_of(record(["Save"]).run_id))) == names.split()
