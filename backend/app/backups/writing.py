"""A file that is there as a whole or not at all."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from app.backups.errors import BackupExists, CannotWriteBackup

NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK}


@contextmanager
def whole_file(path: Path, *, replace: bool) -> Iterator[IO[bytes]]:
    """Written beside under another name, for its owner alone, synced, then renamed; gone again if anything fails."""
    if path.exists() and not replace:
        raise BackupExists(f"{path} is there already: choose another name, or give --force.")
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _name(part, path, replace=replace)
        _sync(path.parent)
    except FileExistsError:
        raise BackupExists(f"{path} has appeared meanwhile: choose another name, or give --force.") from None
    except OSError as error:
        raise CannotWriteBackup(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)


def _name(part: Path, path: Path, *, replace: bool) -> None:
    if replace:
        part.replace(path)
        return
    try:
        path.hardlink_to(part)  # unlike a rename, never over a file that is there
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        part.rename(path)


def _sync(folder: Path) -> None:
    """Make the folder's list of names durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
