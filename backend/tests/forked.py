"""`python -m PROGRAM …` as a process of its own, ready in a tenth of a second instead of some.

The process is forked from one that has imported the application and has done nothing else, so nothing of a test is in
it but the environment that it is given. What a test says of starting itself, or of memory, takes `subprocess`.
"""

import atexit
import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload(["tests.preloaded"])


class Forked:
    """A running program, as `subprocess.Popen` shows one."""

    def __init__(self, program: Sequence[str], log: Path, environment: Mapping[str, str]) -> None:
        """Starts it; what it says is added to the file."""
        self.args = list(program)
        self._process = _forking.Process(target=_run, args=(self.args, dict(environment), log))
        self._process.start()
        assert self._process.pid
        self.pid: int = self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        """Its exit code, negative for a signal; None: it runs."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code once it has ended. Raises `subprocess.TimeoutExpired`."""
        self._process.join(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Nothing happens if it has ended."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def run(
    program: Sequence[str], environment: Mapping[str, str], folder: Path, *, timeout: float
) -> subprocess.CompletedProcess[str]:
    """As `subprocess.run` does it, in a folder in which nothing else happens meanwhile. Raises `TimeoutExpired`."""
    output, errors = folder / "forked-output", folder / "forked-errors"
    output.unlink(missing_ok=True)
    errors.unlink(missing_ok=True)
    process = _forking.Process(target=_run, args=(list(program), dict(environment), output, errors, folder))
    process.start()
    process.join(timeout)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise subprocess.TimeoutExpired(list(program), timeout)
    return subprocess.CompletedProcess(list(program), process.exitcode, output.read_text(), errors.read_text())


def _run(
    program: list[str],
    environment: dict[str, str],
    log: Path,
    errors: Path | None = None,
    folder: Path | None = None,
) -> None:
    from app.celery_app import celery_app
    from app.core.config import get_settings
    from app.core.db import forget_engine

    os.environ.clear()
    os.environ.update(environment)
    for stream, path in ((1, log), (2, errors or log)):
        with path.open("ab", buffering=0) as output:
            os.dup2(output.fileno(), stream)
    if folder is not None:
        os.chdir(folder)
    # They are of the environment in which the application was imported.
    get_settings.cache_clear()
    forget_engine()
    broker = get_settings().redis_url
    celery_app.conf.update(broker_url=broker, result_backend=broker)
    sys.argv = program
    try:
        runpy.run_module(program[0], run_name="__main__", alter_sys=True)
    finally:
        atexit._run_exitfuncs()  # which a forked process is not expected to have
