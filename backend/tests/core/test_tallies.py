from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from app.core import tallies
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
