"""What a call costs, by the price list of the package `genai-prices`; nothing is priced by hand."""

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


@lru_cache
def _say_once(model: str) -> None:
    log.warning("model_without_a_price", model=model, consequence="its calls count as free")
