"""`up` as people run it: a real process, on a free port, in a folder of its own."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import pytest

from app.core.config import BACKEND
from tests.servers import free_port

PROGRAM = [sys.executable, "-m", "app.cli"]
PATIENCE = 60.0


def environment(**changes: str) -> dict[str, str]:
    """This environment without settings that a test could have left or a developer could have made."""
    settings = {"DATABASE_URL", "REDIS_URL", "STORAGE_URL", "ANTHROPIC_API_KEY", "LABELER", "PUBLIC_URL", "LOG_FORMAT"}
    return {name: value for name, value in os.environ.items() if name not in settings} | changes


class Up:
    """A running `up`; its lines are objects (`--json`)."""

    def __init__(self, data_dir: Path, port: int, program: str = "app.cli", **changes: str) -> None:
        self.data_dir, self.port = data_dir, port
        self.process = subprocess.Popen(
            [sys.executable, "-m", program, "up", "--json"],
            env=environment(DATA_DIR=str(data_dir), PORT=str(port), HOST="127.0.0.1", **changes),
            cwd=BACKEND,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.seen: list[dict[str, Any]] = []
        self._queue: Queue[dict[str, Any] | None] = Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout:
            for line in self.process.stdout:
                try:
                    self._queue.put(json.loads(line))
                except ValueError:
                    self._queue.put({"event": "unreadable", "text": line})
        self._queue.put(None)

    def wait_for(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next line that is `wanted`."""
        while True:
            try:
                event = self._queue.get(timeout=PATIENCE)
            except Empty:
                event = None
            if event is None:
                pytest.fail(f"up did not say what was waited for; it said: {self.seen}")
            self.seen.append(event)
            if wanted(event):
                return event

    def wait_until_ready(self) -> dict[str, Any]:
        return self.wait_for(lambda event: event["event"] == "ready")

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code


@pytest.fixture
def start_up(tmp_path: Path) -> Iterator[Callable[..., Up]]:
    """Starts `up`, on the same folder each time; what still runs at the end of the test is stopped."""
    started: list[Up] = []

    def start(port: int | None = None, program: str = "app.cli", **changes: str) -> Up:
        started.append(Up(tmp_path / "data", port or free_port(), program, **changes))
        return started[-1]

    yield start
    for up in started:
        if up.process.poll() is None:
            up.stop()
