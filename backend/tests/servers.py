"""The application as a server process of its own, ready in a tenth of a second.

The process is forked from one that has imported the application and has done nothing else, so nothing of a test is in
it but the environment that it is given.
"""

import multiprocessing
import os
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.error import URLError

import pytest

PATIENCE_SECONDS = 60
STOP_SECONDS = 10
"""Longer than an answer takes; a stream of events that somebody still reads would keep the server from ending."""

_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload(["tests.servers_preloaded"])


def free_port(host: str = "127.0.0.1") -> int:
    """One that nobody listened on a moment ago."""
    with closing(socket.socket()) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(log: Path) -> Iterator[str]:
    """Address of a server with this process's settings; what it says goes into the file.

    Fails when the server does not start. It is stopped like any other, by SIGTERM.
    """
    port = free_port()
    environment = {**os.environ, "HOST": "127.0.0.1", "PORT": str(port)}
    process = _forking.Process(target=_serve, args=(environment, port, log))
    process.start()
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not answers(f"{address}/health/live"):
            process.join(0.02)
            if process.exitcode is not None or time.monotonic() > deadline:
                pytest.fail(f"The server did not start:\n{log.read_text()}")
        yield address
    finally:
        process.terminate()
        process.join(STOP_SECONDS)
        if process.exitcode is None:
            process.kill()
            process.join(STOP_SECONDS)
        process.close()


def answers(url: str) -> bool:
    """Whether a server of a test answers there, and well."""
    with suppress(URLError, ConnectionError), urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own
        return True
    return False


def _serve(environment: dict[str, str], port: int, log: Path) -> None:
    import uvicorn

    from app.celery_app import celery_app
    from app.core.config import get_settings
    from app.core.db import get_engine
    from app.main import create_app

    os.environ.clear()
    os.environ.update(environment)
    with log.open("ab", buffering=0) as output:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(output.fileno(), stream.fileno())
    get_settings.cache_clear()
    get_engine.cache_clear()
    broker = get_settings().redis_url
    celery_app.conf.update(broker_url=broker, result_backend=broker)
    uvicorn.run(create_app(), host="127.0.0.1", port=port)
