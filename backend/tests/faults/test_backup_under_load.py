"""A backup that is taken while people upload and delete and a worker labels, and what comes out of it."""

import threading
from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import select

from app.accounts.actor import Actor
from app.backups.restoring import restore
from app.backups.taking import take
from app.core.clock import now
from app.core.db import transaction
from app.labeling.models import ACTIVE, LabelingRun, RunState
from app.main import create_app
from app.storage.models import Screenshot
from app.storage.store import get_store
from app.tasks.cleaning import clean_up
from app.workflows.models import Workflow
from tests.api.bodies import picture, recording, step
from tests.api.callers import Caller, bearer
from tests.backups.conftest import NewInstance, new_instance  # noqa: F401 - a fixture
from tests.backups.content import nothing
from tests.conftest import KINDS
from tests.services import StartWorker, wait_until

BEFORE = 12


def upload(caller: Caller, shade: int) -> dict[str, Any] | None:
    """A workflow of two steps, each with a picture; None: it was not accepted."""
    shots = [caller.upload("/screenshots", picture(shade + more)).json()["id"] for more in (0, 1)]
    body = recording(name=f"Number {shade}", steps=[step(screenshot_id=shot) for shot in shots])
    answer = caller.post("/workflows", json=body)
    made: dict[str, Any] = answer.json()
    return made if answer.status_code == 201 else None


@contextmanager
def going_on(*jobs: Callable[[], object]) -> Any:
    """Each job again and again in a thread, until the end."""
    stop, failures = threading.Event(), []

    def repeat(job: Callable[[], object]) -> None:
        while not stop.is_set():
            try:
                job()
            except Exception as error:  # noqa: BLE001 - told at the end
                failures.append(error)
                return

    threads = [threading.Thread(target=repeat, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert failures == []


def test_nothing_that_was_accepted_before_is_missing(
    admin: Actor,
    start_worker: StartWorker,
    new_instance: NewInstance,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    start_worker()
    with TestClient(create_app()) as client:
        caller = bearer(client, admin)
        kept = [made for number in range(BEFORE) if (made := upload(caller, 2 * number))]
        assert len(kept) == BEFORE
        shades = iter(range(2 * BEFORE, 250, 2))

        def come_and_go() -> None:
            made = upload(caller, next(shades, 0))
            assert made is None or caller.delete(f"/workflows/{made['id']}").status_code == 204

        def clean() -> None:
            """An hour is short here; so are the 24 of a screenshot, which may be gone before its workflow is sent."""
            threading.Event().wait(0.5)
            with transaction() as session:
                session.query(Screenshot).update({"created_at": now() - timedelta(days=3)})
            clean_up()

        def relabel() -> None:
            threading.Event().wait(0.1)
            caller.post(f"/workflows/{kept[-1]['id']}/label")

        path = tmp_path / "backup.tar"
        with going_on(come_and_go, relabel, clean):
            wait_until(lambda: _ended(client) > 2, "the worker labels")
            taken = take(path, nothing)
    for kind in KINDS:
        with new_instance(kind).inside():
            restored = restore(path, nothing)
            assert (restored.rows, restored.pictures) == (taken.rows, taken.pictures)
            with transaction(read_only=True) as session:
                names = {row.id: row.name for row in session.execute(select(Workflow.id, Workflow.name))}
                assert {one["id"]: one["name"] for one in kept}.items() <= names.items()
                blobs = list(session.scalars(select(Screenshot.blob)))
                assert len(blobs) == taken.pictures >= 2 * BEFORE
                assert [blob for blob in blobs if not get_store().exists(blob)] == []
                runs = list(session.scalars(select(LabelingRun)))
                assert {run.workflow_id for run in runs} >= {one["id"] for one in kept}
                assert [run.id for run in runs if run.state == RunState.RUNNING] == []
                assert all(run.lease_token is None for run in runs if run.state in ACTIVE)


def _ended(client: TestClient) -> int:
    assert client is not None
    with transaction(read_only=True) as session:
        return len(session.scalars(select(LabelingRun.id).where(LabelingRun.finished_at.is_not(None))).all())
