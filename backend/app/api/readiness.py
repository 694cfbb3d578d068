"""The parts that this server needs, all asked at once and within a bounded time, whatever hangs."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import redis
import structlog
from pydantic import BaseModel
from sqlalchemy import text

from app.core import asking, migrations
from app.core.config import get_settings
from app.core.db import get_engine, transaction
from app.core.errors import AppError
from app.storage.store import get_store
from app.tasks import heartbeat

log = structlog.get_logger(__name__)

NEEDED = ("database", "migrations", "storage")
PATIENCE_SECONDS = 4.0
REDIS_TIMEOUT_SECONDS = 2


class Part(BaseModel):
    """State of one part; `detail` says what is wrong and what to do."""

    state: Literal["ok", "down"]
    detail: str | None = None


def look() -> dict[str, Part]:
    """Ask every part; an error is an answer too."""
    return parts(asking.all_of(QUESTIONS, PATIENCE_SECONDS))


def parts(answers: Mapping[str, Any]) -> dict[str, Part]:
    """What the answers to QUESTIONS, which may be among others, say."""
    return {name: _part(name, answers[name]) for name in QUESTIONS}


def _part(name: str, answer: object) -> Part:
    if isinstance(answer, NoWorker | NoReconciler | WrongVersion):
        return Part(state="down", detail=answer.detail)
    if isinstance(answer, Exception):
        # The answer is for everyone: the error's name, not its words, which may hold addresses. The log has them.
        log.warning("part_down", part=name, error=str(answer) or type(answer).__name__)
        return Part(state="down", detail=f"{type(answer).__name__}; `workflow-platform doctor` says more.")
    return Part(state="ok", detail=answer if isinstance(answer, str) else None)


def _ask_database() -> None:
    with transaction(read_only=True) as session:
        session.execute(text("SELECT 1"))


class WrongVersion(AppError):
    """The database is older than this program."""


def _ask_migrations() -> str:
    """A newer database serves an older program, too: so both run while a deploy is under way."""
    has, wants = migrations.current(get_engine()), migrations.newest()
    if has is None or has < wants:
        raise WrongVersion(f"The database is at {has}, this program needs {wants}: run `workflow-platform migrate`.")
    return f"{has}; this program is older: {wants}" if has > wants else has


def _ask_broker() -> None:
    with redis.Redis.from_url(
        get_settings().redis_url,
        socket_timeout=REDIS_TIMEOUT_SECONDS,
        socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
    ) as client:
        client.ping()


def _ask_storage() -> None:
    get_store().check()


class NoWorker(AppError):
    """No worker has given a sign of life lately: start one with `celery -A app.celery_app worker`."""


def _ask_worker() -> str:
    alive = heartbeat.alive()
    if not alive:
        raise NoWorker
    return f"{len(alive)} alive"


class NoReconciler(AppError):
    """Nobody repairs the queue: its thread, in the API, workers and beat, has not been at work lately."""


def _ask_reconciler() -> None:
    if not heartbeat.somebody_reconciles():
        raise NoReconciler


QUESTIONS: dict[str, Callable[[], Any]] = {
    "database": _ask_database,
    "migrations": _ask_migrations,
    "broker": _ask_broker,
    "storage": _ask_storage,
    "worker": _ask_worker,
    "reconciler": _ask_reconciler,
}
