"""What a scrape reads is found by indexes, however much was finished before."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from app.core import tallies
from app.core.clock import now
from app.core.config import get_settings
from app.core.db import transaction
from app.labeling import runs, standing
from app.labeling.models import LabelingRun, RunState
from tests.labeling.recordings import record, store
from tests.labeling.scripted import Stage
from tests.labeling.test_usage import _plan

FINISHED = 20_000


@pytest.mark.usefixtures("settings")
def test_finished_runs_are_not_read() -> None:
    run = record(["Save"])
    with transaction() as session:
        done = {
            "workflow_id": run.workflow_id,
            "state": RunState.SUCCEEDED,
            "created_at": now() - timedelta(days=3),
            "due_at": None,
        }
        session.execute(insert(LabelingRun), [done] * FINISHED)
        session.execute(text("ANALYZE"))
        found = standing.read(session, get_settings())
        for query in (standing.ACTIVE_RUNS, standing.UNSEEN_RUNS, standing.OLDEST_QUEUED, standing.FIRST_DUE):
            plan = _plan(session, query)
            assert "ix_labeling_runs" in plan or "uq_labeling_runs_active" in plan, plan
            assert "Seq Scan on labeling_runs" not in plan, plan
            assert "'SCAN labeling_runs'" not in plan, plan
    assert found.runs == {"queued": 1, "running": 0, "needs_attention": 0}


@pytest.mark.usefixtures("settings")
def test_ages_grow_from_the_oldest_waiting_and_the_first_due() -> None:
    with transaction() as session:
        assert standing.read(session, get_settings()).overdue_seconds == 0
        workflow_id, _ = store(session, ["Save"])
        run = runs.queue(session, workflow_id, total_steps=1)
        early = now() - timedelta(minutes=10)
        _set(session, run.id, created_at=early, due_at=early + timedelta(minutes=5))
        found = standing.read(session, get_settings())
    assert 600 <= found.oldest_queued_seconds < 700
    assert 300 <= found.overdue_seconds < 400


def test_calls_are_counted_where_they_are_booked(stage: Stage) -> None:
    from app.labeling import service

    stage.plan("Save", transient=1, delay_seconds=0)
    run = record(["Save"])
    service.label_run(run.run_id)
    with transaction(read_only=True) as session:
        counted = tallies.read(session)
    assert counted == {
        ("model_calls", "scripted", "scripted-1", "unreachable"): 1,
        ("model_calls", "scripted", "scripted-1", "answered"): 1,
        ("model_tokens", "scripted", "scripted-1", "input"): 100,
        ("model_tokens", "scripted", "scripted-1", "output"): 10,
        ("model_cost_usd", "scripted", "scripted-1"): pytest.approx(0.001),
    }


def _set(session: Session, run_id: int, **values: object) -> None:
    runs._set(session, run_id, **values)
