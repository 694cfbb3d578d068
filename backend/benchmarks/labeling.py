"""Labelling with Claude beside the plain Celery design and beside an ideal client, all against the strict double.

    python -m benchmarks.labeling [--workflows 50] [--database postgresql] [--parts one many limits workers threads]

Workflows of ten steps with screenshots of 1920×1080. The double answers after 0.8 s and 100 tokens a second, as
the API might. The ideal client sends the very bodies that ours sent; see `benchmarks.ideal` and
`benchmarks.plain_labeling`.
"""

import argparse
import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks import labeling_limits, report
from benchmarks.labeling_baseline import PlainTimes, measure_plain
from benchmarks.labeling_stage import (
    IN_FLIGHT,
    STEPS,
    Labelled,
    Stage,
    Worker,
    label,
    label_and_look,
)
from benchmarks.report import Row
from benchmarks.services import KINDS

WARM_UP = 10
PARTS = ("one", "many", "limits", "workers", "threads")


def one_workflow(stage: Stage, plain: PlainTimes, rounds: int) -> list[Row]:
    """How long a person waits."""
    stage.prepare()
    times, firsts, calls = [], [], []
    for _ in range(rounds):
        sent = stage.record(1)
        since = len(stage.double.calls())
        first, seconds = label_and_look(sent)
        mine = stage.double.calls(since=since)
        bringer = min(mine, key=lambda call: call.ended or 0)
        times.append(seconds)
        firsts.append(first)
        calls.append((bringer.ended or 0) - bringer.began)
    return [
        Row("labelling, one workflow: all labels", statistics.median(times), "s", plain.one, at_most=0.4),
        Row(
            "labelling, one workflow: first label; its call",
            statistics.median(firsts),
            "s",
            statistics.median(calls),
            at_most=1.2,
        ),
    ]


def many_workflows(stage: Stage, worker: Worker, plain: PlainTimes, workflows: int) -> list[Row]:
    """One worker with its five children; then again, with pictures that are drawn already."""
    stage.prepare()
    sent = stage.record(workflows)
    cold = label(stage, sent, worker)
    main, pool = worker.megabytes
    best = stage.ideal(in_flight=IN_FLIGHT)
    stage.prepare()
    warm = label(stage, stage.record_again(sent), worker)
    name = f"labelling, {workflows} workflows"
    return [
        Row(f"{name}: 1 worker; plain", cold.seconds, "s", plain.many, at_most=0.25),
        Row(f"{name}: 1 worker; ideal", cold.seconds, "s", best.seconds),
        Row(f"{name}: again, pictures kept; ideal", warm.seconds, "s", best.seconds),
        *_pictures(cold, plain),
        _cpu("pictures drawn", cold, best.cpu_seconds),
        _cpu("pictures kept", warm, best.cpu_seconds),
        Row("labelling, memory: worker", main, "MB"),
        Row("labelling, memory: each child", statistics.mean(pool), "MB"),
    ]


def _pictures(cold: Labelled, plain: PlainTimes) -> list[Row]:
    shown = [picture for call in cold.calls for picture in call.pictures]
    largest = max(shown, key=lambda picture: picture["tokens"])
    print(f"labelling: the largest picture has {largest['width']}×{largest['height']} pixels")
    return [
        Row("labelling: input tokens a step", cold.input_tokens_a_step, "", plain.input_tokens_a_step, at_most=0.4),
        Row("labelling: tokens of the largest picture", largest["tokens"], "", plain.picture_tokens),
    ]


def _cpu(how: str, mine: Labelled, ideal_seconds: float) -> Row:
    calls = len(mine.calls)
    best = 1_000 * ideal_seconds / calls
    return Row(
        f"labelling, processor time a call: {how}; ideal", mine.cpu_seconds * 1_000 / calls, "ms", best, at_most=1.35
    )


def several_workers(stage: Stage, plain: PlainTimes, workflows: int, workers: int) -> Row:
    """Each with five children."""
    stage.prepare()
    with ExitStack() as stack:
        all_ = [stack.enter_context(stage.ours()) for _ in range(workers)]
        label(stage, stage.record(WARM_UP * workers), *all_)
        seconds = label(stage, stage.record(workflows), *all_).seconds
    return Row(f"labelling, {workflows} workflows: {workers} workers; plain", seconds, "s", plain.many)


def light_mode(stage: Stage, workflows: int) -> list[Row]:
    """One process with five threads, each of which takes up others, beside the five children."""
    seconds, megabytes = [], []
    for options in (("--pool=threads",), ()):
        stage.prepare()
        with stage.ours(*options) as worker:
            label(stage, stage.record(WARM_UP), worker)
            seconds.append(label(stage, stage.record(workflows), worker).seconds)
            main, pool = worker.megabytes
            megabytes.append(main + sum(pool))
    return [
        Row("labelling, five threads: memory; five children", megabytes[0], "MB", megabytes[1]),
        Row(f"labelling, five threads: {workflows} workflows; five children", seconds[0], "s", seconds[1]),
    ]


def measure(given: argparse.Namespace) -> list[Row]:
    """All of it."""
    workflows = 10 if given.quick else given.workflows
    print(f"labelling: {workflows} workflows of {STEPS} steps")
    with tempfile.TemporaryDirectory(prefix="wp-labelling-") as name, Stage.built(given.database, Path(name)) as stage:
        plain = measure_plain(stage, workflows, quick=given.quick)
        parts = given.parts or (PARTS[:3] if given.quick else PARTS)
        rows: list[Row] = []
        if {"one", "many"} & set(parts):
            stage.prepare()
            with stage.ours() as worker:
                label(stage, stage.record(WARM_UP), worker)
                if "one" in parts:
                    rows += _shown(one_workflow(stage, plain, 1 if given.quick else 3))
                if "many" in parts:
                    rows += _shown(many_workflows(stage, worker, plain, workflows))
        if "limits" in parts:
            rows += _shown(labeling_limits.measure(stage, workflows, plain))
        if "workers" in parts:
            rows += _shown([several_workers(stage, plain, workflows, workers) for workers in (2, 4)])
        if "threads" in parts:
            rows += _shown(light_mode(stage, workflows))
        return rows


def _shown(rows: list[Row]) -> list[Row]:
    """As soon as they are there: the whole takes minutes."""
    print(report.table(rows), flush=True)
    return rows


def main() -> None:
    """Against one database."""
    parser = report.parser(__doc__)
    parser.add_argument("--workflows", type=int, default=50)
    parser.add_argument("--parts", nargs="*", choices=PARTS, help="some of it; --quick leaves out the last two")
    parser.add_argument("--database", choices=KINDS, default="postgresql")
    report.run(measure, parser.parse_args())


if __name__ == "__main__":
    main()
