"""A strict double of the Anthropic Messages API: refuses what the real one refuses, counts, limits, fails on demand."""

from tests.doubles.buckets import Rates
from tests.doubles.claude.handle import ClaudeDouble
from tests.doubles.latency import Latency

__all__ = ["ClaudeDouble", "Latency", "Rates"]
