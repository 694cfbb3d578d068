"""How much memory everything takes when it rests, beside the smallest FastAPI and Celery there can be.

    python -m benchmarks.memory

Proportional set size (PSS): what several processes share is counted once. API, worker with five children and Valkey,
started as `up` starts them; SQLite, rules only; after every child has labelled a workflow. Linux only.
"""

import argparse
import json
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from benchmarks import report, services
from benchmarks.ingest import recording
from benchmarks.processes import children, megabytes
from benchmarks.report import Row

AIM_MB = 400
CHILDREN = 5
TASKS = 4 * CHILDREN
REST_SECONDS = 3
PARTS = ("API", "worker", f"its {CHILDREN} children", "Valkey")


def ours(folder: Path, redis_url: str, stack: ExitStack) -> dict[str, float]:
    """Megabytes of each of our parts."""
    with services.database("sqlite", folder) as database_url:
        environment = services.environment(folder, redis_url, database_url)
    token = services.first_token(environment)
    server = stack.enter_context(services.server("app.main:app", environment, folder / "api.log"))
    options = ("--queues", "celery,ai_labeling")
    worker = stack.enter_context(services.worker("app.celery_app", environment, folder / "worker.log", *options))

    def label(number: int) -> None:
        workflow = _call(server.port, "/api/v1/workflows", token, recording(number))
        while _call(server.port, f"/api/v1/workflows/{workflow['id']}", token)["labeling"]["state"] != "succeeded":
            time.sleep(0.05)

    return _weigh(server.pid, worker.pid, redis_url, label)


def smallest(folder: Path, redis_url: str, stack: ExitStack) -> dict[str, float]:
    """Megabytes of the parts of `benchmarks.hello`."""
    environment = {"REDIS_URL": redis_url}
    server = stack.enter_context(services.server("benchmarks.hello:web", environment, folder / "api.log"))
    worker = stack.enter_context(services.worker("benchmarks.hello:celery", environment, folder / "worker.log"))
    return _weigh(server.pid, worker.pid, redis_url, lambda _: _call(server.port, "/work", "", b""))


def _weigh(api: int, worker: int, redis_url: str, work: Callable[[int], object]) -> dict[str, float]:
    for number in range(TASKS):
        work(number)
    time.sleep(REST_SECONDS)
    pool = children(worker)
    assert len(pool) == CHILDREN, pool
    weights = (megabytes(api), megabytes(worker), sum(megabytes(child) for child in pool))
    return dict(zip(PARTS, (*weights, megabytes(_server_of(redis_url))), strict=True))


def _server_of(redis_url: str) -> int:
    import redis

    with redis.Redis.from_url(redis_url) as client:
        return int(client.info("server")["process_id"])


def _call(port: int, path: str, token: str, body: bytes | None = None) -> dict[str, dict[str, str]]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", body, headers)
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our own address
        content: dict[str, dict[str, str]] = json.loads(answer.read())
        return content


def measure(_: argparse.Namespace) -> list[Row]:
    """One after the other, so that neither lightens the other by what both share."""
    found = []
    for weigh in (ours, smallest):
        with tempfile.TemporaryDirectory(prefix="wp-memory-") as name, ExitStack() as stack:
            folder = Path(name)
            redis_url = stack.enter_context(services.valkey(folder / "valkey"))
            found.append(weigh(folder, redis_url, stack))
    mine, theirs = found
    rows = [Row(f"memory: {part}", mine[part], "MB", theirs[part]) for part in PARTS]
    total = Row("memory: all", sum(mine.values()), "MB", sum(theirs.values()), at_most=AIM_MB, of="ours")
    return [*rows, total]


def main() -> None:
    """Ours, then the smallest."""
    report.run(measure, report.parser(__doc__).parse_args())


if __name__ == "__main__":
    main()
