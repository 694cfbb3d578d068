"""No run stands as running for longer than its lease and one look of the reconciler."""

import pytest
from redis.exceptions import RedisError
from sqlalchemy import update

from app.core.clock import db_now
from app.core.config import get_settings
from app.core.db import transaction
from app.labeling import leases, runs
from app.labeling.models import LabelingRun, RunState
from app.tasks import reconciler
from app.tasks.reconciler import reconcile
from tests.labeling.recordings import record, run_of

pytestmark = pytest.mark.usefixtures("settings")
"""The broker is away in all of these."""


def taken(*, lease_seconds: float) -> int:
    """A run that a worker took up that never says another word."""
    run = record(["Save"])
    with transaction() as session:
        assert leases.claim(session, run.run_id, seconds=lease_seconds, max_deaths=3) is not None
    return run.run_id


def test_a_run_with_a_living_lease_is_not_stalled() -> None:
    run = run_of(taken(lease_seconds=30))
    assert (run.state, run.stalled, runs.facts(run)["stalled"]) == (RunState.RUNNING, False, False)
    assert runs.facts(run)["reason"] is None


def test_a_run_whose_worker_has_gone_says_so_and_what_comes_next() -> None:
    run = run_of(taken(lease_seconds=-1))
    facts = runs.facts(run)
    assert (facts["state"], facts["stalled"]) == ("running", True)
    assert facts["reason"] == "Its worker has gone without a word. Another one takes it over within 15 seconds."


def test_a_waiting_run_is_not_stalled_however_long_it_waits() -> None:
    run_id = record(["Save"]).run_id
    with transaction() as session:
        session.execute(update(LabelingRun).values(due_at=db_now(-1_000)))
    assert runs.facts(run_of(run_id))["stalled"] is False


def test_one_look_takes_it_back_although_the_broker_is_away() -> None:
    run_id = taken(lease_seconds=-1)
    reconcile(get_settings())
    run = run_of(run_id)
    assert (run.state, run.stalled, run.worker_deaths) == (RunState.QUEUED, False, 1)


def test_messages_in_doubt_do_not_come_before_it() -> None:
    """Whether a message got lost cannot be asked of a broker that is away."""
    waits = record(["Wait"])
    with transaction() as session:
        session.execute(update(LabelingRun).where(LabelingRun.id == waits.run_id).values(due_at=db_now(-60)))
    run_id = taken(lease_seconds=-1)
    with pytest.raises(RedisError):
        reconcile(get_settings())
    assert run_of(run_id).state == RunState.QUEUED


def test_many_that_wait_do_not_hide_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the broker is away, everything that waits is due, and was so before."""
    monkeypatch.setattr(reconciler, "AT_A_TIME", 2)
    for _ in range(3):
        record(["Wait"])
    with transaction() as session:
        session.execute(update(LabelingRun).values(due_at=db_now(-60), published_at=None))
    run_id = taken(lease_seconds=-1)
    reconcile(get_settings())
    assert run_of(run_id).state == RunState.QUEUED


def test_the_third_death_parks_it() -> None:
    run_id = taken(lease_seconds=-1)
    for _ in range(2):
        reconcile(get_settings())
        with transaction() as session:
            assert leases.claim(session, run_id, seconds=-1, max_deaths=3) is not None
    reconcile(get_settings())
    assert run_of(run_id).state == RunState.NEEDS_ATTENTION
