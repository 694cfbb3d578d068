"""Pictures in a folder, written so that a power cut leaves a whole file or none."""

import errno
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from app.core.room import is_full
from app.storage.store import (
    Blob,
    BlobNotFound,
    StorageFull,
    StorageReadOnly,
    StorageUnavailable,
    probe,
    valid_key,
    valid_prefix,
)

READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
ABANDONED_SECONDS = 86_400


class FileStore:
    """A `BlobStore` in a folder of this machine, or of a network file system."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / ".incoming"

    def put(self, key: str, data: bytes) -> None:
        """Written beside, synced, renamed; the folders are synced too, or a power cut could lose the name."""
        path = self._path(key)
        with _own_errors(writing=True):
            _with_folder(self._incoming, self._sweep)
            written = self._incoming / secrets.token_hex(16)
            try:
                with written.open("xb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                _with_folder(path.parent, lambda: written.replace(path))
                with suppress(FileNotFoundError):  # deleted again by another thread, with its folder
                    _sync(path.parent)
            except BaseException:
                with suppress(OSError):
                    written.unlink(missing_ok=True)
                raise

    def get(self, key: str) -> bytes:
        with _own_errors():
            try:
                return self._path(key).read_bytes()
            except FileNotFoundError as error:
                raise BlobNotFound from error

    def exists(self, key: str) -> bool:
        with _own_errors():
            return self._path(key).is_file()

    def delete(self, key: str) -> None:
        path = self._path(key)
        with _own_errors():
            path.unlink(missing_ok=True)
        with suppress(OSError):
            path.parent.rmdir()  # succeeds only for an empty folder, and is no loss if it fails

    def list(self, prefix: str = "") -> Iterator[Blob]:
        top = self._folder / valid_prefix(prefix) if prefix else self._folder
        with _own_errors():
            for folder, subfolders, names in os.walk(top):
                subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
                for name in sorted(names):
                    path = Path(folder, name)
                    with suppress(FileNotFoundError):
                        modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                        yield Blob(path.relative_to(self._folder).as_posix(), modified)

    def delete_prefix(self, prefix: str) -> None:
        valid_prefix(prefix)
        for blob in self.list(prefix):
            self.delete(blob.key)

    def check(self) -> None:
        probe(self)

    def _path(self, key: str) -> Path:
        return self._folder / valid_key(key)

    def _sweep(self) -> None:
        """Throw away what a killed process left half-written."""
        for left in self._incoming.iterdir():
            with suppress(FileNotFoundError):
                if left.stat().st_mtime < time.time() - ABANDONED_SECONDS:
                    left.unlink()


@contextmanager
def _own_errors(*, writing: bool = False) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if is_full(error):
            raise StorageFull from error
        if writing and error.errno in READ_ONLY:
            raise StorageReadOnly from error
        raise StorageUnavailable(
            f"The screenshot store's folder cannot be used ({error.strerror}). "
            "`workflow-platform doctor` says what is wrong."
        ) from error


def _with_folder(folder: Path, action: Callable[[], object]) -> None:
    """Do what needs the folder; make it first, again if it was empty and a delete took it away in between."""
    for _ in range(10):
        with suppress(FileNotFoundError):
            _make(folder)
            action()
            return
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))


def _make(folder: Path) -> None:
    if folder.is_dir():
        return
    _make(folder.parent)
    try:
        folder.mkdir()
    except FileExistsError:  # another thread was faster; it may be gone again by now
        if folder.exists() and not folder.is_dir():
            raise
    _sync(folder.parent)


def _sync(folder: Path) -> None:
    """Make the folder's list of names durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
