"""What a provider says of its limits, and its pauses and blocks, hold for all workers."""

from itertools import pairwise

import pytest

from app.labeling.rates import Rates
from tests.labeling.limiters import SMALL, Make
from tests.labeling.provider import Clock, granted


def test_a_pause_holds_for_all_and_is_never_shortened(make: Make, clock: Clock) -> None:
    make().pause(20)
    make().pause(1)
    clock.now += 19.9
    limiter = make()
    assert limiter.take("ordinary", SMALL).wait_seconds >= 0.1
    assert not limiter.take("urgent", SMALL, urgent=True).granted
    clock.now += 0.2
    assert limiter.take("ordinary", SMALL).granted


@pytest.mark.parametrize("seconds", [float("inf"), float("-inf"), float("nan"), -5, 1e300])
def test_no_number_of_a_provider_stops_it_for_ever(make: Make, clock: Clock, seconds: float) -> None:
    limiter = make()
    limiter.take("call", SMALL)
    limiter.settle("call", SMALL, SMALL, Rates(*[seconds] * 6))
    limiter.pause(seconds)
    clock.now += 3601
    assert limiter.take("next", SMALL).granted


def test_after_a_pause_calls_begin_one_by_one(make: Make, clock: Clock) -> None:
    limiter = make(requests=600)
    limiter.pause(10)
    waits = [limiter.take(f"call-{number}", SMALL).wait_seconds for number in range(20)]
    gaps = [later - earlier for earlier, later in pairwise(waits)]
    assert waits[0] > 10
    assert min(gaps) > 0.099, "a tenth of a second apart, as 600 a minute are"
    clock.now += 10.001
    assert granted(limiter, "newcomer", 20) == 0


def test_where_headers_say_nothing_a_pause_slows_down_by_a_tenth_once(make: Make, clock: Clock) -> None:
    limiter = make(requests=1000)
    for _ in range(10):
        limiter.pause(1)
    clock.now += 70
    assert granted(limiter, "slower", 600) == 450 - 9
    limiter.settle("slower-0", SMALL, SMALL, Rates(requests_limit=1000))
    clock.now += 70
    assert granted(limiter, "as the headers say", 600) == 500 - 10
    clock.now += 600
    assert granted(limiter, "forgotten", 600) == 500 - 10


def test_a_block_tells_its_reason_until_it_is_lifted(make: Make, clock: Clock) -> None:
    limiter = make()
    limiter.block("Das Guthaben ist aufgebraucht – 12 €.", 3600)
    turn = make().take("call", SMALL, urgent=True)
    assert (turn.granted, turn.blocked) == (False, "Das Guthaben ist aufgebraucht – 12 €.")
    assert turn.wait_seconds == pytest.approx(3600)
    limiter.unblock()
    assert limiter.take("call", SMALL).granted
    limiter.block("12", 10)
    assert limiter.take("other", SMALL).blocked == "12"
    clock.now += 10
    assert limiter.take("other", SMALL).granted


def test_headers_lower_the_limit_raise_it_again_and_are_forgotten(make: Make, clock: Clock) -> None:
    limiter = make(requests=1000)

    def grants_when_full(name: str, rates: Rates | None = None) -> int:
        limiter.take(name, SMALL)
        limiter.settle(name, SMALL, SMALL, rates)
        clock.now += 61
        return granted(limiter, name, 600)

    assert grants_when_full("configured") == 490
    assert grants_when_full("lower", Rates(requests_limit=200)) == 98
    assert grants_when_full("higher", Rates(requests_limit=400)) == 196
    assert grants_when_full("above the settings", Rates(requests_limit=5000)) == 490
    assert grants_when_full("lower again", Rates(requests_limit=200)) == 98
    clock.now += 600
    assert granted(limiter, "forgotten", 600) == 490


def test_what_remains_lowers_a_bucket_and_never_raises_it(make: Make) -> None:
    limiter = make(requests=600)
    limiter.take("call", SMALL)
    limiter.settle("call", SMALL, SMALL, Rates(requests_remaining=20))
    limiter.take("next", SMALL)
    limiter.settle("next", SMALL, SMALL, Rates(requests_remaining=500))
    assert granted(limiter, "other", 30) == 20 - 1 - 6, "less the next, less the reserve of 2 %"


def test_what_remains_may_be_told_of_the_beginning_of_a_call_or_of_its_end(make: Make) -> None:
    limiter = make(requests=600)
    limiter.take("early", SMALL)
    assert granted(limiter, "later", 50) == 50
    limiter.settle("early", SMALL, SMALL, Rates(requests_remaining=110))
    assert granted(limiter, "other", 200) == 110 - 6, "the later ones may be counted in it"


def test_what_flowed_in_since_a_call_began_may_not_be_counted_in_what_remains(make: Make, clock: Clock) -> None:
    limiter = make(requests=600)
    limiter.take("call", SMALL)
    clock.now += 3
    limiter.settle("call", SMALL, SMALL, Rates(requests_remaining=10))
    assert granted(limiter, "other", 100) == 10 + 30 - 6
