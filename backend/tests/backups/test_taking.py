"""A backup that fails leaves nothing, and whoever works on meanwhile takes nothing out of it."""

import stat
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from app.backups.errors import BackupExists, CannotWriteBackup, PictureMissing, WrongDatabaseVersion
from app.backups.restoring import restore
from app.backups.taking import take
from app.core.clock import now
from app.core.db import get_engine, transaction
from app.core.migrations import downgrade
from app.storage import holding
from app.storage.holding import PicturesHeld
from app.storage.models import Screenshot
from app.storage.store import get_store
from app.tasks.cleaning import clean_up
from app.workflows import service as workflows
from tests.backups.conftest import Instance
from tests.backups.content import fill, nothing, owner, record, rows


def test_a_file_that_is_there_is_not_replaced(original: Instance, tmp_path: Path) -> None:
    path = tmp_path / "backup.tar"
    path.write_text("precious")
    with original.inside():
        with pytest.raises(BackupExists, match="--force"):
            take(path, nothing)
        assert path.read_text() == "precious"
        take(path, nothing, replace=True)
    assert path.stat().st_size > 1_000


def test_a_file_that_appears_meanwhile_is_not_replaced(original: Instance, tmp_path: Path) -> None:
    path = tmp_path / "backup.tar"

    def somebody(stage: str, _done: int, _total: int) -> None:
        if stage == "pictures":
            path.write_text("precious")

    with original.inside(), pytest.raises(BackupExists):
        take(path, somebody)
    assert path.read_text() == "precious"
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["backup.tar"]


def test_a_folder_that_is_not_there(original: Instance, tmp_path: Path) -> None:
    with original.inside(), pytest.raises(CannotWriteBackup, match="No such file"):
        take(tmp_path / "none" / "backup.tar", nothing)


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt(), SystemExit(143)])
def test_nothing_is_left_of_one_that_fails(original: Instance, tmp_path: Path, error: BaseException) -> None:
    def fails(stage: str, done: int, _total: int) -> None:
        if stage == "pictures" and done == 1:
            raise error

    expected = CannotWriteBackup if isinstance(error, OSError) else type(error)
    with original.inside():
        fill()
        with pytest.raises(expected):
            take(tmp_path / "backup.tar", fails)
        assert [one for one in tmp_path.iterdir() if one.is_file()] == []
        take(tmp_path / "backup.tar", nothing)  # and nobody is kept waiting


def test_only_its_owner_may_read_it(original: Instance, tmp_path: Path) -> None:
    with original.inside():
        take(tmp_path / "backup.tar", nothing)
    assert stat.S_IMODE((tmp_path / "backup.tar").stat().st_mode) == 0o600


def test_a_lost_picture_is_named(original: Instance, copy: Instance, tmp_path: Path) -> None:
    path = tmp_path / "backup.tar"
    with original.inside():
        fill()
        lost = rows()["screenshots"][0]["blob"]
        get_store().delete(lost)
        with pytest.raises(PictureMissing, match=lost):
            take(path, nothing)
        assert not path.exists()
        assert take(path, nothing, allow_missing=True).missing_pictures == 1
    with copy.inside():
        assert restore(path, nothing).pictures == 5
        assert len(rows()["screenshots"]) == 6


def test_a_database_of_another_version(original: Instance, tmp_path: Path) -> None:
    with original.inside():
        downgrade(get_engine(), "0002")
        with pytest.raises(WrongDatabaseVersion, match="at version 0002"):
            take(tmp_path / "backup.tar", nothing)


def test_one_at_a_time(original: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "PATIENCE_SECONDS", 0.5)

    def another(stage: str, _done: int, _total: int) -> None:
        if stage == "pictures":
            with pytest.raises(PicturesHeld):
                take(tmp_path / "another.tar", nothing)

    with original.inside():
        take(tmp_path / "backup.tar", another)
        take(tmp_path / "another.tar", nothing)


def test_a_picture_that_is_deleted_meanwhile_is_in_it(original: Instance, copy: Instance, tmp_path: Path) -> None:
    path = tmp_path / "backup.tar"

    def housekeeping(stage: str, done: int, _total: int) -> None:
        if stage != "pictures" or done:
            return
        with transaction() as session:
            workflows.delete(session, number, actor)
        with transaction() as session:
            session.query(Screenshot).update({"created_at": now() - timedelta(days=3)})
        clean_up()

    with original.inside():
        actor = owner()
        number = record(actor, "Short-lived", 1)
        take(path, housekeeping)
        assert len(original.pictures()) == 1
        clean_up()
        assert original.pictures() == set()
    with copy.inside():
        restore(path, nothing)
        assert [row["name"] for row in rows()["workflows"]] == ["Short-lived"]
        assert len(copy.pictures()) == 1


def test_what_comes_meanwhile_is_not_in_it(original: Instance, copy: Instance, tmp_path: Path) -> None:
    """And does not wait for it, either."""
    path = tmp_path / "backup.tar"
    uploads: list[int] = []

    def upload(stage: str, done: int, _total: int) -> None:
        if stage == "rows" and done > 0 and not uploads:
            thread = threading.Thread(target=lambda: uploads.append(record(actor, "Late", 2)))
            thread.start()
            thread.join(20)

    with original.inside():
        actor = owner()
        record(actor, "Early", 1)
        take(path, upload)
        assert len(uploads) == 1
    with copy.inside():
        restore(path, nothing)
        assert [row["name"] for row in rows()["workflows"]] == ["Early"]
        assert len(rows()["screenshots"]) == len(copy.pictures()) == 1
