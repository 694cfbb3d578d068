"""Limiters on a clock that the test moves."""

from collections.abc import Callable

import pytest

from app.labeling.limiter import Estimate, Limiter
from app.labeling.rates import Limits
from tests.labeling.provider import Clock
from tests.services import Broker

SMALL = Estimate(10, 10)

Make = Callable[..., Limiter]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make(broker: Broker, clock: Clock) -> Make:
    """A limiter on the test's clock, limited only by what is given."""

    def make(
        requests: float = 1e6, input_tokens: float = 1e9, output_tokens: float = 1e9, in_flight: int = 10_000
    ) -> Limiter:
        return Limiter(broker.url, "test", Limits(requests, input_tokens, output_tokens, in_flight), clock=clock)

    return make
