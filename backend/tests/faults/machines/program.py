"""A program on a machine, that can be killed and started again."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from app.core.config import BACKEND
from benchmarks.processes import children
from tests.faults.machines.network import Network


@dataclass(slots=True)
class Program:
    """`python -m …`, with nothing of ours in its environment but its settings."""

    name: str
    network: Network
    folder: Path
    command: list[str]
    settings: dict[str, str]
    log: Path
    starts: int = 0
    process: "subprocess.Popen[bytes] | None" = field(default=None)

    def start(self) -> None:
        """Returns at once."""
        environment = {
            **{name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "COVERAGE_FILE")},
            **self.settings,
            "DATA_DIR": str(self.folder / self.name / "data"),
            "PYTHONPATH": str(BACKEND),
            "PYTHONWARNINGS": "ignore",
        }
        command = self.network.on(self.name, self.folder, [sys.executable, "-m", *self.command])
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(command, cwd="/", env=environment, stdout=output, stderr=output)
        self.starts += 1

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    def consumes(self) -> bool:
        """Of a worker: it has said so at each of its starts."""
        return self.log.read_text().count(" ready.") == self.starts

    def children(self) -> list[int]:
        """Of a worker: its pool."""
        with suppress(FileNotFoundError):
            return children(self.pid)
        return []

    def kill(self) -> None:
        """-9 for all of it, as when the machine goes."""
        if self.process is None:
            return
        for pid in [*self.children(), self.pid]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(timeout=10)

    def kill_child(self, number: int) -> bool:
        """-9 for one process of the pool; False: there is none just now."""
        pool = self.children()
        if not pool:
            return False
        with suppress(ProcessLookupError):
            os.kill(pool[number % len(pool)], signal.SIGKILL)
        return True
