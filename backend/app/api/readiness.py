"""The parts that this server needs, each asked within a bounded time."""

from collections.abc import Callable
from typing import Literal

import redis
import structlog
from pydantic import BaseModel
from sqlalchemy import text

from app.core.config import get_settings
from app.core.db import transaction
from app.core.errors import AppError
from app.storage.store import get_store
from app.tasks import heartbeat

log = structlog.get_logger(__name__)

NEEDED = ("database", "storage")
REDIS_TIMEOUT_SECONDS = 2


class Part(BaseModel):
    """State of one part; `detail` says what is wrong and what to do."""

    state: Literal["ok", "down"]
    detail: str | None = None


def look() -> dict[str, Part]:
    """Ask every part; an error is an answer too."""
    asked: dict[str, Callable[[], None]] = {
        "database": _ask_database,
        "broker": _ask_broker,
        "storage": _ask_storage,
        "worker": _ask_worker,
    }
    return {name: _answer(ask) for name, ask in asked.items()}


def _answer(ask: Callable[[], None]) -> Part:
    try:
        ask()
    except NoWorker as error:
        return Part(state="down", detail=error.detail)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong is what this reports
        # The answer is for everyone: the error's name, not its words, which may hold addresses. The log has them.
        log.warning("part_down", error=str(error))
        return Part(state="down", detail=f"{type(error).__name__}; `workflow-platform doctor` says more.")
    return Part(state="ok")


def _ask_database() -> None:
    with transaction(read_only=True) as session:
        session.execute(text("SELECT 1"))


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


def _ask_worker() -> None:
    if not heartbeat.alive():
        raise NoWorker
