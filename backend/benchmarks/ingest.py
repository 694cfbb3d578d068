"""Requests a second and the slowest hundredth of `POST /workflows`, beside the naive endpoint in the same run.

    python -m benchmarks.ingest [--requests 600] [--rounds 3]

20 steps and about 66 KB a request, 16 connections, one server process, both databases, a real Valkey.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks import services

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


def _cpu_seconds(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


async def _load(port: int, pid: int, token: str, first: int, requests: int) -> Result:
    numbers: asyncio.Queue[int] = asyncio.Queue()
    for number in range(first, first + requests):
        numbers.put_nowait(number)
    seconds: list[float] = []
    cpu, began = _cpu_seconds(pid), time.perf_counter()
    await asyncio.gather(*(_connection(port, token, numbers, seconds) for _ in range(CONNECTIONS)))
    elapsed = time.perf_counter() - began
    seconds.sort()
    return Result(
        per_second=requests / elapsed,
        median_ms=statistics.median(seconds) * 1000,
        p99_ms=seconds[int(len(seconds) * 0.99)] * 1000,
        cpu_ms=(_cpu_seconds(pid) - cpu) / requests * 1000,
    )


def _prepare(environment: dict[str, str]) -> str:
    """Tables, a person and a token in the database of `environment`; returns the token."""
    script = (
        "from app.api import start; start.prepare()\n"
        "from app.accounts import service, tokens\n"
        "from app.core.db import transaction\n"
        "with transaction() as session:\n"
        "    print(tokens.create(session, service.local_admin(session), name='bench', scopes=['read', 'write'])[1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=services.BACKEND,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.split()[-1]


def measure(kind: str, requests: int, rounds: int) -> None:
    """Print both endpoints' figures on this kind of database, and their ratios."""
    found: dict[str, list[Result]] = {"ours": [], "naive": []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with services.valkey(folder / "valkey") as redis_url, services.database(kind, folder) as database_url:
            environment = {
                **os.environ,
                "DATABASE_URL": database_url,
                "REDIS_URL": redis_url,
                "DATA_DIR": str(folder / "data"),
                "LOG_LEVEL": "error",
            }
            token = _prepare(environment)
            with (
                services.server("app.main:app", environment, folder / "ours.log") as ours,
                services.server("benchmarks.naive:web", environment, folder / "naive.log") as naive,
            ):
                ports = {"ours": ours, "naive": naive}
                for port, pid in ports.values():
                    asyncio.run(_load(port, pid, token, 0, WARM_UP))
                for turn in range(rounds):
                    for which, (port, pid) in ports.items():
                        found[which].append(asyncio.run(_load(port, pid, token, 1000 * (turn + 1), requests)))
    for which, results in found.items():
        best = {field: statistics.median(getattr(r, field) for r in results) for field in Result.__annotations__}
        print(
            f"ingest {kind:10} {which:5}  {best['per_second']:6.0f} requests/s"
            f"  median {best['median_ms']:6.0f} ms  p99 {best['p99_ms']:6.0f} ms  cpu {best['cpu_ms']:5.1f} ms"
        )
    pairs = list(zip(found["ours"], found["naive"], strict=True))
    faster = statistics.median(a.per_second / b.per_second for a, b in pairs)
    calmer = statistics.median(a.p99_ms / b.p99_ms for a, b in pairs)
    print(
        f"ingest {kind:10} ratio  {faster:5.2f} × the requests/s (target ≥ 2), {calmer:5.2f} × the p99 (target ≤ 0.5)"
    )


def main() -> None:
    """Both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    given = parser.parse_args()
    print(f"ingest: {len(recording(1)):,} bytes a request, 20 steps, {CONNECTIONS} connections")
    for kind in given.database or ("sqlite", "postgresql"):
        measure(kind, given.requests, given.rounds)


if __name__ == "__main__":
    main()
