"""The ledger and the budget: what was paid stays known, and no call is made that might pass the limit."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from sqlalchemy import select, update
from structlog.testing import capture_logs

from app.core.clock import now
from app.core.config import BACKEND, Settings, get_settings
from app.core.db import transaction
from app.labeling import budget, ledger, prices
from app.labeling.budget import BudgetSpent
from app.labeling.ledger import Entry
from app.labeling.models import LabelingRun, ModelCall, Spend
from app.labeling.prices import cost_usd
from app.labeling.protocol import (
    Asked,
    Chunk,
    ChunkResult,
    Desk,
    PermanentLabelError,
    Reply,
    Tokens,
    TransientLabelError,
)
from app.tasks.cleaning import clean_up
from app.workflows.models import LabelSource
from tests.labeling.recordings import Recorded, record, run_of

pytestmark = pytest.mark.usefixtures("settings")

NEW_YEARS_EVE = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)


@dataclass(frozen=True)
class Asking:
    """A labeler with a model, as far as the ledger looks at it."""

    model: str | None = "claude-haiku-5-5"
    name: str = "claude"
    source: LabelSource = LabelSource.AI
    prompt_version: str | None = "7"
    limited: bool = False

    def label(self, chunk: Chunk, desk: Desk) -> ChunkResult:  # noqa: ARG002 - the ledger only looks at it
        raise AssertionError("nobody asks it")


ON_ONES_OWN_MACHINE = Asking(model="a-model-without-a-price", name="openai")


@pytest.fixture
def run() -> Recorded:
    return record(["Save"])


def limited(monkeypatch: pytest.MonkeyPatch, **usd: float) -> Settings:
    """Settings with a budget a `day` or `month`."""
    for period, limit in usd.items():
        monkeypatch.setenv(f"LABEL_BUDGET_USD_PER_{period.upper()}", str(limit))
    get_settings.cache_clear()
    return get_settings()


def open_(run: Recorded, tokens: Tokens, *, labeler: Asking | None = None, batch: bool = False) -> Entry:
    with transaction() as session:
        session.execute(
            update(LabelingRun).where(LabelingRun.id == run.run_id).values(attempts=1)
        )  # as a lease locks it
        return ledger.open_(
            session,
            Asked(run.step_ids, tokens, tokens.output, "hash"),
            labeler or Asking(),
            settings=get_settings(),
            run_id=run.run_id,
            workflow_id=run.workflow_id,
            chunk_id=1,
            chunk_key="key",
            batch=batch,
        )


def close(entry: Entry, tokens: Tokens, cost: float | None = None) -> None:
    with transaction() as session:
        ledger.close(session, entry, Reply("{}", "end", tokens, request_id="req_1", cost_usd=cost))


def reserve(usd: float, moment: datetime) -> None:
    with transaction() as session:
        budget.reserve(session, usd, moment=moment, settings=get_settings())


def spent(moment: datetime) -> tuple[float, float]:
    """In the day and in the month."""
    with transaction(read_only=True) as session:
        day, month = (budget.spent(session, period) for period in budget.periods(moment).values())
    return round(day, 9), round(month, 9)


def row(entry: Entry) -> ModelCall:
    with transaction(read_only=True) as session:
        return session.get_one(ModelCall, entry.id)


def age(entry: Entry, by: timedelta) -> None:
    with transaction() as session:
        session.execute(update(ModelCall).where(ModelCall.id == entry.id).values(started_at=now() - by))


def test_a_call_that_might_pass_the_budget_is_refused_and_leaves_nothing(
    run: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(monkeypatch, day=1, month=0.02)
    open_(run, Tokens(100_000, 10_000))
    with pytest.raises(
        BudgetSpent, match=r"\$0\.02 a month is used up: \$0\.015 .* LABEL_BUDGET_USD_PER_MONTH"
    ) as told:
        open_(run, Tokens(100_000, 10_000))
    assert (told.value.parked_for, told.value.needs_usd) == ("budget", 0.015)
    with transaction(read_only=True) as session:
        assert len(session.scalars(select(ModelCall)).all()) == 1
    assert spent(now()) == (0.015, 0.015), "the day's share of the refused call was taken back"


def test_a_budget_smaller_than_one_call_does_not_promise_tomorrow(
    run: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(monkeypatch, day=0.01)
    with pytest.raises(BudgetSpent, match=r"One call may cost \$0\.015, more than the whole budget of \$0\.01 a day"):
        open_(run, Tokens(100_000, 10_000))


def test_a_budget_of_nothing_allows_nothing(run: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    limited(monkeypatch, day=0)
    with pytest.raises(BudgetSpent):
        open_(run, Tokens(1, 1))


def test_many_at_once_never_pass_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """$0.35 hold 35 calls of $0.01, whoever asks: not 36, and not 34."""
    limited(monkeypatch, day=0.35, month=100)
    moment = now()

    def ask(_: int) -> bool:
        try:
            reserve(0.01, moment)
        except BudgetSpent:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(ask, range(80))) == 35
    assert spent(moment) == (0.35, 0.35)


def test_writing_down_and_booking_at_once_wait_for_nobody_in_a_circle(
    run: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the chunks of one run do it, side by side."""
    limited(monkeypatch, day=10)

    def call(_: int) -> None:
        close(open_(run, Tokens(100_000, 10_000)), Tokens(1_000, 100))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(call, range(40)))
    assert spent(now())[0] == round(40 * 0.00015, 9)
    assert (run_of(run.run_id).calls, run_of(run.run_id).input_tokens) == (40, 40_000)


