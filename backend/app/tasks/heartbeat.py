"""Signs of life of workers: a lease in the database that a living worker renews, and a file that it touches.

The row is for whoever asks from anywhere, the file for a probe on the worker's own machine: it needs nothing else.
"""

import socket
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select, update

from app.core import singleton
from app.core.clock import db_now
from app.core.config import Settings
from app.core.db import transaction
from app.core.singleton import NamedLease

PREFIX = "worker:"
RECONCILER = "reconciler"
ENDING = ".alive"
STALE_AFTER_BEATS = 12
"""Three minutes with the default: a worker that is short of processor time must not be taken for dead."""


def beat(worker: str, seconds: float) -> None:
    """This worker is alive, and will say so again within `seconds`."""
    with transaction() as session:
        singleton.hold(session, f"{PREFIX}{worker}"[:60], worker[:64], seconds)


def stop(worker: str) -> None:
    """This worker goes away on purpose."""
    with transaction() as session:
        session.execute(update(NamedLease).where(NamedLease.name == f"{PREFIX}{worker}"[:60]).values(until=db_now(-1)))


def alive() -> list[str]:
    """Names of the workers that gave a sign of life lately."""
    living = select(NamedLease.holder).where(
        NamedLease.name.startswith(PREFIX, autoescape=True), NamedLease.until > db_now()
    )
    with transaction(read_only=True) as session:
        return sorted(session.scalars(living))


def somebody_reconciles() -> bool:
    """Whether a process holds the reconciler's lease."""
    held = select(NamedLease.name).where(NamedLease.name == RECONCILER, NamedLease.until > db_now())
    with transaction(read_only=True) as session:
        return session.scalar(held) is not None


@dataclass(frozen=True, slots=True)
class Sign:
    """A worker's file, and how long ago it was touched."""

    worker: str
    path: Path
    seconds: float
    stale: bool


def file_of(settings: Settings, worker: str) -> Path | None:
    """The file that this worker touches; None: it is switched off."""
    if settings.worker_heartbeat_file == "off":
        return None
    if settings.worker_heartbeat_file:
        return Path(settings.worker_heartbeat_file)
    return settings.data_dir.resolve() / "workers" / f"{worker.replace('/', '_')}{ENDING}"


def signs_here(settings: Settings, worker: str | None = None) -> list[Sign]:
    """The files of this machine's workers, or of one of them."""
    files = file_of(settings, worker or f"*@{socket.gethostname()}")
    if files is None:
        return []
    found = [files] if worker or settings.worker_heartbeat_file else sorted(files.parent.glob(files.name))
    return [_sign(path, settings) for path in found if path.exists()]


def _sign(path: Path, settings: Settings) -> Sign:
    ago = time.time() - path.stat().st_mtime
    stale = ago > STALE_AFTER_BEATS * settings.worker_heartbeat_seconds
    return Sign(path.name.removesuffix(ENDING), path, ago, stale)
