"""Labelling under a limit of requests: one that the settings know, and one that is lower than they say."""

import math

from benchmarks.labeling_baseline import PlainTimes
from benchmarks.labeling_stage import IN_FLIGHT, STEPS, Labelled, Stage, label
from benchmarks.report import Row

TOO_HIGH = 1.2
TOO_MANY_REQUESTS = 429


def measure(stage: Stage, workflows: int, plain: PlainTimes) -> list[Row]:
    """The bucket of the provider, of ours and of the ideal client holds half a minute's worth."""
    return [*_known(stage, workflows, plain), *_too_high(stage, workflows, plain.per_minute)]


def _known(stage: Stage, workflows: int, plain: PlainTimes) -> list[Row]:
    found = _labelled(stage, workflows, plain.per_minute, plain.per_minute)
    best = stage.ideal(in_flight=IN_FLIGHT, per_minute=plain.per_minute)
    a_minute = 60 * workflows * STEPS / found.seconds
    name = f"labelling, {plain.per_minute:g} requests a minute"
    print(f"{name}: {len(found.calls)} calls for {workflows} workflows")
    return [
        Row(f"{name}: speed of the ideal", best.seconds / found.seconds, "", 1, at_least=0.95),
        Row(f"{name}: answered 429", _refused(found), "calls", at_most=0.5, of="ours"),
        Row(f"{name}: steps a minute; plain", a_minute, "/min", plain.limited_steps_a_minute, at_least=5),
    ]


def _too_high(stage: Stage, workflows: int, per_minute: float) -> list[Row]:
    found = _labelled(stage, workflows, per_minute, per_minute * TOO_HIGH)
    answered = [call for call in found.calls if call.outcome == "answered"]
    longest = max((call.ended or 0) - call.began for call in answered)
    bound = max(0, len(answered) - math.floor(per_minute / 2)) * 60 / per_minute + longest
    name = "labelling, limit set 20 % too high"
    return [
        Row(f"{name}: share answered 429", 100 * _refused(found) / len(found.calls), "%", at_most=5, of="ours"),
        Row(f"{name}: calls a chunk", len(answered) / found.chunks, "", 1, at_most=1.01),
        Row(f"{name}: time; bound", found.seconds, "s", bound, at_most=1.15),
    ]


def _labelled(stage: Stage, workflows: int, truly: float, as_set: float) -> Labelled:
    """Fails unless every workflow is finished."""
    with stage.ours(label_requests_per_minute=as_set) as worker:
        stage.prepare()
        label(stage, stage.record(5), worker)
        stage.prepare(per_minute=truly)
        return label(stage, stage.record(workflows), worker)


def _refused(found: Labelled) -> int:
    return sum(call.status == TOO_MANY_REQUESTS for call in found.calls)
