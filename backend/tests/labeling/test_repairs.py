"""The reconciler's look when there is nothing to do: one query, by indexes of open cases alone."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, insert, select, text, update

from app.core.clock import db_now, now
from app.core.config import get_settings
from app.core.db import get_engine, transaction
from app.core.singleton import NamedLease, hold, is_free
from app.labeling import recovery, repairs
from app.labeling.models import LabelingBatch, LabelingRun, RunState
from app.labeling.repairs import Repairs
from app.tasks.reconciler import reconcile
from benchmarks import plans
from tests.labeling.recordings import record

pytestmark = pytest.mark.usefixtures("settings")

NOTHING = Repairs(runs=False, parked=False, batches=False, house=False)
INDEXES = (
    "ix_labeling_runs_due",
    "ix_labeling_runs_parked_for",
    "ix_labeling_batches_open",
    "named_leases",
)


@pytest.fixture
def asked_lately(engine: Engine) -> None:
    """The house's other jobs."""
    with transaction(engine=engine) as session:
        for job in ("housekeeping", "batches"):
            hold(session, job, "somebody", 3_600)


def wanted() -> Repairs:
    with transaction(read_only=True) as session:
        return repairs.wanted(session)


def finish_all() -> None:
    over = {"state": RunState.SUCCEEDED, "due_at": None}
    with transaction() as session:
        session.execute(update(LabelingRun).values(**over))


@pytest.mark.usefixtures("asked_lately")
def test_a_look_says_what_there_is_to_do() -> None:
    assert wanted() == NOTHING
    run = record(["Save"])
    assert wanted() == NOTHING, "its message was sent just now"
    with transaction() as session:
        session.execute(update(LabelingRun).values(due_at=db_now(-1)))
    assert wanted().runs
    finish_all()
    with transaction() as session:
        session.execute(update(LabelingRun).values(state=RunState.NEEDS_ATTENTION, parked_for="budget"))
    assert wanted() == Repairs(runs=False, parked=True, batches=False, house=False)
    with transaction() as session:
        session.execute(update(LabelingRun).values(state=RunState.CANCELLED, parked_for=None))
        batch = {"run_id": run.run_id, "nonce": "n", "state": "submitted", "requests": 1}
        session.execute(insert(LabelingBatch), [batch])
        session.execute(update(NamedLease).where(NamedLease.name == "housekeeping").values(until=db_now(-1)))
    assert wanted() == Repairs(runs=False, parked=False, batches=False, house=True), "somebody looks after the batch"
    with transaction() as session:
        session.execute(update(NamedLease).values(until=db_now(-1)))
    assert wanted() == Repairs(runs=False, parked=False, batches=True, house=True)


def test_jobs_that_nobody_was_ever_asked_for_are_wanted() -> None:
    assert wanted() == Repairs(runs=False, parked=False, batches=False, house=True)


def test_a_named_lease_is_one_holders_until_it_ends() -> None:
    with transaction() as session:
        assert hold(session, "job", "first", 60)
        assert not hold(session, "job", "second", 60)
        assert hold(session, "job", "first", 60)
        assert not session.scalar(select(is_free("job")))
        session.execute(update(NamedLease).values(until=now() - timedelta(seconds=1)))
        assert session.scalar(select(is_free("job")))
        assert hold(session, "job", "second", 60)
        assert not hold(session, "job", "first", 60)


@pytest.mark.usefixtures("asked_lately")
def test_a_look_that_finds_nothing_is_one_statement() -> None:
    record(["Save"])
    statements: list[str] = []
    event.listen(get_engine(), "before_cursor_execute", lambda *given: statements.append(given[2]))
    assert reconcile(get_settings()) == 0
    assert len(statements) == 1, statements


@pytest.mark.usefixtures("asked_lately")
def test_a_look_reads_open_cases_alone_whatever_else_is_stored() -> None:
    run = record(["Save"])
    finish_all()
    moment = now()
    over = {"workflow_id": run.workflow_id, "state": RunState.SUCCEEDED}
    done = {"run_id": run.run_id, "state": "collected", "requests": 1, "created_at": moment}
    with transaction() as session:
        session.execute(insert(LabelingRun), [over] * 5_000)
        session.execute(insert(LabelingBatch), [{"nonce": str(number), **done} for number in range(5_000)])
        session.execute(text("ANALYZE"))
    with transaction(read_only=True) as session:
        plan = plans.explain(session, repairs.QUERY, recovery.handed_over())
    lines = "\n".join(plan)
    for index in INDEXES:
        assert index in lines, lines
    for scan in ("Seq Scan on labeling", "SCAN labeling_runs\n", "SCAN labeling_batches\n", "TEMP B-TREE", "Sort"):
        assert scan not in f"{lines}\n", lines


def test_what_is_due_is_looked_up_and_what_waits_is_not_read() -> None:
    """On PostgreSQL a clock that is asked for each row cannot be looked up in an index."""
    record(["Save"])
    with transaction() as session:
        session.execute(text("ANALYZE"))
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SET LOCAL enable_seqscan = off"))  # a table of one page is read whole otherwise
            session.execute(text("SET LOCAL enable_bitmapscan = off"))
        lines = "\n".join(plans.explain(session, recovery.due_query(500), {}))
    assert "ix_labeling_runs_due" in lines
    assert "Index Cond: (due_at <= " in lines or "ix_labeling_runs_due (due_at<?)" in lines, lines
