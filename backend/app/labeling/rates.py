"""How often a provider may be called: what the settings say, and what its headers say."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """For all workers together."""

    requests_per_minute: float
    input_tokens_per_minute: float
    output_tokens_per_minute: float
    in_flight: int
    """Calls under way at a time."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Of a provider's headers, per minute; None where the provider did not say."""

    requests_limit: float | None = None
    requests_remaining: float | None = None
    input_tokens_limit: float | None = None
    input_tokens_remaining: float | None = None
    output_tokens_limit: float | None = None
    output_tokens_remaining: float | None = None
