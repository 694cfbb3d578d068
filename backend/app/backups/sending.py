"""A backup on its way to a browser: written at the disk's speed, sent at the reader's, gone with whoever needs it last.

It is written into a file without a name, in a thread; the reader follows it there. So the database's snapshot is not
held open for a slow line, the answer begins at once, and nothing is left behind, whatever dies.
"""

import contextvars
import os
import tempfile
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import Actor
from app.accounts.models import BACKUP_FAILED, BACKUP_TAKEN, AuditEvent
from app.accounts.permissions import require
from app.backups import taking
from app.backups.errors import CannotWriteBackup
from app.core.db import transaction
from app.core.errors import AppError

log = structlog.get_logger(__name__)

PIECE_BYTES = 256_000


class _ReaderGone(Exception):
    """Nobody wants it any more."""


class Stream:
    """The bytes of a backup, to be iterated over once."""

    def __init__(self, actor: Actor, folder: Path, *, allow_missing: bool = False) -> None:
        """Begins, and waits for the first bytes. Raises what makes a backup impossible, such as PicturesHeld."""
        require(actor, "admin")
        self._actor = actor
        self._news = threading.Condition()
        self._written, self._over, self._wanted = 0, False, True
        self._error: BaseException | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by the thread that writes it
        except OSError as error:
            raise CannotWriteBackup(f"There is no room for it in {folder}: {error.strerror or error}.") from error
        self._reader = os.fdopen(os.dup(file.fileno()), "rb", buffering=0)
        work = partial(contextvars.copy_context().run, self._write, file, folder, allow_missing=allow_missing)
        threading.Thread(target=work, name="backup", daemon=True).start()
        with self._news:
            self._news.wait_for(lambda: self._written or self._over)
        if self._error is not None and not self._written:
            self._reader.close()
            raise self._error

    def __iter__(self) -> Iterator[bytes]:
        """Raises in the middle if it cannot be finished, so that the reader sees that it is cut off."""
        sent = 0
        try:
            while sent < (end := self._wait_beyond(sent)):
                while sent < end:
                    piece = os.pread(self._reader.fileno(), min(PIECE_BYTES, end - sent), sent)
                    sent += len(piece)
                    yield piece
            if self._error is not None:
                raise self._error
        finally:
            self._wanted = False
            self._reader.close()

    def _wait_beyond(self, sent: int) -> int:
        with self._news:
            self._news.wait_for(lambda: self._written > sent or self._over)
            return self._written

    def _write(self, file: IO[bytes], folder: Path, *, allow_missing: bool) -> None:
        try:
            with file:
                show = partial(self._tell, file)
                taken = taking.write(file, folder, show, allow_missing=allow_missing, patiently=False)
                self._tell(file)
                size = self._written
            self._note(BACKUP_TAKEN, bytes=size, rows=taken.rows, pictures=taken.pictures)
        except Exception as error:  # noqa: BLE001 - the reader's to raise
            self._failed(error)
        finally:
            with self._news:
                self._over = True
                self._news.notify_all()

    def _failed(self, error: Exception) -> None:
        words = error.detail if isinstance(error, AppError) else type(error).__name__
        if isinstance(error, OSError):
            error = CannotWriteBackup(f"The backup cannot be written: {error.strerror or error}.")
            words = error.detail
        if isinstance(error, _ReaderGone):
            words = "The download was broken off."
        log.warning("backup_not_sent", error=type(error).__name__)
        self._error = error
        self._note(BACKUP_FAILED, why=words)

    def _tell(self, file: IO[bytes], *_: object) -> None:
        if not self._wanted:
            raise _ReaderGone
        file.flush()
        with self._news:
            self._written = file.tell()
            self._news.notify_all()

    def _note(self, action: str, **facts: Any) -> None:
        with transaction() as session:
            audit.record(session, self._actor, action, None, **facts)


def last(session: Session, actor: Actor) -> AuditEvent | None:
    """The last backup that was sent, or failed to be."""
    require(actor, "admin")
    of_backups = AuditEvent.action.in_((BACKUP_TAKEN, BACKUP_FAILED))
    return session.scalar(select(AuditEvent).where(of_backups).order_by(AuditEvent.id.desc()).limit(1))