def test_a_crash_leaves_an_open_row_that_stays_counted(run: Recorded) -> None:
    entry = open_(run, Tokens(100_000, 10_000))
    left = row(entry)
    assert (left.outcome, left.reserved_usd, left.cost_usd, left.finished_at) == ("open", 0.015, None, None)
    assert (left.model, left.prompt_version, left.sent_hash, left.step_ids) == (
        "claude-haiku-5-5",
        "7",
        "hash",
        list(run.step_ids),
    )
    assert spent(now()) == (0.015, 0.015)


def test_an_old_open_row_is_lost_and_its_reservation_stays(run: Recorded) -> None:
    fresh, old, batched = (open_(run, Tokens(100_000, 10_000), batch=batch) for batch in (False, False, True))
    age(old, timedelta(minutes=61))
    age(batched, timedelta(hours=25))
    clean_up()
    assert [row(entry).outcome for entry in (fresh, old, batched)] == ["open", "lost", "open"]
    assert spent(now()) == (0.0375, 0.0375)
    age(batched, timedelta(hours=49))
    clean_up()
    assert row(batched).outcome == "lost"


def test_a_lost_call_that_is_answered_after_all_counts_once(run: Recorded) -> None:
    entry = open_(run, Tokens(100_000, 10_000))
    age(entry, timedelta(hours=2))
    clean_up()
    for _ in range(2):
        close(entry, Tokens(10_000, 1_000))
    assert row(entry).outcome == "answered"
    assert spent(now()) == (0.0015, 0.0015)
    assert run_of(run.run_id).calls == 1


def test_booking_gives_back_what_was_reserved_too_much(run: Recorded) -> None:
    entry = open_(run, Tokens(100_000, 10_000))
    close(entry, Tokens(10_000, 1_000, cache_read=4_000))
    paid = row(entry)
    assert (paid.outcome, paid.request_id, paid.input_tokens, paid.cache_read_tokens) == (
        "answered",
        "req_1",
        10_000,
        4_000,
    )
    assert round(paid.cost_usd or 0, 9) == 0.00114
    assert spent(now()) == (0.00114, 0.00114)


def test_a_call_begun_at_the_years_last_second_belongs_to_the_old_year() -> None:
    reserve(0.02, NEW_YEARS_EVE)
    with transaction() as session:
        budget.settle(session, reserved_usd=0.02, cost_usd=0.005, moment=NEW_YEARS_EVE)
    assert spent(NEW_YEARS_EVE) == (0.005, 0.005)
    assert spent(NEW_YEARS_EVE + timedelta(seconds=1)) == (0, 0)


def test_days_are_those_of_utc() -> None:
    somewhere = NEW_YEARS_EVE.astimezone(datetime.strptime("+05:30", "%z").tzinfo)
    assert budget.periods(somewhere) == {"day": "2026-12-31", "month": "2026-12"}


