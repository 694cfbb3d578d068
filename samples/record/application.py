"""An application that is recorded: installed into a temporary folder, run on the loopback interface, gone afterwards.

What a person does in it is in the script of the application; what a step is, the recorder finds out by itself.
"""

import argparse
import contextlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from app.browser import record
from playwright.sync_api import Page, expect, sync_playwright

START_SECONDS = 90
ACTION_MILLISECONDS = 30_000
HERE = Path(__file__).resolve().parent

Work = Callable[[Page], None]


def options(description: str | None) -> argparse.Namespace:
    """What every script takes."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="the zip to write")
    parser.add_argument("--chromium", default="/usr/bin/chromium", help="the browser's program")
    return parser.parse_args()


def install(folder: Path, *requirements: str) -> Path:
    """A virtual environment in `folder` with these packages; its Python."""
    uv = shutil.which("uv") or str(HERE.parents[1] / ".tools" / "bin" / "uv")
    python = folder / "bin" / "python"
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
    subprocess.run([uv, "pip", "install", "--quiet", "--python", str(python), *requirements], check=True)
    return python


def free_port() -> int:
    """One of the loopback interface."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def running(command: Sequence[str | Path], folder: Path, address: str | None = None) -> Iterator[None]:
    """A server in `folder`, from when `address` answers; its output goes into `server.log` there."""
    with (folder / "server.log").open("ab") as log:
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        if address is not None:
            _await(address, server)
        yield
    finally:
        server.terminate()
        server.wait()


def write(name: str, origin: str, given: argparse.Namespace, perform: Work, before: Work | None = None) -> None:
    """Do the task and write what was recorded; what comes `before` it is not recorded."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=given.chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 720}, locale="en-US", timezone_id="UTC")
        page.set_default_timeout(ACTION_MILLISECONDS)
        expect.set_options(timeout=ACTION_MILLISECONDS)
        _stay_here(page, origin)
        if before is not None:
            before(page)
        with record(page, name) as recording:
            perform(page)
        recording.save(given.out)
        browser.close()
    sys.stdout.write(f"{given.out}: {len(recording.steps)} steps, {given.out.stat().st_size // 1024} KB\n")
    for warning in recording.warnings:
        sys.stdout.write(f"  {warning}\n")


def _stay_here(page: Page, origin: str) -> None:
    """Nothing is fetched from outside this machine."""
    inside = (origin, "data:", "blob:")
    page.route(lambda address: not address.startswith(inside), lambda route: route.abort())


def _await(address: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(address, timeout=START_SECONDS).close()
            return
        time.sleep(0.2)
    raise SystemExit(f"The application did not start within {START_SECONDS} s.")
