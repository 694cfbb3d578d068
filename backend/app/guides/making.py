"""Makes an export that was queued: claim, read, write into a file, keep it in the store, finish.

No transaction is open while a file is made. A worker that lost its claim finds out when it says how far it is, and
stops.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import IO
from zipfile import ZIP_STORED, ZipFile

import structlog

from app.accounts import users
from app.accounts.actor import Actor, of_user
from app.core.clock import now
from app.core.db import transaction
from app.core.errors import AppError
from app.core.secret_tokens import new_id
from app.guides import jobs, service
from app.guides.bundle import entry
from app.guides.export import Export
from app.guides.jobs import Claim
from app.storage.store import get_store
from app.workflows.errors import WorkflowNotFound

log = structlog.get_logger(__name__)

SAY_EVERY_SECONDS = 0.7
TOOK_TOO_LONG = "It took longer than a worker may take. Export fewer workflows at once."
NOT_ANY_MORE = "There is nothing to export: the workflows are gone, or you may not see them any more."


class TakenOver(Exception):
    """Another worker makes this export."""


@dataclass(slots=True)
class _Progress:
    """Pictures and files done, written down now and then."""

    mine: Claim
    total: int = 0
    done: int = 0
    said: float = field(default=0.0)

    def step(self) -> None:
        self.done += 1
        if time.monotonic() - self.said >= SAY_EVERY_SECONDS:
            self.say()

    def say(self) -> None:
        self.said = time.monotonic()
        with transaction(durable=False) as session:
            if not jobs.advance(session, self.mine, done=min(self.done, self.total), total=self.total):
                raise TakenOver


def make(job_id: int, *, interruptions: tuple[type[BaseException], ...] = ()) -> None:
    """Make the export, unless it is over or somebody is at it. `interruptions`: what ends a task that takes long."""
    with transaction() as session:
        mine = jobs.claim(session, job_id)
    if mine is None:
        return
    try:
        _make(mine)
    except TakenOver:
        log.warning("export_taken_over", export_id=job_id)
    except interruptions:
        _fail(mine, TOOK_TOO_LONG)
    except Exception as error:
        if not isinstance(error, AppError) or error.status_code >= 500:
            with transaction() as session:
                jobs.release(session, mine)
            raise
        _fail(mine, error.detail)


def _make(mine: Claim) -> None:
    progress = _Progress(mine)
    exports = _prepared(mine, progress.step)
    if not exports:
        _fail(mine, NOT_ANY_MORE)
        return
    progress.total = sum(export.pictures + 1 for export in exports)
    progress.say()
    with TemporaryFile() as made:
        if len(mine.workflow_ids) == 1:
            (export,) = exports
            filename, media_type = export.filename, export.media_type
            _pour(export.data, made)
        else:
            filename, media_type = f"guides-{now():%Y-%m-%d}-{mine.format}.zip", "application/zip"
            _zip(exports, made, progress.step)
        made.seek(0)
        key = f"{jobs.PREFIX}{mine.job_id}-{new_id()}"
        get_store().put(key, made.read())
    with transaction() as session:
        finished = jobs.finish(session, mine, blob=key, filename=filename, media_type=media_type)
    if not finished:
        get_store().delete(key)
        raise TakenOver
    log.info("export_made", export_id=mine.job_id, workflows=len(exports), format=mine.format)


def _prepared(mine: Claim, told: Callable[[], None]) -> list[Export]:
    """What can be exported still, as the person who asked may see it now."""
    found = []
    for workflow_id in mine.workflow_ids:
        with transaction(read_only=True) as session:
            user = users.get(session, mine.user_id)
            if user.disabled_at is not None:
                return []
            actor: Actor = of_user(user)
            try:
                found.append(service.prepare(session, workflow_id, actor, mine.format, told=told))
            except WorkflowNotFound:
                continue
    return found


def _zip(exports: Sequence[Export], into: IO[bytes], told: Callable[[], None]) -> None:
    """One file for each, none of them twice under one name."""
    names: set[str] = set()
    with ZipFile(into, "w") as archive:
        for export in exports:
            stem, dot, ending = export.filename.partition(".")
            name, count = export.filename, 1
            while name.casefold() in names:
                count += 1
                name = f"{stem}-{count}{dot}{ending}"
            names.add(name.casefold())
            with archive.open(entry(name, ZIP_STORED), "w", force_zip64=True) as part:
                _pour(export.data, part)
            told()


def _pour(pieces: Iterator[bytes], into: IO[bytes]) -> None:
    for piece in pieces:
        into.write(piece)


def _fail(mine: Claim, problem: str) -> None:
    with transaction() as session:
        jobs.fail(session, mine, problem)
    log.warning("export_failed", export_id=mine.job_id, format=mine.format)
