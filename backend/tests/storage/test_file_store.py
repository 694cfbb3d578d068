"""A folder that is full, cannot be written, or is cut off in the middle of a write."""

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.storage.file_store import FileStore
from app.storage.store import StorageFull, StorageUnavailable


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_full_disk_is_named_and_nothing_half_written_stays(file_store: FileStore, folder: Path) -> None:
    """The limit of a file's size stands for the disk's end: the system refuses in the middle of the write."""
    file_store.put("ab/before", b"x")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(StorageFull, match="full") as refused:
            file_store.put("ab/large", bytes(200_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert refused.value.status_code == 507
    assert files(folder) == ["ab/before"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = FileStore(tmp_path / "file" / "screenshots")
    for call in (lambda: store.put("ab/one", b"x"), lambda: store.get("ab/one"), store.check):
        with pytest.raises(StorageUnavailable, match="folder cannot be used") as refused:
            call()
        assert refused.value.status_code == 503


def test_a_read_only_folder_is_named() -> None:
    """The kernel's own files refuse even root."""
    with pytest.raises(StorageUnavailable):
        FileStore(Path("/proc/self/screenshots")).put("ab/one", b"x")


def test_a_writer_killed_in_the_middle_leaves_the_old_bytes(file_store: FileStore, folder: Path) -> None:
    file_store.put("ab/one", b"old")
    script = """
import os, signal, sys
from pathlib import Path
from app.storage.file_store import FileStore
os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
FileStore(Path(sys.argv[1])).put("ab/one", b"new")
"""
    killed = subprocess.run([sys.executable, "-c", script, folder], check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert file_store.get("ab/one") == b"old"
    assert [blob.key for blob in file_store.list()] == ["ab/one"]


def test_leftovers_of_killed_writers_are_swept_when_they_are_a_day_old(file_store: FileStore, folder: Path) -> None:
    incoming = folder / ".incoming"
    incoming.mkdir(parents=True)
    for name, age in (("fresh", 60), ("old", 100_000)):
        (incoming / name).write_bytes(b"half")
        os.utime(incoming / name, (time.time() - age,) * 2)
    file_store.put("ab/one", b"x")
    assert files(folder) == [".incoming/fresh", "ab/one"]


def test_bytes_and_names_are_synced_before_put_returns(
    file_store: FileStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def note(descriptor: int) -> None:
        fsync(descriptor)
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink().relative_to(folder.parent.parent)))

    monkeypatch.setattr(os, "fsync", note)
    file_store.put("ab/one", b"x")
    assert synced[:3] == [".", "kept", "kept/screenshots"]  # new folders' names, outermost first
    assert synced[3].startswith("kept/screenshots/.incoming/")
    assert synced[4:] == ["kept/screenshots", "kept/screenshots/ab"]


def test_emptied_folders_are_taken_away(file_store: FileStore, folder: Path) -> None:
    file_store.put("variants/ab/one/page.webp", b"x")
    file_store.delete_prefix("variants/ab/one/")
    assert not (folder / "variants/ab/one").exists()
