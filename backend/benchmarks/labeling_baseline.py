"""The plain Celery design at work, see `benchmarks.plain_labeling`: one workflow, many, many under a limit."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.labeling_stage import STEPS, Sent, Stage, drop_runs, labels_of_model, wait_until

REQUESTS_A_MINUTE = 0.6
"""For each workflow; half of them at once. Few enough that they, not the processor, are what is scarce."""
QUICK_WINDOW_SECONDS, QUICK_REQUESTS_A_MINUTE = 15, 2
WINDOW_SECONDS = 60


@dataclass(frozen=True, slots=True)
class PlainTimes:
    """Seconds, and what a step takes."""

    one: float
    many: float
    input_tokens_a_step: float
    picture_tokens: int
    per_minute: float
    limited_steps_a_minute: float


def measure_plain(stage: Stage, workflows: int, *, quick: bool) -> PlainTimes:
    """Five children."""
    per_minute = workflows * (QUICK_REQUESTS_A_MINUTE if quick else REQUESTS_A_MINUTE)
    window_seconds = QUICK_WINDOW_SECONDS if quick else WINDOW_SECONDS
    with stage.plain():
        stage.prepare(scale=0)
        send = _sender(stage)
        _label(send, stage.record(5))
        stage.prepare()
        one = _label(send, stage.record(1))
        stage.prepare()
        many = _label(send, stage.record(workflows))
        calls = stage.double.calls()
        stage.prepare(per_minute=per_minute)
        limited = _within(send, stage.record(workflows), window_seconds)
    return PlainTimes(
        one=one,
        many=many,
        input_tokens_a_step=statistics.mean(call.all_input_tokens for call in calls),
        picture_tokens=max(picture["tokens"] for call in calls for picture in call.pictures),
        per_minute=per_minute,
        limited_steps_a_minute=60 * limited / window_seconds,
    )


def _sender(stage: Stage) -> Callable[[Sequence[Sent]], None]:
    from celery import Celery

    task = Celery("plain", broker=stage.plain_url, backend=stage.plain_url).signature("plain.label")

    def send(sent: Sequence[Sent]) -> None:
        for _, workflow_id in sent:
            task.clone((workflow_id,)).apply_async(ignore_result=True)

    return send


def _label(send: Callable[[Sequence[Sent]], None], sent: Sequence[Sent]) -> float:
    """Seconds until every step has a label."""
    drop_runs(sent)
    began = time.monotonic()
    send(sent)
    wait_until(lambda: labels_of_model(sent) == len(sent) * STEPS, 0.1)
    return time.monotonic() - began


def _within(send: Callable[[Sequence[Sent]], None], sent: Sequence[Sent], seconds: float) -> int:
    """Steps that have a label by then."""
    drop_runs(sent)
    send(sent)
    time.sleep(seconds)
    return labels_of_model(sent)
