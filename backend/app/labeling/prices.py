"""What a call costs, by the price list of the package `genai-prices`; nothing is priced by hand."""

import re
from dataclasses import dataclass
from functools import lru_cache

import structlog

from app.labeling.protocol import Tokens

log = structlog.get_logger(__name__)

BATCH_SHARE = 0.5
"""A batch costs half of what its calls would cost one by one."""


def cost_usd(model: str, tokens: Tokens, *, provider: str | None, batch: bool = False) -> float | None:
    """US dollars; None: the list does not know this model, as is usual for one that runs on one's own machine."""
    from genai_prices import Usage, calc_price  # noqa: PLC0415 - takes long to load; who has no model does without

    # Numbers that contradict each other, as some servers send them, must not keep a paid call from being booked.
    cache_read = min(tokens.cache_read, tokens.input)
    usage = Usage(
        input_tokens=tokens.input,
        output_tokens=tokens.output,
        cache_read_tokens=cache_read,
        cache_write_tokens=min(tokens.cache_write, tokens.input - cache_read),
    )
    try:
        price = calc_price(usage, model, provider_id=provider)
    except LookupError:
        _say_once(model)
        return None
    return float(price.total_price) * (BATCH_SHARE if batch else 1)


@dataclass(frozen=True, slots=True)
class PricedModel:
    """US dollars for a million tokens, as long as a call is not very long."""

    model: str
    input_usd: float
    output_usd: float


@lru_cache
def known(provider: str) -> tuple[PricedModel, ...]:
    """The provider's models that can be held to a form and that the list has prices of, the cheapest first."""
    from genai_prices.data_snapshot import get_snapshot  # noqa: PLC0415 - as above

    found = []
    for model in next((each.models for each in get_snapshot().providers if each.id == provider), ()):
        if model.deprecated or not _GENERATION.match(model.id):
            continue
        given, written = (
            cost_usd(model.id, tokens, provider=provider) for tokens in (Tokens(1_000, 0), Tokens(0, 1_000))
        )
        if given is not None and written is not None:
            found.append(PricedModel(model.id, round(given * 1_000, 6), round(written * 1_000, 6)))
    return tuple(sorted(found, key=lambda each: (each.output_usd, each.input_usd, each.model)))


_GENERATION = re.compile(r"claude-[a-z]+-(4-[5-9]|[5-9])(-\d{1,2})?$")
"""From the first on that gave structured answers, which the labelling needs."""


@lru_cache
def _say_once(model: str) -> None:
    log.warning("model_without_a_price", model=model, consequence="its calls count as free")
