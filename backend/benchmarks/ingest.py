"""Requests a second and the slowest hundredth of `POST /workflows`, beside the naive endpoint in the same run.

    python -m benchmarks.ingest [--requests 600] [--rounds 3]

20 steps and about 66 KB a request, 16 connections, one server process, both databases, a real Valkey.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks import report, services
from benchmarks.processes import cpu_seconds
from benchmarks.report import Row
from benchmarks.services import KINDS, Server

CONNECTIONS = 16
WARM_UP = 64


def recording(number: int) -> bytes:
    """A body of 20 steps and about 66 KB, different in each request."""
    filler = " ".join(f"cell {row}-{number % 97}" for row in range(40))
    steps = [
        {
            "action": ("click", "input", "select", "check", "click")[position % 5],
            "timestamp": f"2026-11-23T10:{position:02}:00Z",
            "target": {
                "tag": "button",
                "role": ("button", "textbox", "combobox", "checkbox", "link")[position % 5],
                "name": f"Control {position} of {number}",
                "text": f"Control {position}",
                "attributes": {f"data-field-{key}": f"value {key} of {position} " * 8 for key in range(16)},
                "selectors": [
                    f"aria/Control {position}",
                    *(f"#form > div:nth-child({n}) > span.x{n} > b" for n in range(6)),
                ],
                "box": {"x": 1040, "y": 86 + position, "width": 128, "height": 36},
                "context": {"heading": "Contacts", "section": "Details", "nearby": filler[:480]},
                "frame": [],
            },
            "value": f"Quarterly report {position}" if position % 5 == 1 else None,
            "value_kind": "text" if position % 5 == 1 else None,
            "page": {
                "url": f"https://crm.example/contacts/{number}",
                "title": "Contacts",
                "viewport": {"width": 1280, "height": 720},
            },
        }
        for position in range(20)
    ]
    return json.dumps(
        {"name": f"Create contact {number}", "starting_url": "https://crm.example/", "steps": steps}
    ).encode()


@dataclass(frozen=True)
class Result:
    """What one round measured."""

    per_second: float
    median_ms: float
    p99_ms: float
    cpu_ms: float
    """Processor time of the server process for one request: little disturbed by what else the machine does."""


async def _connection(port: int, token: str, numbers: asyncio.Queue[int], seconds: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while not numbers.empty():
        body = recording(numbers.get_nowait())
        head = (
            "POST /api/v1/workflows HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        began = time.perf_counter()
        writer.write(head.encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = next(int(line.split(":")[1]) for line in answer.splitlines() if line.startswith("content-length"))
        content = await reader.readexactly(length)
        seconds.append(time.perf_counter() - began)
        if " 201 " not in answer.splitlines()[0]:
            raise RuntimeError(f"{answer.splitlines()[0]}: {content[:500]!r}")
    writer.close()


async def _load(server: Server, token: str, first: int, requests: int) -> Result:
    numbers: asyncio.Queue[int] = asyncio.Queue()
    for number in range(first, first + requests):
        numbers.put_nowait(number)
    seconds: list[float] = []
    cpu, began = cpu_seconds(server.pid), time.perf_counter()
    await asyncio.gather(*(_connection(server.port, token, numbers, seconds) for _ in range(CONNECTIONS)))
    elapsed = time.perf_counter() - began
    seconds.sort()
    return Result(
        per_second=requests / elapsed,
        median_ms=statistics.median(seconds) * 1000,
        p99_ms=seconds[int(len(seconds) * 0.99)] * 1000,
        cpu_ms=(cpu_seconds(server.pid) - cpu) / requests * 1000,
    )


def measure(kind: str, requests: int, rounds: int) -> list[Row]:
    """Both endpoints' figures on this kind of database."""
    found: dict[str, list[Result]] = {"ours": [], "naive": []}
    with tempfile.TemporaryDirectory(prefix="wp-ingest-") as name:
        folder = Path(name)
        with services.valkey(folder / "valkey") as redis_url, services.database(kind, folder) as database_url:
            environment = services.environment(folder, redis_url, database_url) | {"LOG_LEVEL": "error"}
            token = services.first_token(environment)
            with (
                services.server("app.main:app", environment, folder / "ours.log") as ours,
                services.server("benchmarks.naive:web", environment, folder / "naive.log") as naive,
            ):
                servers = {"ours": ours, "naive": naive}
                for server in servers.values():
                    asyncio.run(_load(server, token, 0, WARM_UP))
                for turn in range(rounds):
                    for which, server in servers.items():
                        found[which].append(asyncio.run(_load(server, token, 1000 * (turn + 1), requests)))

    def row(what: str, field: str, unit: str, *, at_least: float | None = None, at_most: float | None = None) -> Row:
        ours, naive = (statistics.median(getattr(result, field) for result in found[w]) for w in ("ours", "naive"))
        return Row(f"ingest, {kind}: {what}", ours, unit, naive, at_least, at_most)

    return [
        row("requests a second", "per_second", "/s", at_least=2),
        row("slowest hundredth", "p99_ms", "ms", at_most=0.5),
        row("median", "median_ms", "ms"),
        row("processor time of the server", "cpu_ms", "ms"),
    ]


def _measure_all(given: argparse.Namespace) -> list[Row]:
    print(f"ingest: {len(recording(1)):,} bytes a request, 20 steps, {CONNECTIONS} connections")
    requests, rounds = (200, 1) if given.quick else (given.requests, given.rounds)
    return [row for kind in given.database or KINDS for row in measure(kind, requests, rounds)]


def main() -> None:
    """Both databases."""
    parser = report.parser(__doc__)
    parser.add_argument("--requests", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", choices=KINDS, action="append")
    report.run(_measure_all, parser.parse_args())


if __name__ == "__main__":
    main()
