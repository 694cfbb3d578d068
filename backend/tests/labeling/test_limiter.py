"""All workers together call no faster than they may, and hardly slower."""

import signal
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.labeling.limiter import Estimate, Limiter, LimiterUnavailable
from app.labeling.rates import Limits
from tests.labeling.limiters import SMALL, Make
from tests.labeling.provider import Clock, burst, granted
from tests.services import Broker, run_python


def test_nothing_is_granted_when_redis_is_away(broker: Broker, make: Make) -> None:
    limiter = make()
    broker.kill()
    with pytest.raises(LimiterUnavailable):
        limiter.take("call", SMALL)
    with pytest.raises(LimiterUnavailable):
        limiter.unblock()


def test_what_was_paid_is_not_lost_when_redis_is_away(broker: Broker, make: Make) -> None:
    limiter = make()
    broker.kill()
    limiter.settle("call", SMALL, None)
    limiter.pause(1)
    limiter.block("No money.", 1)
    assert not limiter.scarce()


@pytest.mark.timeout(20)  # without a limit of its own the client would wait for ever
def test_a_server_that_hangs_holds_nobody_up(broker: Broker, make: Make) -> None:
    limiter = make()
    limiter.take("before", SMALL)
    broker.signal(signal.SIGSTOP)
    with pytest.raises(LimiterUnavailable):
        limiter.take("call", SMALL)


def test_eight_processes_get_exactly_what_the_bucket_holds(broker: Broker) -> None:
    with ProcessPoolExecutor(8, mp_context=get_context("spawn")) as pool:
        grants = pool.map(burst, [broker.url] * 8, [f"process-{number}" for number in range(8)])
        assert sum(grants) == 8


def test_a_forked_process_does_not_read_its_parents_answers(broker: Broker) -> None:
    code = f"""
import json, os
from app.labeling.limiter import Estimate, Limiter, _script
from app.labeling.rates import Limits
limiter = Limiter({broker.url!r}, "fork", Limits(1e6, 1e9, 1e9, 10_000))
limiter.take("before", Estimate(1, 1))
before = _script({broker.url!r})
if os.fork() == 0:
    os._exit(0 if _script({broker.url!r}) is not before else 1)
print(json.dumps({{"code": os.waitstatus_to_exitcode(os.wait()[1])}}))
"""
    assert run_python(code) == {"code": 0}


def test_all_or_nothing(make: Make) -> None:
    limiter = make(requests=60, output_tokens=1000)
    long_answer = Estimate(10, 480)
    assert limiter.take("first", long_answer).granted
    assert not limiter.take("refused", long_answer).granted
    for name in ("first", "refused"):
        limiter.settle(name, long_answer, Estimate(10, 0))
    assert granted(limiter, "request", 40) == 28, "of 30, less the first and the reserve, the refused one took none"


def test_a_call_asked_for_twice_is_charged_once(make: Make) -> None:
    limiter = make(requests=8)
    assert [limiter.take("same", SMALL).granted for _ in range(10)] == [True] * 10
    assert granted(limiter, "other", 10) == 3


def test_the_wait_is_exact(make: Make, clock: Clock) -> None:
    limiter = make(requests=8)
    assert granted(limiter, "burst", 4) == 4
    turns = [limiter.take(name, SMALL) for name in "abc"]
    assert [turn.wait_seconds for turn in turns] == pytest.approx([7.5, 15, 22.5], abs=1e-4)
    clock.now += 7.499
    assert not limiter.take("a", SMALL).granted
    clock.now += 0.002
    assert not limiter.take("b", SMALL).granted
    assert limiter.take("a", SMALL).granted


def test_nobody_overtakes_those_who_wait(make: Make, clock: Clock) -> None:
    limiter = make(requests=8)
    granted(limiter, "burst", 4)
    limiter.take("first", SMALL)
    clock.now += 8
    assert not limiter.take("newcomer", SMALL).granted
    assert limiter.take("first", SMALL).granted


def test_small_calls_do_not_starve_a_large_one(make: Make, clock: Clock) -> None:
    limiter = make(output_tokens=1000)
    granted(limiter, "burst", 48)
    large = Estimate(10, 300)
    wait = limiter.take("large", large).wait_seconds
    for number in range(int(wait)):
        clock.now += 1
        assert not limiter.take(f"small-{number}", SMALL).granted
    clock.now += 1
    assert limiter.take("large", large).granted


