"""The best client there could be: one process, one loop, no queue, no database, the bodies ready in memory.

    python -m benchmarks.ideal BODIES.json ADDRESS KEY --in-flight 20 [--per-minute 60 --burst 30]

Prints its seconds and its processor time as JSON. What `benchmarks.labeling` compares with.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anthropic

from benchmarks.services import BACKEND

START_SECONDS = 0.4
"""The provider's bucket refills from the moment in which the first call has reached it."""
APART_SECONDS = 0.01
"""Between the calls that may begin at once: putting one together takes as long, and meanwhile none is sent."""


@dataclass(frozen=True, slots=True)
class Found:
    """Of all calls together, without the start of the program."""

    seconds: float
    cpu_seconds: float


def measure(
    bodies: Sequence[Any],
    address: str,
    key: str,
    folder: Path,
    *,
    in_flight: int,
    per_minute: float = 0,
    burst: int = 0,
) -> Found:
    """In a process of its own."""
    file = folder / "bodies.json"
    file.write_text(json.dumps(bodies))
    options = [f"--in-flight={in_flight}", f"--per-minute={per_minute}", f"--burst={burst}"]
    command = [sys.executable, "-m", "benchmarks.ideal", str(file), address, key, *options]
    done = subprocess.run(command, cwd=BACKEND, check=True, stdout=subprocess.PIPE, text=True)
    return Found(**json.loads(done.stdout))


async def _send(given: argparse.Namespace, bodies: list[dict[str, Any]]) -> None:
    places = asyncio.Semaphore(given.in_flight)
    async with anthropic.AsyncAnthropic(
        api_key=given.key, base_url=given.address, max_retries=0, http_client=anthropic.DefaultAioHttpClient()
    ) as client:
        began = time.monotonic()

        async def call(number: int, body: dict[str, Any]) -> None:
            due = APART_SECONDS * number
            if given.per_minute and number >= given.burst:
                due = START_SECONDS + (number + 1 - given.burst) * 60 / given.per_minute
            await asyncio.sleep(began + due - time.monotonic())
            async with places:
                await client.messages.create(**body)

        async with asyncio.TaskGroup() as group:
            for number, body in enumerate(bodies):
                group.create_task(call(number, body))


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bodies", type=Path)
    parser.add_argument("address")
    parser.add_argument("key")
    parser.add_argument("--in-flight", type=int, required=True)
    parser.add_argument("--per-minute", type=float, default=0)
    parser.add_argument("--burst", type=int, default=0)
    given = parser.parse_args()
    bodies = json.loads(given.bodies.read_text())
    began, cpu = time.monotonic(), time.process_time()
    asyncio.run(_send(given, bodies))
    print(json.dumps({"seconds": time.monotonic() - began, "cpu_seconds": time.process_time() - cpu}))


if __name__ == "__main__":
    main()
