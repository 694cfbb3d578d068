"""Batches whose run is over, cancelled, deleted or parked: ended at the provider, and what they cost is booked."""

import pytest
from sqlalchemy import update

from app.accounts.actor import Actor
from app.core.clock import now
from app.core.db import transaction
from app.labeling import recovery, repairs, runs, service
from app.labeling.models import LabelingBatch
from app.labeling.service import Outcome
from app.workflows import service as workflows
from app.workflows.models import LabelState, Step
from tests.doubles.claude import ClaudeDouble
from tests.labeling.batch_runs import LONG, TEN, batches, calls, hand_over, on_sqlite, outcomes, spent, work
from tests.labeling.recordings import labels_of, record, run_of


def test_a_cancelled_run_has_its_batch_cancelled_and_costs_nothing(claude: ClaudeDouble) -> None:
    run = hand_over(LONG)
    assert spent() > 0
    with transaction() as session:
        runs.cancel(session, run.run_id)
        assert repairs.wanted(session).batches
    assert service.tend_batches() == 1
    assert service.tend_batches() == 1, "it is still being cancelled"
    claude.end_batches()
    assert service.tend_batches() == 0
    assert outcomes() == ["cancelled"] * 3
    assert spent() == pytest.approx(0)
    assert [batch.state for batch in batches()] == ["cancelled"]
    with transaction(read_only=True) as session:
        assert not repairs.wanted(session).batches
        states = {session.get_one(Step, step_id).label_state for step_id in run.step_ids}
    assert states == {LabelState.RULES}


@on_sqlite
def test_what_was_answered_before_it_was_cancelled_is_paid_and_booked(claude: ClaudeDouble) -> None:
    claude.fault("canceled", nth=2)
    run = hand_over(LONG)
    with transaction() as session:
        runs.cancel(session, run.run_id)
    claude.end_batches()
    assert service.tend_batches() == 0
    assert outcomes() == ["answered", "cancelled", "answered"]
    assert calls()[1].cost_usd == 0
    assert spent() == pytest.approx(run_of(run.run_id).cost_usd) == pytest.approx(sum(c.cost_usd or 0 for c in calls()))
    assert labels_of(run.step_ids[0]) == []


def test_the_batch_of_a_deleted_workflow_is_cancelled_and_booked(claude: ClaudeDouble, admin: Actor) -> None:
    run = hand_over()
    with transaction() as session:
        workflows.delete(session, run.workflow_id, admin)
    assert service.label_run(run.run_id) is Outcome.NOT_CLAIMED
    claude.end_batches()
    assert service.tend_batches() == 0
    assert outcomes() == ["answered"]
    assert 0 < spent() == pytest.approx(calls()[0].cost_usd or 0)


@on_sqlite
def test_the_batch_of_a_run_that_waits_for_a_person_waits_too_until_they_have_seen_it(claude: ClaudeDouble) -> None:
    run = hand_over()
    claude.fault("status", on="batch_get", status=401, type="authentication_error", message="no")
    assert work(run) is Outcome.PARKED
    assert service.tend_batches() == 0
    assert [batch.state for batch in batches()] == ["submitted"]
    with transaction() as session:
        runs.acknowledge(session, run.run_id)
    assert service.tend_batches() == 1
    assert len(claude.calls("batch_cancel")) == 1


@on_sqlite
def test_a_batch_that_cannot_be_looked_after_keeps_no_other_from_it(claude: ClaudeDouble) -> None:
    found = [hand_over(), hand_over()]
    with transaction() as session:
        for run in found:
            runs.cancel(session, run.run_id)
    claude.end_batches()
    claude.fault("status", on="batch_get", status=404, type="not_found_error", message="no")
    assert service.tend_batches() == 1
    assert sorted(batch.state for batch in batches()) == ["cancelled", "submitted"]


@on_sqlite
def test_a_lost_batch_of_a_cancelled_run_is_found_and_booked(claude: ClaudeDouble) -> None:
    claude.fault("reset_after", on="batch_create")
    run = record(TEN, mode="batch")
    service.label_run(run.run_id)
    with transaction() as session:
        runs.cancel(session, run.run_id)
        assert not repairs.wanted(session).batches, "somebody may be handing it over right now"
        session.execute(update(LabelingBatch).values(created_at=now() - 2 * recovery.HANDING_OVER))
    assert service.tend_batches() == 1
    claude.end_batches()
    assert service.tend_batches() == 0
    assert outcomes() == ["answered"]