def test_a_turn_that_nobody_takes_lapses(make: Make, clock: Clock) -> None:
    limiter = make(requests=8)
    granted(limiter, "burst", 4)
    limiter.take("died", SMALL)
    clock.now += 7.5 + 5.1
    assert limiter.take("newcomer", SMALL).granted


def test_a_turn_can_be_given_back(make: Make, clock: Clock) -> None:
    limiter = make(requests=8)
    granted(limiter, "burst", 4)
    limiter.take("cancelled", SMALL)
    limiter.settle("cancelled", SMALL, Estimate(0, 0))
    clock.now += 7.6
    assert limiter.take("newcomer", SMALL).granted


def test_a_turn_far_away_is_told_and_not_kept(make: Make, clock: Clock) -> None:
    limiter = make(requests=1)
    assert limiter.take("first", SMALL).granted
    assert limiter.take("gives up", SMALL).wait_seconds == pytest.approx(60, abs=1e-4)
    clock.now += 60.001
    assert limiter.take("newcomer", SMALL).granted


def test_a_call_larger_than_the_bucket_waits_until_it_is_full_and_leaves_a_debt(make: Make, clock: Clock) -> None:
    limiter = make(output_tokens=1000)
    huge = Estimate(10, 1500)
    limiter.take("before", SMALL)
    assert limiter.take("huge", huge).wait_seconds == pytest.approx(0.6, abs=1e-4)
    clock.now += 0.601
    assert limiter.take("huge", huge).granted
    assert limiter.take("after", SMALL).wait_seconds == pytest.approx((1000 + 10 + 10) / 1000 * 60, abs=0.01)


def test_what_was_not_used_is_refunded_once(make: Make) -> None:
    limiter = make(output_tokens=1000)
    estimate = Estimate(10, 400)
    assert limiter.take("first", estimate).granted
    assert not limiter.take("second", estimate, urgent=True).granted
    for _ in range(3):
        limiter.settle("first", estimate, Estimate(10, 200))
    assert limiter.take("urgent", Estimate(10, 300), urgent=True).granted
    assert not limiter.take("urgent too", SMALL, urgent=True).granted


def test_more_than_was_estimated_is_charged_and_the_unknown_stays(make: Make) -> None:
    limiter = make(output_tokens=1000)
    for name, used in (("known", Estimate(10, 300)), ("unknown", None)):
        limiter.take(name, Estimate(10, 100))
        limiter.settle(name, Estimate(10, 100), used)
    assert not limiter.take("too much", Estimate(10, 101), urgent=True).granted
    assert limiter.take("the rest", Estimate(10, 100), urgent=True).granted


def test_an_urgent_call_goes_before_a_full_backlog(make: Make) -> None:
    limiter = make(requests=60, in_flight=1000)
    assert granted(limiter, "bulk", 100) == 29
    assert limiter.take("urgent", SMALL, urgent=True).granted


def test_others_stand_back_while_an_urgent_call_waits(make: Make, clock: Clock) -> None:
    limiter = make(output_tokens=1000)
    assert granted(limiter, "bulk", 49) == 49, "so that nobody else waits"
    large = Estimate(10, 200)
    wait = limiter.take("urgent", large, urgent=True).wait_seconds
    clock.now += wait - 0.1
    assert granted(limiter, "newcomer", 100) == 0
    clock.now += 0.11
    assert limiter.take("urgent", large, urgent=True).granted


def test_an_urgent_call_that_never_comes_back_holds_up_nobody_for_long(make: Make, clock: Clock) -> None:
    limiter = make(output_tokens=1000)
    granted(limiter, "bulk", 48)
    clock.now += limiter.take("urgent", Estimate(10, 200), urgent=True).wait_seconds + 1.1
    assert limiter.take("bulk again", Estimate(10, 100)).granted


def test_calls_in_flight_are_bounded_and_one_place_is_kept_for_urgent_ones(make: Make) -> None:
    limiter = make(in_flight=5)
    assert granted(limiter, "call", 10) == 4
    assert limiter.take("urgent", SMALL, urgent=True).granted
    assert not limiter.take("urgent too", SMALL, urgent=True).granted
    for name in ("call-0", "call-1"):
        limiter.settle(name, SMALL, SMALL)
    assert granted(limiter, "newcomer", 10) == 0, "those who wait are first"
    assert limiter.take("call-4", SMALL).granted
    assert not limiter.take("call-5", SMALL).granted, "the place for urgent ones"


