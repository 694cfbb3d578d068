"""The application as a server process of its own, and free ports."""

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.error import URLError

import pytest

from tests.forked import Forked

PATIENCE_SECONDS = 60
STOP_SECONDS = 10
"""Longer than an answer takes; a stream of events that somebody still reads would keep the server from ending."""

SERVER = ("uvicorn", "--factory", "tests.applications:application")


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
    process = Forked([*SERVER, "--port", str(port)], log, {**os.environ, "HOST": "127.0.0.1", "PORT": str(port)})
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not answers(f"{address}/health/live"):
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.02)
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"The server did not start:\n{log.read_text()}")
        yield address
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(STOP_SECONDS)


def answers(url: str) -> bool:
    """Whether a server of a test answers there, and well."""
    with suppress(URLError, ConnectionError), urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own
        return True
    return False
