"""A part: a program that is kept running, in a process group of its own so that Ctrl-C reaches it through us alone."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from app.commands.up import leash

FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 30.0
SETTLED_SECONDS = 60.0


class Leash:
    """The process that ends every part if this one is killed."""

    def __init__(self, lock_fd: int) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own file
            [sys.executable, "-S", "-E", str(Path(leash.__file__))],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[lock_fd],
            start_new_session=True,
            bufsize=0,
        )
        self._lock = threading.Lock()

    def tell(self, sign: str, group: int) -> None:
        with self._lock:
            assert self._process.stdin is not None  # noqa: S101 - it was asked for above
            self._process.stdin.write(f"{sign}{group}\n".encode())

    def close(self) -> None:
        """Let it end; what is still on its list is stopped."""
        self._process.communicate()


class Part:
    """One program: started, its lines passed on, started again when it ends, stopped when asked."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        leash: Leash,
        on_line: Callable[[str], None],
        on_end: Callable[[int, float | None], None],
        stop_seconds: float,
        once: bool = False,
    ) -> None:
        """`on_end` gets the exit code and the seconds until the next start (None: there is none)."""
        self.name = name
        self._command = command
        self._leash = leash
        self._on_line = on_line
        self._on_end = on_end
        self._stop_seconds = stop_seconds
        self._once = once
        self._stopping = threading.Event()
        self._starting = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._thread = threading.Thread(target=self._keep_running, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Send SIGTERM; the program finishes what it has begun."""
        with self._starting:
            self._stopping.set()
            if self._process is not None:
                self._process.terminate()

    def wait(self, *, is_urgent: Callable[[], bool]) -> None:
        """Wait until it has ended; it is killed when its time is over, or once `is_urgent`."""
        deadline = time.monotonic() + self._stop_seconds
        while self._thread.is_alive():
            if self._process is not None and (time.monotonic() > deadline or is_urgent()):
                leash.send(self._process.pid, signal.SIGKILL)
                self._thread.join()
            self._thread.join(0.1)

    def _keep_running(self) -> None:
        delay = FIRST_DELAY_SECONDS
        while (process := self._spawn()) is not None:
            started = time.monotonic()
            code = self._follow(process)
            if time.monotonic() - started > SETTLED_SECONDS:
                delay = FIRST_DELAY_SECONDS
            last = self._once or self._stopping.is_set()
            self._on_end(code, None if last else delay)
            if last or self._stopping.wait(delay):
                return
            delay = min(2 * delay, LONGEST_DELAY_SECONDS)

    def _spawn(self) -> "subprocess.Popen[str] | None":
        with self._starting:
            if self._stopping.is_set():
                return None
            self._process = subprocess.Popen(  # noqa: S603 - our own command lines
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                start_new_session=True,
            )
            self._leash.tell("+", self._process.pid)
            return self._process

    def _follow(self, process: "subprocess.Popen[str]") -> int:
        reader = threading.Thread(target=self._read, args=[process], daemon=True)
        reader.start()
        code = process.wait()
        leash.send(process.pid, signal.SIGKILL)  # what a killed program left behind: it would hold the pipe open
        self._leash.tell("-", process.pid)
        reader.join()
        return code

    def _read(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None  # noqa: S101 - it was asked for above
        with process.stdout:
            for line in process.stdout:
                self._on_line(line.rstrip())
