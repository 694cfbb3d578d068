"""Runs that wait for money go on by themselves, and no more of them than have room."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text, update

from app.core.clock import now
from app.core.config import Settings, get_settings
from app.core.db import get_engine, transaction
from app.core.singleton import NamedLease
from app.labeling import budget, parked, runs, service
from app.labeling.models import LabelingRun, ModelCall, ParkedFor, RunState, Spend
from app.labeling.parked import PROBE_SECONDS
from app.tasks.reconciler import reconcile
from tests.labeling.recordings import Recorded, record, run_of
from tests.labeling.scripted import Stage

pytestmark = pytest.mark.usefixtures("settings")

HALF_AN_HOUR = timedelta(seconds=PROBE_SECONDS)


def park(
    parked_for: ParkedFor = "budget",
    usd: float | None = None,
    *,
    when: datetime | None = None,
    run: Recorded | None = None,
) -> int:
    """A run that was given up on, as the pipeline leaves it."""
    run = run or record(["Save"])
    values = {"parked_for": parked_for, "parked_usd": usd, "finished_at": when or now(), "due_at": None}
    with transaction() as session:
        session.execute(
            update(LabelingRun)
            .where(LabelingRun.id == run.run_id)
            .values(state=RunState.NEEDS_ATTENTION, published_at=None, **values)
        )
    return run.run_id


def allow(monkeypatch: pytest.MonkeyPatch, usd: float) -> Settings:
    monkeypatch.setenv("LABEL_BUDGET_USD_PER_DAY", str(usd))
    get_settings.cache_clear()
    return get_settings()


def spend(usd: float) -> None:
    with transaction() as session:
        session.add_all(Spend(period=period, usd=usd) for period in budget.periods(now()).values())


def look() -> list[int]:
    """One look of the reconciler (its broker is away): the runs that are queued now."""
    reconcile(get_settings())
    with transaction(read_only=True) as session:
        return list(session.scalars(select(LabelingRun.id).where(LabelingRun.state == RunState.QUEUED)))


def answered(when: datetime, outcome: str = "answered") -> None:
    with transaction() as session:
        session.add(ModelCall(step_ids=[], labeler="claude", model="m", outcome=outcome, started_at=when))


def test_nothing_wakes_while_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    allow(monkeypatch, 1)
    spend(1)
    park(usd=0.01)
    park(usd=None)
    assert look() == []


def test_a_call_that_still_does_not_fit_stays_and_a_smaller_one_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    allow(monkeypatch, 1)
    spend(0.9)
    park(usd=0.2)
    small = park(usd=0.05)
    assert look() == [small]


def test_only_as_many_wake_as_have_room(monkeypatch: pytest.MonkeyPatch) -> None:
    allow(monkeypatch, 1)
    spend(0.9)
    ids = [park(usd=0.03) for _ in range(20)]
    assert look() == ids[:3]
    assert look() == ids[:3], "those that were woken have a claim on the rest, until they have spent it"


def test_a_run_that_was_not_said_to_need_much_goes_when_anything_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    allow(monkeypatch, 1)
    spend(0.99)
    run_id = park(usd=None)
    assert look() == [run_id]


@pytest.mark.parametrize("raised", ["5", ""])
def test_all_wake_when_the_budget_is_raised_or_taken_away(raised: str, monkeypatch: pytest.MonkeyPatch) -> None:
    allow(monkeypatch, 1)
    spend(1)
    ids = [park(usd=0.2) for _ in range(20)]
    assert look() == []
    monkeypatch.delenv("LABEL_BUDGET_USD_PER_DAY")
    if raised:
        monkeypatch.setenv("LABEL_BUDGET_USD_PER_DAY", raised)
    get_settings.cache_clear()
    assert look() == ids


def test_a_new_day_wakes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    allow(monkeypatch, 1)
    yesterday = now() - timedelta(days=1)
    with transaction() as session:
        session.add(Spend(period=budget.periods(yesterday)["day"], usd=1))
    run_id = park(usd=0.2, when=yesterday)
    assert look() == [run_id]


def test_what_a_person_acknowledged_or_what_is_parked_for_another_reason_stays() -> None:
    acknowledged = park(usd=0.1)
    with transaction() as session:
        runs.acknowledge(session, acknowledged)
    other = record(["Save"])
    with transaction() as session:
        session.execute(
            update(LabelingRun)
            .where(LabelingRun.id == other.run_id)
            .values(state=RunState.NEEDS_ATTENTION, due_at=None, published_at=None)
        )
    assert look() == []


def test_a_run_that_a_later_one_replaced_never_goes_on() -> None:
    """It would pay a second time for what the later one labelled."""
    run = record(["Save"])
    park(usd=0.1, run=run)
    with transaction() as session:
        later = runs.request(session, run.workflow_id)
    assert look() == [later.id], "a workflow has one run at a time"
    service.label_run(later.id)
    assert look() == []
    assert (run_of(run.run_id).state, run_of(run.run_id).parked_for) == (RunState.NEEDS_ATTENTION, None)


def test_a_run_goes_on_after_a_later_one_for_some_of_its_steps() -> None:
    run = record(["Save", "Send"])
    park(usd=0.1, run=run)
    with transaction() as session:
        later = runs.request(session, run.workflow_id, step_ids=run.step_ids[:1])
    service.label_run(later.id)
    assert look() == [run.run_id]


def test_the_providers_limit_is_not_tried_at_once() -> None:
    park("spend_limit", when=now() - HALF_AN_HOUR / 2)
    assert look() == []


def test_one_run_tries_the_providers_limit_every_half_hour() -> None:
    ids = [park("spend_limit", when=now() - HALF_AN_HOUR * 1.1) for _ in range(3)]
    assert look() == ids[:1]
    assert look() == ids[:1], "not another one while its turn lasts"
    with transaction() as session:
        session.execute(update(NamedLease).values(until=now() - timedelta(seconds=1)))
    assert look() == ids[:2]


def test_a_refusal_of_the_one_that_tries_makes_all_wait_again() -> None:
    tries, *_ = [park("spend_limit", when=now() - HALF_AN_HOUR * 1.1) for _ in range(3)]
    assert look() == [tries]
    answered(now(), outcome="spend_limit")
    with transaction() as session:
        session.execute(
            update(LabelingRun)
            .where(LabelingRun.id == tries)
            .values(state=RunState.NEEDS_ATTENTION, parked_for="spend_limit", finished_at=now())
        )
        session.execute(update(NamedLease).values(until=now() - timedelta(seconds=1)))
    assert look() == []


def test_an_answer_after_the_last_refusal_wakes_all() -> None:
    refused = now() - HALF_AN_HOUR * 1.1
    ids = [park("spend_limit", when=refused) for _ in range(3)]
    answered(refused - timedelta(seconds=1))
    assert look() == ids[:1], "an answer before the refusal says nothing"
    answered(now())
    assert look() == ids


def test_looking_for_parked_runs_reads_parked_runs_alone() -> None:
    """Whatever else the table holds."""
    park(usd=1.0)
    query = "SELECT DISTINCT parked_for FROM labeling_runs WHERE parked_for IS NOT NULL"
    with get_engine().connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET enable_seqscan = off"))  # a table of one page is read whole otherwise
            plan = connection.execute(text(f"EXPLAIN {query}"))
        else:
            plan = connection.execute(text(f"EXPLAIN QUERY PLAN {query}"))
        assert "ix_labeling_runs_parked_for" in str(plan.all())


def test_a_spent_budget_parks_with_words_and_a_raised_one_goes_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole way: the third of four chunks does not fit; afterwards nothing is paid twice."""
    monkeypatch.setattr("tests.labeling.scripted.ScriptedLabeler.model", "claude-haiku-5-5")
    for name, value in {"LABEL_CHUNK_STEPS": "1", "LABEL_CHUNKS_AT_ONCE": "1"}.items():
        monkeypatch.setenv(name, value)
    # A call reserves $0.000015 and costs $0.001, says the script.
    allow(monkeypatch, 0.002)
    run = record(["First", "Second", "Third", "Fourth"])
    assert service.label_run(run.run_id) is service.Outcome.PARKED
    waiting = run_of(run.run_id)
    assert (waiting.state, waiting.parked_for, waiting.steps_labeled) == (RunState.NEEDS_ATTENTION, "budget", 2)
    assert round(waiting.parked_usd or 0, 9) == 0.000015
    assert "The budget of $0.002 a day is used up" in (waiting.reason or "")
    assert "LABEL_BUDGET_USD_PER_DAY is raised" in (waiting.reason or "")
    assert look() == []

    allow(monkeypatch, 1)
    assert look() == [run.run_id]
    assert service.label_run(run.run_id) is service.Outcome.FINISHED
    assert [call["names"] for call in stage.calls()] == [["First"], ["Second"], ["Third"], ["Fourth"]]
    with transaction(read_only=True) as session:
        assert parked.waiting(session) == set()
