"""What every store keeps to: the same tests over a folder and over a bucket."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from app.core.config import Settings
from app.storage.store import BlobNotFound, BlobStore, StorageUnavailable, get_store, open_store


def keys(store: BlobStore, prefix: str = "") -> list[str]:
    return sorted(blob.key for blob in store.list(prefix))


def test_a_missing_blob_is_named_as_such(blobs: BlobStore) -> None:
    with pytest.raises(BlobNotFound):
        blobs.get("ab/missing.webp")
    assert not blobs.exists("ab/missing.webp")
    blobs.delete("ab/missing.webp")
    blobs.delete_prefix("ab/")
    assert keys(blobs) == []


@pytest.mark.parametrize(
    "key", ["", "/etc/passwd", "../x", "a/../x", "a//b", "a/", ".hidden", "a/.b", "a b", "a\\b", "ä"]
)
def test_a_key_that_could_leave_the_store_is_refused(blobs: BlobStore, key: str) -> None:
    for call in (blobs.get, blobs.exists, blobs.delete, lambda key: blobs.put(key, b"x")):
        with pytest.raises(ValueError, match="not a key"):
            call(key)
    with pytest.raises(ValueError, match="not a key"):
        blobs.delete_prefix(f"{key}/")


def test_a_prefix_without_its_slash_is_refused(blobs: BlobStore) -> None:
    with pytest.raises(ValueError, match="ends with a slash"):
        blobs.delete_prefix("ab")


def test_bytes_come_back_and_the_last_put_wins(blobs: BlobStore) -> None:
    content = bytes(range(256)) * 5_000
    blobs.put("ab/one.webp", b"old")
    blobs.put("ab/one.webp", content)
    blobs.put("ab/empty", b"")
    assert blobs.get("ab/one.webp") == content
    assert blobs.get("ab/empty") == b""
    assert blobs.exists("ab/one.webp")
    blobs.delete("ab/one.webp")
    assert not blobs.exists("ab/one.webp")


def test_a_prefix_is_a_folder_and_not_the_beginning_of_a_name(blobs: BlobStore) -> None:
    for key in ("v/ab/1", "v/ab/deep/2", "v/abc/3", "v/ab4"):
        blobs.put(key, b"x")
    assert keys(blobs, "v/ab/") == ["v/ab/1", "v/ab/deep/2"]
    blobs.delete_prefix("v/ab/")
    assert keys(blobs) == ["v/ab4", "v/abc/3"]


def test_a_list_tells_since_when(blobs: BlobStore) -> None:
    blobs.put("ab/one", b"x")
    (blob,) = blobs.list()
    assert abs(blob.modified - datetime.now(UTC)) < timedelta(minutes=1)


def test_check_leaves_nothing_behind(blobs: BlobStore) -> None:
    blobs.check()
    assert keys(blobs) == []


def test_many_threads_write_read_and_delete_side_by_side(blobs: BlobStore) -> None:
    def work(number: int) -> bytes:
        for turn in range(10):
            blobs.put(f"same/{turn}", b"x" * 1000)
            blobs.put(f"own/{number}/{turn}", bytes([number]))
            blobs.delete(f"same/{turn}")
        return blobs.get(f"own/{number}/9")

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == [bytes([number]) for number in range(8)]
    assert len(keys(blobs)) == 80


@pytest.mark.parametrize("url", ["ftp://host/x", "s3://", "screenshots", "file://otherhost/x"])
def test_an_address_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(StorageUnavailable, match="STORAGE_URL"):
        open_store(Settings(storage_url=url))


def test_a_process_has_one_store_in_its_data_folder(settings: Settings) -> None:
    store = get_store()
    store.put("ab/one", b"x")
    assert get_store() is store
    assert (settings.data_dir / "screenshots" / "ab" / "one").read_bytes() == b"x"
