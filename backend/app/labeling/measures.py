"""What a process of a worker measures while it labels."""

from prometheus_client import Histogram

from app.core.measured import REGISTRY

SECONDS = (0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 12, 20, 30, 60, 120)

CALL_SECONDS = Histogram(
    "workflow_platform_call_seconds",
    "Time that a call of a model took, by what became of it; calls in batches are not timed.",
    ["labeler", "model", "outcome"],
    buckets=SECONDS,
    registry=REGISTRY,
)
LIMITER_WAIT_SECONDS = Histogram(
    "workflow_platform_limiter_wait_seconds",
    "Time that a call waited for its turn; `given_up`: its run rests instead.",
    ["labeler", "model", "outcome"],
    buckets=(0.01, *SECONDS),
    registry=REGISTRY,
)
