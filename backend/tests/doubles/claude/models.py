"""What the models can and cannot."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Abilities:
    """Of a model. `sampling`: temperature, top_p, top_k; `least_cached`: tokens of the shortest prefix that is kept."""

    sampling: bool = False
    prefill: bool = False
    manual_thinking: bool = False
    adaptive_thinking: bool = True
    efforts: tuple[str, ...] = ("low", "medium", "high", "xhigh", "max")
    least_cached: int = 512
    context: int = 200_000
    most_output: int = 64_000


_NEW = Abilities()
_OLD = Abilities(
    sampling=True, prefill=True, manual_thinking=True, adaptive_thinking=False, efforts=(), least_cached=4096
)
MODELS = {
    "claude-haiku-5-5": _NEW,
    "claude-sonnet-5-5": _NEW,
    "claude-haiku-4-5": _OLD,
    "claude-haiku-4-5-20251001": _OLD,
}
