"""Does it stay quick when much is stored? The same calls with many workflows and with few, taken in turns.

    python -m benchmarks.growth [--workflows 100000] [--database sqlite|postgresql]

Prints for each call the median time with many workflows, with few (the baseline), and their ratio.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, func, select

from app.accounts.actor import Actor
from app.api.answers import workflow_read
from app.core.db import make_engine, transaction
from app.recordings import service as recordings
from app.recordings.schema import RecordingIn, RecordingStep
from app.workflows import service as workflows
from app.workflows.models import Workflow
from benchmarks import report, services
from benchmarks.filling import RARE, STEPS, WORDS, contents, fill
from benchmarks.report import Row
from benchmarks.services import KINDS

FEW = 1_000
TARGET = 1.3
WARM_UP = 10


def calls(engine: Engine, owner: Actor) -> dict[str, Callable[[], None]]:
    """What is measured, each a whole transaction."""
    dice = random.Random(7)  # noqa: S311
    with transaction(engine=engine, read_only=True) as session:
        newest = session.scalar(select(func.max(Workflow.id))) or 0

    def creating() -> None:
        recorded = [RecordingStep(**step.model_dump()) for step in contents(dice)]
        prepared = recordings.prepare(RecordingIn(name=f"Common {dice.choice(WORDS)}", steps=recorded))
        with transaction(engine=engine) as session:
            recordings.store(session, owner, prepared)

    def opening() -> None:
        with transaction(engine=engine, read_only=True) as session:
            workflow_read(session, dice.randrange(1, newest), owner)

    def searching(q: str | None, found: int, limit: int = 50) -> Callable[[], None]:
        def find() -> None:
            with transaction(engine=engine, read_only=True) as session:
                assert len(workflows.search(session, owner, q=q, limit=limit).items) == found

        return find

    return {
        "create": creating,
        "open": opening,
        "list": searching(None, 50),
        "search, in none": searching("nowhere", 0),
        "search, rare word": searching("rarity", RARE),
        "search, rare and common": searching("common rarity", RARE),
        "search, one in a hundred": searching("hundredth", 10, limit=10),  # as many as the few have
        "search, one in ten": searching("tenth", 50),
        "search, in all": searching("common", 50),
        "search, two letters": searching("co", 50),
    }


def compare(few: Callable[[], object], many: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Median seconds of both, called in turns so that whatever else the machine does hits both."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + WARM_UP):
        for taken, call in zip(times, (few, many), strict=True):
            start = time.perf_counter()
            call()
            if number >= WARM_UP:
                taken.append(time.perf_counter() - start)
    return statistics.median(times[0]), statistics.median(times[1])


@contextmanager
def engines(kind: str) -> Iterator[tuple[Engine, Engine]]:
    """Two empty databases of a kind on one server, in a temporary folder."""
    with (
        tempfile.TemporaryDirectory(prefix="wp-growth-") as folder,
        services.databases(kind, Path(folder), "few", "many") as addresses,
    ):
        few, many = (make_engine(address) for address in addresses)
        try:
            yield few, many
        finally:
            few.dispose()
            many.dispose()


def measure(kind: str, stored: int, rounds: int) -> list[Row]:
    """On this kind of database."""
    with engines(kind) as (few, many):
        began = time.perf_counter()
        owners = fill(few, FEW), fill(many, stored)
        print(f"{kind}: filled in {time.perf_counter() - began:.0f} s", flush=True)
        rows = []
        for (name, small), large in zip(calls(few, owners[0]).items(), calls(many, owners[1]).values(), strict=True):
            a, b = compare(small, large, rounds)
            rows.append(Row(f"{name}, {kind}", b * 1000, "ms", a * 1000, at_most=TARGET))
        return rows


def _measure_all(given: argparse.Namespace) -> list[Row]:
    stored, rounds = (20_000, 40) if given.quick else (given.workflows, given.rounds)
    print(f"growth: {stored:,} workflows of {STEPS} steps (ours) and {FEW:,} (baseline)", flush=True)
    return [row for kind in given.database or KINDS for row in measure(kind, stored, rounds)]


def main() -> None:
    """Both databases."""
    parser = report.parser(__doc__)
    parser.add_argument("--workflows", type=int, default=100_000, help="how many are stored in the large database")
    parser.add_argument("--database", choices=KINDS, action="append")
    parser.add_argument("--rounds", type=int, default=100, help="calls of each kind in each database")
    report.run(_measure_all, parser.parse_args())


if __name__ == "__main__":
    main()
