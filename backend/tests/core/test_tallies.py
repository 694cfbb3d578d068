from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text

from app.core import migrations, tallies
from app.core.db import transaction


@pytest.mark.usefixtures("engine")
def test_what_is_rolled_back_does_not_count() -> None:
    def fail() -> None:
        with transaction() as session:
            tallies.add(session, {("calls", "a"): 1})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with transaction(read_only=True) as session:
        assert tallies.read(session) == {}


def test_many_at_once_lose_nothing_and_do_not_block_each_other(engine: Engine) -> None:
    def count(number: int) -> None:
        keys = [("calls", "a|b", '"'), ("calls", "b"), ("cost",)]
        with transaction(engine=engine) as session:
            tallies.add(session, dict.fromkeys(keys if number % 2 else reversed(keys), 0.5))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(count, range(40)))
    with transaction(read_only=True) as session:
        assert tallies.read(session) == {("calls", "a|b", '"'): 20, ("calls", "b"): 20, ("cost",): 20}


@pytest.mark.usefixtures("engine")
def test_nothing_leaves_no_row() -> None:
    with transaction() as session:
        tallies.add(session, {("calls", "a"): 0})
        assert tallies.read(session) == {}


def test_the_ledger_so_far_is_counted_when_the_table_is_made(engine: Engine) -> None:
    migrations.downgrade(engine, "0003")
    values = "1000, 100, 400, 0, 0.5, '2026-11-24 10:00:00', '[]', false, 0"
    columns = "input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cost_usd, started_at, step_ids, "
    with engine.begin() as connection:
        for outcome in ("answered", "answered", "open"):
            connection.execute(
                text(
                    f"INSERT INTO model_calls (labeler, model, outcome, {columns} batch, reserved_usd) "  # noqa: S608
                    f"VALUES ('claude', 'haiku', '{outcome}', {values})"
                )
            )
    migrations.upgrade(engine)
    with transaction(engine=engine) as session:
        assert tallies.read(session) == {
            ("model_calls", "claude", "haiku", "answered"): 2,
            ("model_tokens", "claude", "haiku", "input"): 2_000,
            ("model_tokens", "claude", "haiku", "output"): 200,
            ("model_tokens", "claude", "haiku", "cache_read"): 800,
            ("model_cost_usd", "claude", "haiku"): 1.0,
        }