def test_a_single_place_is_used(make: Make) -> None:
    limiter = make(in_flight=1)
    assert granted(limiter, "call", 2) == 1
    limiter.settle("call-0", SMALL, SMALL)
    assert limiter.take("call-1", SMALL).granted


def test_the_place_of_a_crashed_worker_comes_free(make: Make, clock: Clock) -> None:
    limiter = make(in_flight=1)
    limiter.take("crashed", SMALL)
    clock.now += 119
    assert not limiter.take("other", SMALL).granted
    clock.now += 2
    assert limiter.take("other", SMALL).granted
    limiter.settle("crashed", SMALL, SMALL)
    assert not limiter.take("third", SMALL).granted, "the late one frees no place that it has not"


def test_scarce_only_after_waiting_for_requests(make: Make, clock: Clock) -> None:
    limiter = make(requests=8)
    assert granted(limiter, "call", 4) == 4
    assert not limiter.scarce()
    limiter.take("waits", SMALL)
    assert limiter.scarce()
    clock.now += 61
    assert not limiter.scarce()


def test_waiting_for_a_place_is_not_scarce(make: Make) -> None:
    limiter = make(in_flight=1)
    assert granted(limiter, "call", 2) == 1
    assert not limiter.scarce()


def test_waiting_longer_for_tokens_is_not_scarce(make: Make) -> None:
    limiter = make(requests=8, output_tokens=10)
    assert [limiter.take(name, Estimate(1, 1)).granted for name in "abcd"] == [True] * 4
    assert not limiter.take("both, and tokens for longer", Estimate(1, 4)).granted
    assert not limiter.scarce()


def test_scopes_do_not_share(broker: Broker) -> None:
    one, other = (Limiter(broker.url, scope, Limits(8, 1e9, 1e9, 100)) for scope in ("one", "other"))
    assert granted(one, "call", 4) == granted(other, "call", 4) == 4
    assert not one.take("call-5", SMALL).granted


def test_a_server_restarted_or_emptied_goes_on(broker: Broker, make: Make, clock: Clock) -> None:
    limiter = make(requests=8)
    assert granted(limiter, "call", 10) == 4
    broker.kill()
    broker.start()
    assert granted(limiter, "restarted", 10) == 0, "it remembers"
    with broker.client() as client:
        client.flushall()
        client.script_flush()
    assert granted(limiter, "emptied", 10) == 4
    limiter.settle("call-0", SMALL, Estimate(0, 0))
    with broker.client() as client:
        client.delete("limiter:{test}:calls")
    clock.now += 61
    assert limiter.take("half emptied", SMALL).granted


def test_it_runs_on_the_servers_clock(broker: Broker) -> None:
    limiter = Limiter(broker.url, "clock", Limits(600, 1e9, 1e9, 10_000))
    granted(limiter, "call", 300)
    deadline = time.monotonic() + 20
    while not limiter.take("waits", SMALL).granted:
        assert time.monotonic() < deadline


schedules = st.lists(
    st.tuples(
        st.floats(0, 20),
        st.integers(0, 30),
        st.integers(0, 300),
        st.integers(0, 100),
        st.booleans(),
    ),
    max_size=60,
)


@given(schedule=schedules, requests=st.floats(1, 60))
@hypothesis_settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_window_exceeds_the_bucket_and_what_flows_in(
    broker: Broker, schedule: list[tuple[float, int, int, int, bool]], requests: float
) -> None:
    clock = Clock()
    limits = Limits(requests, 1000, 300, 20)
    limiter = Limiter(broker.url, uuid4().hex, limits, clock=clock)
    grants: list[tuple[float, tuple[float, float, float]]] = []
    asked: set[str] = set()
    for seconds, name, input_tokens, output_tokens, urgent in schedule:
        clock.now += seconds
        if str(name) in asked:
            continue
        turn = limiter.take(str(name), Estimate(input_tokens, output_tokens), urgent=urgent)
        assert turn.granted or turn.wait_seconds > 0
        if turn.granted:
            asked.add(str(name))
            grants.append((clock.now, (1, input_tokens, output_tokens)))
    for bucket, limit in enumerate((requests, 1000, 300)):
        for first, (start, _) in enumerate(grants):
            for last in range(first, len(grants)):
                end = grants[last][0]
                begun = sum(amounts[bucket] for _, amounts in grants[first : last + 1])
                largest = max(amounts[bucket] for _, amounts in grants[first : last + 1])
                most = max(limit / 2, largest) + limit / 60 * (end - start)
                assert begun <= most + 1e-3
