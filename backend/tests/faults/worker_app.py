"""The app of the worker processes of tests: the real one, with the scripted labeler and two tasks that fail."""

import os
from pathlib import Path

from app.celery_app import celery_app
from app.core.errors import AppError
from app.labeling.registry import LABELERS
from tests.labeling.scripted import ScriptedLabeler

FOLDER = Path(os.environ["SCRIPT_FOLDER"])

ScriptedLabeler.model = os.environ.get("SCRIPT_MODEL", ScriptedLabeler.model)
LABELERS["rules"] = lambda _: ScriptedLabeler(FOLDER)


class NeverMind(AppError):
    """This cannot succeed, however often it is tried."""


def _count(name: str) -> None:
    with (FOLDER / name).open("a") as runs:
        runs.write(".")


@celery_app.task(name="tests.fails", retry_backoff=False, default_retry_delay=0)
def fails() -> None:
    """Fails in a way that might pass."""
    _count("fails")
    raise OSError("the network is away")


@celery_app.task(name="tests.fails_for_good")
def fails_for_good() -> None:
    """Fails in a way that does not pass."""
    _count("fails_for_good")
    raise NeverMind
