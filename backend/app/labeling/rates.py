"""What a provider says about its own limits, beside an answer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rates:
    """Limits a minute, and what was left of them when the call was counted; None: not said."""

    requests_limit: float | None = None
    requests_remaining: float | None = None
    input_tokens_limit: float | None = None
    input_tokens_remaining: float | None = None
    output_tokens_limit: float | None = None
    output_tokens_remaining: float | None = None
