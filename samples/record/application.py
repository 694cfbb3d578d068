"""A Django application on a free port of the loopback interface, for as long as it is recorded."""

import contextlib
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

START_SECONDS = 60


@contextlib.contextmanager
def running(python: Path, site: Path) -> Iterator[str]:
    """Its address. `site` holds its `manage.py`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    command: list[str | Path] = [python, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    with (site / "server.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=site, stdout=log, stderr=log)
    try:
        _await(f"{origin}/admin/login/", server)
        yield origin
    finally:
        server.terminate()
        server.wait()


def stay_here(page: Page, origin: str) -> None:
    """Nothing is fetched from outside this machine."""
    page.route(lambda address: not address.startswith((origin, "data:")), lambda route: route.abort())


def _await(address: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(address, timeout=START_SECONDS).close()
            return
        time.sleep(0.2)
    raise SystemExit(f"The application did not start within {START_SECONDS} s.")
