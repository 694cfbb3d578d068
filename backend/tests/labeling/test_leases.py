"""Who may write to a run, and who may not any more."""

import pytest
from sqlalchemy import delete, update

from app.core.clock import db_now
from app.core.db import transaction
from app.labeling import chunks, leases, runs
from app.labeling.leases import Lease, LeaseLost
from app.labeling.models import LabelingRun, RunState
from app.labeling.protocol import ChunkResult, StepLabel, StepResult
from app.labeling.rules.labeler import RuleLabeler
from app.workflows.models import Workflow
from tests.labeling.recordings import labels_of, record, run_of

pytestmark = pytest.mark.usefixtures("settings")


def claim(run_id: int, max_deaths: int = 3) -> Lease | None:
    with transaction() as session:
        return leases.claim(session, run_id, seconds=30, max_deaths=max_deaths)


def must_claim(run_id: int) -> Lease:
    lease = claim(run_id)
    assert lease is not None
    return lease


def end_lease(run_id: int) -> None:
    """As if the worker had been silent for too long."""
    with transaction() as session:
        session.execute(update(LabelingRun).where(LabelingRun.id == run_id).values(due_at=db_now(-1)))


def test_a_run_is_claimed_once() -> None:
    run = record(["Save"])
    assert claim(run.run_id) is not None
    assert claim(run.run_id) is None
    assert run_of(run.run_id).attempts == 1


def test_a_worker_taken_for_dead_writes_nothing() -> None:
    run = record(["Save"])
    stale = must_claim(run.run_id)
    with transaction() as session:
        (planned,) = chunks.plan(session, stale, labeler="rules", size=lambda _: 10)
    end_lease(run.run_id)
    fresh = must_claim(run.run_id)
    result = ChunkResult((StepResult(run.step_ids[0], StepLabel("Save", "Click Save.")),))

    with pytest.raises(LeaseLost), transaction() as session:
        chunks.commit(session, stale, planned, result, RuleLabeler())
    with pytest.raises(LeaseLost), transaction() as session:
        chunks.finish(session, stale)
    with pytest.raises(LeaseLost), transaction() as session:
        leases.give_back(session, stale)
    with transaction() as session:
        assert not leases.renew(session, stale, 30)

    assert labels_of(run.step_ids[0]) == []
    with transaction() as session:
        assert leases.renew(session, fresh, 30)
    assert (run_of(run.run_id).attempts, run_of(run.run_id).worker_deaths) == (2, 1)


def test_a_commit_that_is_repeated_counts_once() -> None:
    run = record(["Save"])
    lease = must_claim(run.run_id)
    result = ChunkResult((StepResult(run.step_ids[0], StepLabel("Save", "Click Save.")),))
    with transaction() as session:
        (planned,) = chunks.plan(session, lease, labeler="rules", size=lambda _: 10)
    for _ in range(2):
        with transaction() as session:
            chunks.commit(session, lease, planned, result, RuleLabeler())
    assert len(labels_of(run.step_ids[0])) == 1
    assert run_of(run.run_id).steps_labeled == 1


def test_three_deaths_without_progress_park_a_run() -> None:
    run = record(["Save"])
    for _ in range(3):
        must_claim(run.run_id)
        end_lease(run.run_id)
    assert claim(run.run_id) is None
    parked = run_of(run.run_id)
    assert parked.state == RunState.NEEDS_ATTENTION
    assert "3 tries" in (parked.reason or "")
    assert parked.due_at is None


def test_progress_forgives_deaths() -> None:
    run = record(["Save", "Send"])
    for _ in range(2):
        must_claim(run.run_id)
        end_lease(run.run_id)
    lease = must_claim(run.run_id)
    with transaction() as session:
        first, _ = chunks.plan(session, lease, labeler="rules", size=lambda _: 1)
        chunks.commit(session, lease, first, ChunkResult(()), RuleLabeler())
    end_lease(run.run_id)
    assert claim(run.run_id) is not None
    assert run_of(run.run_id).worker_deaths == 1


def test_giving_back_is_no_death_and_rests_until_it_is_due() -> None:
    run = record(["Save"])
    lease = must_claim(run.run_id)
    with transaction() as session:
        leases.give_back(session, lease, delay_seconds=60, reason="The service is busy.")
    assert claim(run.run_id) is None, "a message that was delivered twice must not wake it early"
    end_lease(run.run_id)
    assert claim(run.run_id) is not None
    assert run_of(run.run_id).worker_deaths == 0


def test_a_run_whose_worker_died_after_a_cancellation_is_cancelled() -> None:
    run = record(["Save"])
    must_claim(run.run_id)
    with transaction() as session:
        runs.cancel(session, run.run_id)
    end_lease(run.run_id)
    assert claim(run.run_id) is None
    assert run_of(run.run_id).state == RunState.CANCELLED


def test_a_deleted_workflow_ends_its_lease() -> None:
    run = record(["Save"])
    lease = must_claim(run.run_id)
    with transaction() as session:
        session.execute(delete(Workflow).where(Workflow.id == run.workflow_id))
    with pytest.raises(LeaseLost), transaction() as session:
        chunks.plan(session, lease, labeler="rules", size=lambda _: 10)
