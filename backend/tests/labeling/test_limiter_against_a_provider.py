"""A crowd of callers against a provider that counts, on a simulated clock."""

from typing import get_args

import pytest

from app.labeling.limiter import Limiter
from app.labeling.rates import Limits
from tests.labeling.provider import Clock, Crowd, Provider, Tells
from tests.services import Broker

TRUE_LIMIT = 300.0
WANTED = 900
all_kinds = pytest.mark.parametrize("tells", get_args(Tells))


def crowd(broker: Broker, *, configured: float, holds: float = TRUE_LIMIT, tells: Tells = "arrival") -> Crowd:
    clock = Clock()
    limiter = Limiter(broker.url, "provider", Limits(configured, 1e9, 1e9, 100), clock=clock)
    return Crowd(limiter, Provider(clock, TRUE_LIMIT, holds, tells), clock, callers=50, wanted=WANTED)


@all_kinds
@pytest.mark.parametrize("holds", [TRUE_LIMIT, TRUE_LIMIT / 2])
def test_at_the_limit_nothing_is_refused_and_nothing_wasted(broker: Broker, holds: float, tells: Tells) -> None:
    fifty = crowd(broker, configured=TRUE_LIMIT, holds=holds, tells=tells)
    seconds = fifty.run()
    after_the_burst = (WANTED - TRUE_LIMIT / 2) / TRUE_LIMIT * 60
    assert fifty.provider.refused == 0
    assert seconds <= after_the_burst / 0.95 + 2
    assert fifty.takes <= 2.2 * WANTED, "hardly anybody wakes before the turn"


@all_kinds
def test_after_a_burst_of_long_calls_those_that_follow_are_in_time(broker: Broker, tells: Tells) -> None:
    clock = Clock()
    limiter = Limiter(broker.url, "provider", Limits(60, 1e9, 1e9, 100), clock=clock)
    few = Crowd(limiter, Provider(clock, 60, 30, tells), clock, callers=25, wanted=60, call_seconds=10)
    seconds = few.run()
    assert few.provider.refused == 0
    assert seconds <= (60 - 30 + few.call_seconds) / 0.95 + 1


@all_kinds
@pytest.mark.parametrize("holds", [TRUE_LIMIT, TRUE_LIMIT / 10])
def test_a_limit_set_too_high_is_corrected(broker: Broker, holds: float, tells: Tells) -> None:
    fifty = crowd(broker, configured=1.2 * TRUE_LIMIT, holds=holds, tells=tells)
    seconds = fifty.run()
    assert fifty.provider.refused <= 0.05 * len(fifty.begun)
    assert seconds <= 1.15 * (WANTED - min(holds, TRUE_LIMIT / 2)) / TRUE_LIMIT * 60
