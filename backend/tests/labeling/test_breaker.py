"""A provider that fails again and again is left alone for a while, by all workers together; then one finds out."""

import pytest

from app.labeling.limiter import Limiter
from tests.labeling.limiters import SMALL, Make
from tests.labeling.provider import Clock, granted


def call(limiter: Limiter, name: str, *, worked: bool | None) -> None:
    assert limiter.take(name, SMALL).granted, name
    limiter.settle(name, SMALL, SMALL, worked=worked)


def fail(make: Make, times: int) -> None:
    """Each time another worker."""
    for number in range(times):
        call(make(), f"fails-{number}", worked=False)


def test_five_failures_in_a_row_stop_every_worker_and_then_one_probes(make: Make, clock: Clock) -> None:
    fail(make, 5)
    turn = make().take("early", SMALL)
    assert (turn.granted, turn.failing) == (False, True)
    assert turn.wait_seconds == pytest.approx(5, abs=0.1)
    clock.now += 5.1
    assert granted(make(), "probe", 20) == 1
    later = make().take("later", SMALL)
    assert (later.granted, later.failing) == (False, True)
    assert later.wait_seconds >= 1


def test_a_probe_that_fails_doubles_the_break_up_to_a_minute(make: Make, clock: Clock) -> None:
    fail(make, 5)
    for seconds in (5, 10, 20, 40, 60, 60):
        clock.now += seconds - 0.1
        assert not make().take(f"early-{seconds}-{clock.now}", SMALL).granted
        clock.now += 0.2
        call(make(), f"probe-{seconds}-{clock.now}", worked=False)


def test_a_probe_that_works_ends_the_break_for_all(make: Make, clock: Clock) -> None:
    fail(make, 5)
    clock.now += 5.1
    call(make(), "probe", worked=True)
    clock.now += 0.1
    assert granted(make(), "after", 20) == 20
    fail(make, 4)
    clock.now += 0.1
    assert granted(make(), "it takes five again", 20) == 20


def test_what_works_in_between_counts_from_the_beginning(make: Make) -> None:
    for _ in range(3):
        fail(make, 4)
        call(make(), "works", worked=True)
    assert make().take("next", SMALL).granted


def test_a_call_that_was_not_made_says_nothing_of_the_provider(make: Make, clock: Clock) -> None:
    fail(make, 4)
    call(make(), "over budget", worked=None)
    call(make(), "fifth", worked=False)
    assert not make().take("early", SMALL).granted
    clock.now += 5.1
    call(make(), "probe that lost its lease", worked=None)
    clock.now += 0.1
    assert granted(make(), "probe", 20) == 1, "the next one finds out"


def test_what_began_before_the_break_neither_ends_nor_prolongs_it(make: Make, clock: Clock) -> None:
    limiter = make()
    for name in ("slow failure", "slow answer"):
        assert limiter.take(name, SMALL).granted
    fail(make, 5)
    limiter.settle("slow failure", SMALL, SMALL, worked=False)
    limiter.settle("slow answer", SMALL, SMALL, worked=True)
    assert limiter.take("early", SMALL).wait_seconds == pytest.approx(5, abs=0.1)
    clock.now += 5.1
    assert granted(make(), "probe", 20) == 1


def test_a_probe_whose_worker_died_is_made_again_by_another(make: Make, clock: Clock) -> None:
    fail(make, 5)
    clock.now += 5.1
    assert granted(make(), "probe", 1) == 1
    clock.now += 119
    assert granted(make(), "second", 1) == 0
    clock.now += 2
    assert granted(make(), "third", 20) == 1
