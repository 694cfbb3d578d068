"""One `up` for each data folder: a lock that the system lets go of when its holder dies, and a note of who holds it."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from app.core.errors import AppError, Conflict

LEFTOVERS_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Running:
    """An `up` that runs: its process, where its pages are, and the broker that it uses."""

    pid: int
    url: str
    redis_url: str | None = None

    def shown(self) -> dict[str, Any]:
        """What may be shown: the broker's address holds its secret."""
        return {"pid": self.pid, "url": self.url}


class AlreadyRunning(Conflict):
    """Another "up" runs on this data folder."""


class DataFolderUnusable(AppError):
    """The data folder cannot be made or written to."""


class Lock:
    """The held lock; `note` says to others what runs here."""

    def __init__(self, fd: int) -> None:
        self.fd = fd

    def note(self, running: Running) -> None:
        text = json.dumps(asdict(running)).encode()
        os.ftruncate(self.fd, 0)
        os.pwrite(self.fd, text, 0)


def running(data_dir: Path) -> Running | None:
    """The `up` that runs on this folder, if one does."""
    try:
        fd = os.open(_path(data_dir), os.O_RDONLY)
    except OSError:
        return None  # nobody has run here, or nobody can: whoever starts here is told why
    try:
        return None if _try(fd, fcntl.LOCK_SH) else _read(fd)
    finally:
        os.close(fd)


@contextmanager
def hold(data_dir: Path) -> Iterator[Lock]:
    """Take the folder for this process. Waits while the parts of an `up` that died are still being ended."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        fd = os.open(_path(data_dir), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise DataFolderUnusable(
            f"{data_dir} cannot be used ({error.strerror}): set DATA_DIR to another folder."
        ) from None
    try:
        deadline = time.monotonic() + LEFTOVERS_SECONDS
        while not _try(fd, fcntl.LOCK_EX):
            other = _read(fd)
            if other is not None and _alive(other.pid):
                raise AlreadyRunning(
                    f"It runs already on {data_dir}: process {other.pid}, {other.url}", **other.shown()
                )
            if time.monotonic() > deadline:
                raise AlreadyRunning(f"Another process holds {_path(data_dir)}.")
            time.sleep(0.02)
        yield Lock(fd)
        os.ftruncate(fd, 0)
    finally:
        os.close(fd)


def _path(data_dir: Path) -> Path:
    return data_dir / "up.lock"


def _try(fd: int, kind: int) -> bool:
    try:
        fcntl.flock(fd, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(fd: int) -> Running | None:
    try:
        return Running(**json.loads(os.pread(fd, 10_000, 0)))
    except ValueError:
        return None  # its holder has not written it yet


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
