"""A backup, restored, is the instance that it was taken of."""

from itertools import product
from pathlib import Path

import pytest

from app.backups.restoring import restore
from app.backups.taking import take
from app.commands import checks
from app.core import migrations
from app.core.clock import db_now
from app.core.config import get_settings
from app.core.db import transaction
from app.labeling import service
from app.labeling.models import LabelingChunk, LabelingRun, RunState
from app.labeling.registry import LABELERS
from app.labeling.runs import get
from app.tasks.reconciler import reconcile
from app.workflows.models import Workflow
from tests.backups.conftest import Instance, NewInstance
from tests.backups.content import fill, keep_bytes, nothing, owner, record, rows, seen, set_run
from tests.conftest import KINDS
from tests.labeling.recordings import record as record_steps
from tests.labeling.scripted import ScriptedLabeler, Stage
from tests.services import Broker, _point_celery_at

FLEETING = ("due_at", "published_at")


@pytest.mark.parametrize(("before", "after"), list(product(KINDS, KINDS)))
@pytest.mark.parametrize("tables", [True, False], ids=["migrated", "no tables"])
def test_everything_is_as_it_was(
    before: str, after: str, tables: bool, new_instance: NewInstance, tmp_path: Path
) -> None:
    path = tmp_path / "backup.tar"
    with new_instance(before).inside():
        actor = fill()
        shown = seen(actor)
        kept = rows(but=FLEETING)
        taken = take(path, nothing)
    copy = new_instance(after, tables=tables)
    with copy.inside():
        restored = restore(path, nothing)
        assert rows(but=FLEETING) == kept
        assert seen(actor) == shown
        assert checks.database().state == checks.storage(get_settings()).state == "ok"
        assert checks.database().found.endswith(f"at version {migrations.newest()}")
    assert restored.rows == taken.rows == sum(map(len, kept.values()))
    assert restored.pictures == taken.pictures == len(copy.pictures()) == 6
    assert len(shown["found"]["contact"]) == 4
    assert (len(shown["found"]["ubung"]), len(shown["found"]["soon"])) == (1, 0)


@pytest.mark.parametrize(("before", "after"), list(product(KINDS, KINDS)))
def test_no_number_is_given_twice(before: str, after: str, new_instance: NewInstance, tmp_path: Path) -> None:
    """Not even that of a workflow that was deleted before the backup."""
    with new_instance(before).inside():
        fill()
        take(tmp_path / "backup.tar", nothing)
    with new_instance(after).inside():
        restore(tmp_path / "backup.tar", nothing)
        assert record(owner(), "The sixth", 240) == 6


def test_an_empty_instance_goes_there_and_back(original: Instance, copy: Instance, tmp_path: Path) -> None:
    with original.inside():
        take(tmp_path / "backup.tar", nothing)
    with copy.inside():
        assert restore(tmp_path / "backup.tar", nothing).rows == 0
        assert record(owner(), "The first", 1) == 1


def test_what_was_under_way_waits_again_and_is_not_paid_twice(
    original: Instance, copy: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LABELERS, "rules", lambda _: ScriptedLabeler(tmp_path))
    monkeypatch.setenv("LABEL_CHUNK_STEPS", "1")
    monkeypatch.setenv("LABEL_QUICK_CHUNK_STEPS", "1")
    monkeypatch.setenv("LABEL_CHUNKS_AT_ONCE", "1")
    stage, path = Stage(tmp_path), tmp_path / "backup.tar"
    stage.plan("Send", permanent="The key is not valid.")
    with original.inside():
        run = record_steps(["Save", "Send"])
        assert service.label_run(run.run_id) is service.Outcome.PARKED
        # As a worker that is in the middle of the second chunk has it.
        set_run(run.workflow_id, state=RunState.RUNNING, lease_token="of a worker", finished_at=None)
        take(path, nothing)
    with copy.inside():
        assert restore(path, nothing).runs_queued == 1
        with transaction(read_only=True) as session:
            waits = get(session, run.run_id)
            assert (waits.state, waits.lease_token, waits.published_at) == (RunState.QUEUED, None, None)
            assert (waits.worker_deaths, waits.calls) == (0, 1)
        stage.plan("Send")
        assert service.label_run(run.run_id) is service.Outcome.FINISHED
        with transaction(read_only=True) as session:
            assert get(session, run.run_id).state == RunState.SUCCEEDED
            assert {one.state for one in session.query(LabelingChunk)} == {"done"}
    assert [call["names"] for call in stage.calls()] == [["Save"], ["Send"], ["Send"]]


def test_what_waited_is_found_by_the_reconciler(
    original: Instance, copy: Instance, tmp_path: Path, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its message is with the other instance's broker."""
    monkeypatch.setenv("REDIS_URL", broker.url)
    _point_celery_at(broker.url)
    with original.inside():
        set_run(record(owner(), "Waits", 1), due_at=db_now(-1))
        take(tmp_path / "backup.tar", nothing)
    with copy.inside():
        restore(tmp_path / "backup.tar", nothing)
        assert reconcile(get_settings()) == 1


def test_a_cancelled_run_is_not_labelled_after_all(original: Instance, copy: Instance, tmp_path: Path) -> None:
    with original.inside():
        number = record(owner(), "Stop this", 1)
        with transaction() as session:
            run_id = session.query(LabelingRun.id).scalar() or 0
            moment = session.query(Workflow.created_at).scalar()
        set_run(number, state=RunState.RUNNING, lease_token="of a worker", cancel_requested_at=moment)
        take(tmp_path / "backup.tar", nothing)
    with copy.inside():
        restore(tmp_path / "backup.tar", nothing)
        service.label_run(run_id)
        with transaction(read_only=True) as session:
            assert get(session, run_id).state == RunState.CANCELLED


def test_memory_does_not_grow_with_the_instance(new_instance: NewInstance, tmp_path: Path) -> None:
    import tracemalloc

    with new_instance("sqlite").inside():
        actor = owner()
        for number in range(30):
            keep_bytes(actor, f"picture{number}", 1_000_000)
        tracemalloc.start()
        take(tmp_path / "backup.tar", nothing)
    with new_instance("sqlite").inside():
        restore(tmp_path / "backup.tar", nothing)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert (tmp_path / "backup.tar").stat().st_size > 30_000_000
    assert most < 12_000_000
