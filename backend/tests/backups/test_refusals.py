"""What a restore refuses, it leaves as it was."""

import os
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.backups.archive import Reader
from app.backups.errors import BrokenBackup, InstanceUsed, NewerBackup, WrongDatabaseVersion
from app.backups.restoring import restore
from app.backups.taking import take
from app.core.db import get_engine, transaction
from app.core.migrations import downgrade
from app.storage.store import get_store
from tests.backups.conftest import Instance, NewInstance
from tests.backups.content import fill, nothing, owner, record, rows, seen
from tests.backups.rewriting import Rows, drop, rewrite
from tests.conftest import KINDS


@pytest.fixture
def backup(original: Instance, tmp_path: Path) -> Path:
    path = tmp_path / "backup.tar"
    with original.inside():
        fill()
        take(path, nothing)
    return path


@pytest.fixture
def unchanged(backup: Path, copy: Instance) -> Iterator[None]:
    """The test is about an empty instance, which is as empty after it."""
    assert backup.exists()
    with copy.inside():
        yield
        assert not any(rows().values())
        assert copy.pictures() == set()


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("left", ["nothing", "the middle", "the seal", "the end of the tar"])
def test_a_cut_file(backup: Path, left: str) -> None:
    size = backup.stat().st_size
    seal = backup.read_bytes().rindex(b"seal.json")
    os.truncate(
        backup, {"nothing": 0, "the middle": size // 2, "the seal": seal - 100, "the end of the tar": seal}[left]
    )
    with pytest.raises(BrokenBackup):
        restore(backup, nothing)


@pytest.mark.usefixtures("unchanged")
def test_one_wrong_bit_anywhere(backup: Path) -> None:
    """In the content of any part."""
    whole = backup.read_bytes()
    with tarfile.open(backup) as tar:
        places = [place for part in tar for place in range(part.offset_data, part.offset_data + part.size)]
    for place in places[:: len(places) // 60]:
        backup.write_bytes(_with_a_wrong_bit(whole, place))
        try:
            with pytest.raises((BrokenBackup, NewerBackup)):
                restore(backup, nothing)
        except pytest.fail.Exception:
            pytest.fail(f"a wrong bit at {place} was not noticed")


def test_one_wrong_bit_in_a_header_is_noticed_or_changes_nothing(backup: Path) -> None:
    """A tar's headers have bytes that say nothing, such as the space after their checksum."""
    whole = backup.read_bytes()
    with Reader(backup) as reader:
        parts = [(part.name, part.data) for part in reader.verified()]
    with tarfile.open(backup) as tar:
        places = [place for part in tar for place in range(part.offset, part.offset_data) if whole[place]]
    noticed = 0
    for place in places[:: len(places) // 400]:
        backup.write_bytes(_with_a_wrong_bit(whole, place))
        try:
            with Reader(backup) as reader:
                assert [(part.name, part.data) for part in reader.verified()] == parts
        except BrokenBackup:
            noticed += 1
    assert noticed > 350


def _with_a_wrong_bit(whole: bytes, place: int) -> bytes:
    changed = bytearray(whole)
    changed[place] ^= 4
    return bytes(changed)


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a zip", b"{}" * 600, os.urandom(2048)])
def test_another_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(BrokenBackup):
        restore(tmp_path / "other", nothing)


@pytest.mark.usefixtures("unchanged")
def test_rows_that_are_missing(backup: Path) -> None:
    rewrite(backup, lambda _, rows: rows["labels"].clear())
    with pytest.raises(BrokenBackup):
        restore(backup, nothing)


def _format(manifest: dict[str, Any], _: Rows) -> None:
    manifest["format"] = 2


def _migration(manifest: dict[str, Any], _: Rows) -> None:
    manifest["migration"] = "9999"


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("change", [_format, _migration])
def test_a_newer_version(backup: Path, change: Callable[[dict[str, Any], Rows], None]) -> None:
    rewrite(backup, change)
    with pytest.raises(NewerBackup, match=r"made by version 0\.1\.0"):
        restore(backup, nothing)


@pytest.mark.usefixtures("unchanged")
def test_rows_that_the_database_refuses(backup: Path) -> None:
    """The pictures that were there already go again."""

    def twice(manifest: dict[str, Any], rows: Rows) -> None:
        rows["labels"].append(rows["labels"][0])
        manifest["tables"]["labels"]["rows"] += 1

    rewrite(backup, twice)
    with pytest.raises(IntegrityError):
        restore(backup, nothing)


def _without_people(manifest: dict[str, Any], rows: Rows) -> None:
    rows["users"].clear()
    manifest["tables"]["users"]["rows"] = 0


def test_failing_erases_no_picture_that_was_there_before(original: Instance, backup: Path, copy: Instance) -> None:
    """The store may be that of the instance which was backed up: so one moves from one database to another."""
    there = original.pictures()
    rewrite(backup, _without_people)
    moved = Instance(copy.kind, copy.url, original.data_dir, copy.monkeypatch)
    with moved.inside(), pytest.raises(IntegrityError):
        restore(backup, nothing)
    assert original.pictures() == there


def test_a_used_instance(backup: Path, copy: Instance) -> None:
    with copy.inside():
        record(owner(), "Mine", 7)
        before, pictures = rows(), copy.pictures()
        with pytest.raises(InstanceUsed, match=r"1 workflows.*--replace"):
            restore(backup, nothing)
        assert (rows(), copy.pictures()) == (before, pictures)


def test_a_used_instance_is_replaced_when_that_is_said(original: Instance, backup: Path, copy: Instance) -> None:
    with original.inside():
        shown = seen(owner())
    with copy.inside():
        record(owner(), "Mine", 7)
        (mine,) = copy.pictures()
        restore(backup, nothing, replace=True)
        assert seen(owner()) == shown
        assert copy.pictures() == original.pictures()
        assert mine not in copy.pictures()


def test_a_failing_replacement_leaves_what_was_there(backup: Path, copy: Instance) -> None:
    rewrite(backup, _without_people)
    with copy.inside():
        record(owner(), "Mine", 7)
        shown = seen(owner())
        before, pictures = rows(), copy.pictures()
        with pytest.raises(IntegrityError):
            restore(backup, nothing, replace=True)
        assert (rows(), copy.pictures()) == (before, pictures)
        assert seen(owner()) == shown


def test_a_newer_database(backup: Path, copy: Instance) -> None:
    with copy.inside():
        with transaction() as session:
            session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(WrongDatabaseVersion, match="newer than this program"):
            restore(backup, nothing)


NEW_TABLES_SINCE_0001 = (
    "edits",
    "export_jobs",
    "folders",
    "identities",
    "labeling_batches",
    "model_calls",
    "preferences",
    "proposal_decisions",
    "removed_steps",
    "rerecorded_steps",
    "rerecordings",
    "shares",
    "spend",
    "tallies",
    "webhook_deliveries",
    "webhooks",
    "workflow_tags",
    "workflow_views",
)
NEW_SINCE_0001 = {
    "users": ("signed_in_at",),
    "workflows": ("name_source", "description_source", "folder_id", "site", "variables", "deleted_at"),
    "steps": ("sensitive_regions", "heading", "heading_source", "note_kind", "stale_label_id", "stale_because"),
    "screenshots": ("hidden",),
    "labels": ("flags",),
    "labeling_runs": ("parked_for", "parked_usd", "request_id"),
}


def _as_of_0001(manifest: dict[str, Any], rows: Rows) -> None:
    manifest["migration"] = "0001"
    for name in NEW_TABLES_SINCE_0001:
        del manifest["tables"][name], rows[name]
    for table, columns in NEW_SINCE_0001.items():
        for column in columns:
            drop(manifest, rows, table, column)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("there", ["nothing", "tables of today", "tables of then", "somebody's work"])
def test_an_older_version_is_migrated(backup: Path, kind: str, there: str, new_instance: NewInstance) -> None:
    rewrite(backup, _as_of_0001)
    copy = new_instance(kind, tables=there != "nothing")
    with copy.inside():
        if there == "tables of then":
            downgrade(get_engine(), "0001")
        if there == "somebody's work":
            record(owner(), "Mine", 7)
        restore(backup, nothing, replace=there == "somebody's work")
        assert len(seen(owner())["found"]["contact"]) == 4
        assert {row["name"] for row in rows()["workflows"]} == {
            "Create a contact",
            "Übung mit Größe",
            "Delete an invoice",
            "Recorded again",
        }
        assert len(rows()["labels"]) == 12
        record(owner(), "And on", 9)
        assert all(get_store().exists(row["blob"]) for row in rows()["screenshots"])