@pytest.mark.parametrize(
    ("error", "cost", "left"),
    [
        (TransientLabelError("Busy.", outcome="rate_limited", request_id="req_2"), 0.0, 0.0),
        (PermanentLabelError("No.", outcome="spend_limit"), 0.0, 0.0),
        (TransientLabelError("Silence.", outcome="unreachable"), None, 0.015),
    ],
)
def test_what_brought_nothing_costs_nothing_unless_it_may_have_been_paid(
    run: Recorded, error: TransientLabelError | PermanentLabelError, cost: float | None, left: float
) -> None:
    entry = open_(run, Tokens(100_000, 10_000))
    for _ in range(2):
        with transaction() as session:
            ledger.fail(session, entry, error)
    failed = row(entry)
    assert (failed.outcome, failed.cost_usd, failed.request_id) == (error.outcome, cost, error.request_id)
    assert spent(now()) == (left, left)


def test_what_the_provider_says_it_cost_counts_even_without_a_price(run: Recorded) -> None:
    entry = open_(run, Tokens(1_000, 100), labeler=ON_ONES_OWN_MACHINE)
    assert entry.reserved_usd == 0
    close(entry, Tokens(1_000, 100), cost=0.25)
    assert spent(now()) == (0.25, 0.25)


def test_the_rows_of_days_are_as_long_as_their_names() -> None:
    reserve(0.5, NEW_YEARS_EVE)
    with transaction(read_only=True) as session:
        assert sorted(session.scalars(select(Spend.period))) == ["2026-12", "2026-12-31"]


@pytest.fixture
def unsaid(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing was said before, and what is said can be captured: a logger that was used keeps its old processors."""
    monkeypatch.setattr(prices, "log", structlog.get_logger())
    prices._say_once.cache_clear()
    yield
    prices._say_once.cache_clear()


@pytest.mark.usefixtures("unsaid")
def test_an_unknown_model_is_free_and_said_once(run: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    limited(monkeypatch, day=0.000001)
    with capture_logs() as logs:
        for _ in range(3):
            close(open_(run, Tokens(10**6, 10**6), labeler=ON_ONES_OWN_MACHINE), Tokens(10**6, 10**6))
    assert [entry["event"] for entry in logs] == ["model_without_a_price"]
    assert spent(now()) == (0, 0)


@pytest.mark.parametrize(
    ("model", "tokens", "usd"),
    [
        ("claude-haiku-5-5", Tokens(100_000, 10_000), 0.015),
        ("claude-haiku-5-5", Tokens(200_000, 10_000), 0.125),
        ("claude-haiku-5-5", Tokens(10_000, 0, cache_read=4_000, cache_write=2_000), 0.00069),
        ("claude-sonnet-5-5", Tokens(100_000, 10_000), 0.3),
        ("claude-haiku-4-5", Tokens(100_000, 10_000), 0.15),
    ],
)
def test_prices_are_those_of_the_list(model: str, tokens: Tokens, usd: float) -> None:
    assert round(cost_usd(model, tokens, provider="anthropic") or 0, 9) == usd
    assert round(cost_usd(model, tokens, provider="anthropic", batch=True) or 0, 9) == usd / 2


@pytest.mark.parametrize("tokens", [Tokens(10, 1, cache_read=4_000), Tokens(10, 1, cache_read=8, cache_write=8)])
def test_numbers_that_contradict_each_other_have_a_price_too(tokens: Tokens) -> None:
    assert (cost_usd("claude-haiku-5-5", tokens, provider="anthropic") or 0) > 0


def test_a_provider_that_the_list_does_not_know_has_no_price() -> None:
    assert cost_usd("claude-haiku-5-5", Tokens(10, 1), provider="nobody") is None


def test_the_price_list_is_never_fetched() -> None:
    """In a process of its own, whose every way out is shut."""
    code = (
        "import socket, threading\n"
        "def refuse(*_, **__): raise SystemExit('it wants out')\n"
        "socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse\n"
        "from app.labeling.prices import cost_usd\n"
        "from app.labeling.protocol import Tokens\n"
        "assert cost_usd('claude-haiku-5-5', Tokens(10, 1), provider='anthropic')\n"
        "assert cost_usd('nobody-knows', Tokens(10, 1), provider=None) is None\n"
        "assert threading.active_count() == 1, threading.enumerate()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=BACKEND, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
