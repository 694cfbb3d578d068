"""What the ledger adds up to, for whom, and how it is found."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, text
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.clock import now
from app.core.config import Settings, get_settings
from app.core.errors import InvalidInput
from app.labeling import budget, usage, window
from app.labeling.models import ModelCall, Spend
from app.labeling.usage import Usage
from app.labeling.window import Window
from app.workflows.models import Visibility, Workflow
from tests.workflows.conftest import make_workflow

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
NOVEMBER = Window(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))


def called(session: Session, workflow_id: int | None, *, usd: float | None = 0.01, **facts: Any) -> None:
    values: dict[str, Any] = {
        "workflow_id": workflow_id,
        "step_ids": [],
        "labeler": "claude",
        "model": "claude-haiku-5-5",
        "outcome": "answered",
        "input_tokens": 1_000,
        "output_tokens": 100,
        "cache_read_tokens": 400,
        "cost_usd": usd,
        "started_at": NOON,
    }
    session.execute(insert(ModelCall).values(values | facts))


def read(session: Session, actor: Actor, wanted: Window = NOVEMBER) -> Usage:
    return usage.read(session, actor, wanted, get_settings())


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("yesterday", None, "from: “yesterday” is neither a date"),
        (None, "2026-02-30", "to: “2026-02-30” is neither a date"),
        ("2026-11-24T10:00:00", None, "from: “2026-11-24T10:00:00” has no time zone"),
        ("2026-11-24T10:00:00 00:00", None, "neither a date"),
        ("2026-11-24", "2026-11-23", "from: must be before the end"),
        ("2026-11-24T10:00:00Z", "2026-11-24T10:00:00Z", "from: must be before the end"),
        ("9999-12-01", "9999-12-31", "to: “9999-12-31” is neither"),
        ("0001-01-01T00:00:00+14:00", "2026-01-01", "neither a date"),
        ("2999-01-01", None, "from: must be before the end"),
        ("", None, "neither a date"),
        ("\u202e2026\x00", None, "neither a date"),
    ],
)
def test_a_bad_time_is_named(start: str | None, end: str | None, words: str) -> None:
    with pytest.raises(InvalidInput) as told:
        window.parse(start, end)
    assert words in told.value.detail
    assert "\x00" not in told.value.detail
    assert told.value.facts["fields"][0]["field"] in {"from", "to"}


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-11-01", "2026-11-30", NOVEMBER),
        ("2026-11-01", "2026-12-01T00:00:00Z", NOVEMBER),
        ("2026-11-01T01:00:00+01:00", "2026-11-30", NOVEMBER),
        (None, "2026-11-30", NOVEMBER),
        (None, "2026-12-01T00:00:00Z", NOVEMBER),
    ],
)
def test_dates_are_whole_and_moments_end_before_themselves(
    start: str | None, end: str | None, expected: Window
) -> None:
    assert window.parse(start, end) == expected


def test_without_times_it_is_this_month_and_without_an_end_it_is_until_now() -> None:
    this_month = window.parse(None, None)
    assert this_month.start.day == this_month.end.day == 1
    assert this_month.start <= now() < this_month.end
    assert timedelta(days=28) <= this_month.end - this_month.start <= timedelta(days=31)
    assert abs(window.parse("2020-11-01", None).end - now()) < timedelta(minutes=1)


def test_an_empty_ledger_is_all_zeros(session: Session, editor: Actor) -> None:
    found = read(session, editor)
    assert (found.total.calls, found.total.cost_usd, found.by_model, found.by_workflow) == (0, 0, [], [])
    assert (found.by_outcome, found.by_day, found.open_calls) == ({}, [], 0)
    assert found.budget["day"].limit_usd is found.budget["day"].left_usd is None


def test_the_edges_of_the_window(session: Session, editor: Actor) -> None:
    for moment in (NOVEMBER.start, NOVEMBER.end - timedelta(microseconds=1)):
        called(session, None, started_at=moment)
    for moment in (NOVEMBER.start - timedelta(microseconds=1), NOVEMBER.end):
        called(session, None, started_at=moment)
    found = read(session, editor)
    assert found.total.calls == 2
    assert [day.day for day in found.by_day] == ["2026-11-01", "2026-11-30"]


def test_sums_by_model_outcome_and_day(session: Session, editor: Actor) -> None:
    called(session, None)
    called(session, None, usd=0.5, model="claude-sonnet-5-5", outcome="truncated", started_at=NOON + timedelta(days=1))
    called(session, None, usd=None, reserved_usd=0.02, outcome="open", input_tokens=0, output_tokens=0)
    called(session, None, usd=None, reserved_usd=0, model="qwen")
    found = read(session, editor)
    assert (found.total.calls, found.total.input_tokens, found.total.output_tokens) == (4, 3_000, 300)
    assert round(found.total.cost_usd, 9) == 0.53, "what is reserved for the open one is counted"
    assert [(each.model, each.calls) for each in found.by_model] == [
        ("claude-sonnet-5-5", 1),
        ("claude-haiku-5-5", 2),
        ("qwen", 1),
    ]
    assert found.by_outcome == {"answered": 2, "truncated": 1, "open": 1}
    assert [(each.day, each.calls) for each in found.by_day] == [("2026-11-24", 3), ("2026-11-25", 1)]
    assert found.open_calls == 1


def test_private_workflows_of_others_have_no_name_but_count(
    session: Session, editor: Actor, colleague: Actor, admin: Actor
) -> None:
    private = [make_workflow(session, editor, f"Secret {n}", visibility=Visibility.PRIVATE) for n in range(2)]
    team = make_workflow(session, editor, "Shared")
    for workflow in (*private, team):
        called(session, workflow.id)
    gone = make_workflow(session, editor, "Gone")
    called(session, gone.id, usd=0.02)
    gone_id = gone.id
    session.expunge(gone)
    session.execute(delete(Workflow).where(Workflow.id == gone_id))

    theirs = read(session, colleague)
    assert {(each.kind, each.workflow_id, each.name, each.calls) for each in theirs.by_workflow} == {
        ("deleted", gone_id, None, 1),
        ("hidden", None, None, 2),
        ("workflow", team.id, "Shared", 1),
    }
    assert theirs.total.calls == 4
    for sees_all in (admin, editor):
        names = {each.name for each in read(session, sees_all).by_workflow}
        assert names == {None, "Secret 0", "Secret 1", "Shared"}


def test_a_long_list_ends_with_the_rest_together(session: Session, editor: Actor) -> None:
    for number in range(1, usage.TOP_WORKFLOWS + 4):
        called(session, 1_000 + number, usd=number / 100)
    found = read(session, editor).by_workflow
    assert len(found) == usage.TOP_WORKFLOWS + 1
    assert found[0].workflow_id == 1_000 + usage.TOP_WORKFLOWS + 3
    assert (found[-1].kind, found[-1].calls, round(found[-1].cost_usd, 9)) == ("others", 3, 0.06)


def test_what_is_left_of_the_budget_is_never_below_nothing(
    session: Session, editor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.add_all(Spend(period=period, usd=3) for period in budget.periods(now()).values())
    session.flush()
    monkeypatch.setenv("LABEL_BUDGET_USD_PER_DAY", "2")
    monkeypatch.setenv("LABEL_BUDGET_USD_PER_MONTH", "10")
    get_settings.cache_clear()
    found = read(session, editor).budget
    assert (found["day"].limit_usd, found["day"].spent_usd, found["day"].left_usd) == (2, 3, 0)
    assert found["month"].left_usd == 7


def test_a_month_is_found_by_the_index_whatever_else_the_ledger_holds(session: Session, editor: Actor) -> None:
    """Two years of calls, of which one month is read: neither query may walk through all of them."""
    first = datetime(2025, 1, 1, tzinfo=UTC)
    rows = [
        {
            "step_ids": [],
            "labeler": "claude",
            "model": "claude-haiku-5-5",
            "outcome": "answered",
            "workflow_id": number % 50,
            "started_at": first + timedelta(minutes=50 * number),
        }
        for number in range(20_000)
    ]
    session.execute(insert(ModelCall), rows)
    session.execute(text("ANALYZE"))
    for query in (usage.by_day(NOVEMBER), usage.by_workflow(NOVEMBER, editor)):
        plan = _plan(session, query)
        assert "ix_model_calls_started_at_id" in plan, plan
        assert "Seq Scan on model_calls" not in plan, plan


def _plan(session: Session, query: Any) -> str:
    sql = query.compile(session.connection(), compile_kwargs={"render_postcompile": True})
    explain = "EXPLAIN " if session.get_bind().dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    connection = session.connection()
    values = {
        name: sql._bind_processors[name](value) if name in sql._bind_processors else value
        for name, value in sql.params.items()
    }
    if sql.positional:
        names = sql.positiontup or []
        return str(connection.exec_driver_sql(explain + str(sql), tuple(values[name] for name in names)).all())
    return str(connection.exec_driver_sql(explain + str(sql), values).all())


@pytest.mark.usefixtures("settings")
def test_the_defaults_are_unlimited(settings: Settings) -> None:
    assert budget.limits(settings) == {"day": None, "month": None}
