"""Running commands of a document as a person would, against parts that run."""

import os
import re
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, Queue

from app.core.config import BACKEND
from tests.operations.blocks import Block
from tests.servers import free_port

PATIENCE = 90.0
STOPS_WITHIN = 330.0
"""As long as the units and the containers of `deploy/` wait for a worker before they kill it."""
PATIENT_TRIES = 3
DOCTEST = """
import doctest, sys
sys.exit(doctest.testfile(sys.argv[1], module_relative=False, optionflags=doctest.ELLIPSIS).failed > 0)
"""


class Failed(Exception):
    """A command of the document does not do what the document says."""


def mismatch(output: str, expected: list[str]) -> str | None:
    """The first of the expected texts that the output does not have after those before it."""
    position = 0
    for words in expected:
        found = output.find(words, position)
        if found < 0:
            return words
        position = found + len(words)
    return None


class Shell:
    """A person's shell: an environment, a folder for files, and the port that stands for the API's in the document."""

    def __init__(self, environment: dict[str, str], port: int, folder: Path) -> None:
        self.folder = folder
        self._environment = environment
        self._port = port

    def run(self, block: Block) -> None:
        """Raises `Failed` unless the block does what it says."""
        match block.kind:
            case "shell":
                self._commands(block)
            case "python":
                self._session(block)
            case "server":
                self.serve(shlex.split(block.text), block.says)

    def serve(self, command: Sequence[str], says: str) -> None:
        """Start it on a free port, wait until it says that it runs, and stop it as a service manager does.

        It says all it can: that beat has begun is told to those alone who debug it.
        """
        command = [re.sub(r"\b(?:8000|5555)$", str(free_port()), word) for word in command]
        surroundings = self._environment | {"LOG_LEVEL": "debug", "PYTHONFAULTHANDLER": "1"}
        with running(command, surroundings) as (process, lines):
            wait_for(says, lines, command)
            process.terminate()
            code = end(process, lines)
        if code not in {0, -signal.SIGTERM}:
            raise Failed(f"{command} ended with {code}")

    def _commands(self, block: Block) -> None:
        # `inspect` waits a second for answers; on a machine that is busy with other tests that may be too short.
        for _ in range(PATIENT_TRIES if " inspect " in block.text else 1):
            done = self._call(["bash", "-euo", "pipefail", "-c", block.text.replace(":8000/", f":{self._port}/")])
            missing = mismatch(done.stdout, block.expected)
            if not done.returncode and not missing:
                return
        why = f"does not print {missing!r}" if missing else f"ends with {done.returncode}"
        raise Failed(f"{why}:\n{block.text}\nIt printed:\n{done.stdout}")

    def _session(self, block: Block) -> None:
        path = self.folder / f"session-{block.line}.txt"
        path.write_text(block.text, "utf-8")
        done = self._call([sys.executable, "-c", DOCTEST, str(path)])
        if done.returncode:
            raise Failed(done.stdout)

    def _call(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=BACKEND,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=PATIENCE,
        )


@contextmanager
def running(
    command: list[str], environment: dict[str, str]
) -> "Iterator[tuple[subprocess.Popen[str], Queue[str | None]]]":
    """A process and the lines that it prints; None: there will be no more. It is gone afterwards, children and all."""
    process = subprocess.Popen(
        command,
        cwd=BACKEND,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    lines: Queue[str | None] = Queue()
    reader = threading.Thread(target=_read, args=[process, lines], daemon=True)
    reader.start()
    try:
        yield process, lines
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)
        reader.join(PATIENCE)


def end(process: "subprocess.Popen[str]", lines: "Queue[str | None]") -> int:
    """The code with which it ends; `Failed`, with what it printed and where all its processes stand, if it does not."""
    try:
        return process.wait(STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGABRT)  # `PYTHONFAULTHANDLER` prints every thread's stack
        process.wait(PATIENCE)
        printed = "".join(iter(lambda: lines.get(timeout=PATIENCE), None))
        raise Failed(f"{process.args!r} does not end within {STOPS_WITHIN:.0f} s; it said:\n{printed}") from None


def _read(process: subprocess.Popen[str], lines: "Queue[str | None]") -> None:
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            lines.put(line)
    lines.put(None)


def wait_for(says: str, lines: "Queue[str | None]", command: Sequence[str]) -> None:
    seen: list[str] = []
    while True:
        try:
            line = lines.get(timeout=PATIENCE)
        except Empty:
            line = None
        if line is None:
            raise Failed(f"{command} did not say {says!r}; it said:\n{''.join(seen)}")
        seen.append(line)
        if says in line:
            return
