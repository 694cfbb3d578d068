"""What a refusal looks like from outside and inside, and how several callers come at once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2 as httpx
from sqlalchemy import func, select

from app.core.config import Settings
from app.core.db import transaction
from app.labeling.models import LabelingRun
from app.storage.models import Screenshot
from app.workflows.models import Label, Step, Workflow

TABLES = (Workflow, Step, Label, LabelingRun, Screenshot)


def kept(settings: Settings) -> tuple[dict[str, int], list[Path]]:
    """Rows of each table, and files of the store."""
    with transaction(read_only=True) as session:
        rows = {table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES}
    return rows, sorted(path for path in (settings.data_dir / "screenshots").rglob("*") if path.is_file())


NOTHING: tuple[dict[str, int], list[Path]] = (dict.fromkeys((table.__tablename__ for table in TABLES), 0), [])


def assert_refused(answer: httpx.Response, status: int, *words: str) -> None:
    assert answer.status_code == status, answer.text[:500]
    for word in words:
        assert word in answer.json()["detail"], answer.json()["detail"]


def raw(text: str | bytes) -> dict[str, Any]:
    return {"content": text, "headers": {"Content-Type": "application/json"}}


def at_once(count: int, work: Callable[[int], httpx.Response]) -> list[httpx.Response]:
    """What `count` threads get that all start at the same moment."""
    gate = threading.Barrier(count)

    def one(number: int) -> httpx.Response:
        gate.wait(10)
        return work(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(one, range(count)))
