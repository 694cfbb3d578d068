"""Rows and pictures together: no row without its picture, no picture without its row for long."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, literal, select
from sqlalchemy.orm import Session

from app.accounts.models import Role, User
from app.core.clock import now
from app.core.db import transaction
from app.storage import service
from app.storage.file_store import FileStore
from app.storage.images import BrokenImage, ImageTooLarge
from app.storage.models import Screenshot
from app.storage.store import BlobNotFound, StorageFull, StorageUnavailable
from app.storage.variants import variant_key
from tests.storage.pictures import encoded, opened, page
from tests.storage.test_variants import BUTTON, VIEWPORT

LIMITS = {"max_bytes": 1_000_000, "max_pixels": 2_000_000}
PICTURE = encoded(page(1280, 720), "PNG")


@pytest.fixture
def owner(engine: Engine) -> int:
    return person(engine, "a@example.com")


def person(engine: Engine, email: str) -> int:
    with transaction(engine=engine) as session:
        user = User(email=email, name="A", role=Role.EDITOR)
        session.add(user)
        session.flush()
        return user.id


@pytest.fixture
def screenshot(engine: Engine, owner: int, file_store: FileStore) -> Screenshot:
    with transaction(engine=engine) as session:
        return stored(session, file_store, owner)


def stored(session: Session, blobs: FileStore, owner: int, data: bytes = PICTURE) -> Screenshot:
    return service.store(session, blobs, owner_id=owner, data=data, **LIMITS)[0]


def kept(blobs: FileStore) -> list[str]:
    return sorted(blob.key for blob in blobs.list())


@pytest.mark.parametrize(("data", "error"), [(PICTURE[:900], BrokenImage), (PICTURE + bytes(1_000_000), ImageTooLarge)])
def test_what_is_refused_leaves_nothing(
    engine: Engine, owner: int, file_store: FileStore, data: bytes, error: type[Exception]
) -> None:
    with pytest.raises(error), transaction(engine=engine) as session:
        stored(session, file_store, owner, data)
    with transaction(engine=engine) as session:
        assert session.scalar(select(func.count()).select_from(Screenshot)) == 0
    assert kept(file_store) == []


def test_a_store_that_fails_leaves_no_row(engine: Engine, owner: int, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageUnavailable), transaction(engine=engine) as session:
        stored(session, FileStore(tmp_path / "file"), owner)
    with transaction(engine=engine) as session:
        assert session.scalar(select(func.count()).select_from(Screenshot)) == 0


def test_the_same_bytes_again_are_the_same_screenshot(engine: Engine, owner: int, file_store: FileStore) -> None:
    with transaction(engine=engine) as session:
        first, created = service.store(session, file_store, owner_id=owner, data=PICTURE, **LIMITS)
    assert created
    with transaction(engine=engine) as session:
        second, created = service.store(session, file_store, owner_id=owner, data=PICTURE, **LIMITS)
    assert not created
    assert second.id == first.id
    assert second.created_at > first.created_at
    assert kept(file_store) == [first.blob]


def test_the_same_bytes_of_another_person_are_another_screenshot(
    engine: Engine, owner: int, file_store: FileStore
) -> None:
    other = person(engine, "b@example.com")
    with transaction(engine=engine) as session:
        ours, theirs = stored(session, file_store, owner), stored(session, file_store, other)
        assert ours.id != theirs.id
        gone = service.delete(session, [ours.id])
    service.erase(file_store, gone)
    assert opened(file_store.get(theirs.blob)).size == (1280, 720)


def test_the_same_bytes_from_many_threads_at_once_are_one_screenshot(
    engine: Engine, owner: int, file_store: FileStore
) -> None:
    ready = threading.Barrier(6)

    def send(_: int) -> tuple[str, bool]:
        upload = service.take_in(file_store, PICTURE, **LIMITS)
        ready.wait()
        with transaction(engine=engine) as session:
            screenshot, created = service.record(session, file_store, upload, owner_id=owner)
            return screenshot.id, created

    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(send, range(6)))
    assert len({identity for identity, _ in results}) == 1
    assert sum(created for _, created in results) == 1
    with transaction(engine=engine) as session:
        assert kept(file_store) == [session.scalars(select(Screenshot)).one().blob]


def test_what_is_stored_says_what_it_is(screenshot: Screenshot, file_store: FileStore) -> None:
    original = service.open_variant(file_store, screenshot, "original")
    assert (screenshot.width, screenshot.height, screenshot.media_type) == (1280, 720, "image/webp")
    assert (original.width, original.height, original.media_type) == (1280, 720, "image/webp")
    assert screenshot.bytes == len(original.data) != len(PICTURE)


def test_a_variant_is_made_once_by_whoever_comes_first(screenshot: Screenshot, file_store: FileStore) -> None:
    first = service.open_variant(file_store, screenshot, "crop", BUTTON, VIEWPORT)
    key = variant_key(screenshot.blob, "crop", BUTTON, VIEWPORT)
    assert file_store.get(key) == first.data
    file_store.put(key, encoded(page(10, 10), "WEBP"))
    assert service.open_variant(file_store, screenshot, "crop", BUTTON, VIEWPORT).width == 10


def test_a_variant_is_shown_even_if_it_cannot_be_kept(
    screenshot: Screenshot, file_store: FileStore, folder: Path
) -> None:

    class Full(FileStore):
        def put(self, key: str, data: bytes) -> None:
            raise StorageFull(f"no room for {len(data)} bytes of {key}")

    assert service.open_variant(Full(folder), screenshot, "thumb").width == 320
    assert kept(file_store) == [screenshot.blob]
    with pytest.raises(StorageFull):
        service.make_variants(Full(folder), screenshot)


def test_a_worker_makes_ahead_what_is_asked_for_later(screenshot: Screenshot, file_store: FileStore) -> None:
    service.make_variants(file_store, screenshot, BUTTON, VIEWPORT)
    made = kept(file_store)
    assert len(made) == 4
    service.make_variants(file_store, screenshot, BUTTON, VIEWPORT)
    for size in ("page", "thumb", "crop"):
        service.open_variant(file_store, screenshot, size, BUTTON, VIEWPORT)
    assert kept(file_store) == made


def test_erasing_takes_every_variant_with_it(engine: Engine, owner: int, file_store: FileStore) -> None:
    with transaction(engine=engine) as session:
        screenshot = stored(session, file_store, owner)
        service.make_variants(file_store, screenshot, BUTTON, VIEWPORT)
        gone = service.delete(session, [screenshot.id, "unknown"])
        assert session.scalar(select(func.count()).select_from(Screenshot)) == 0
    service.erase(file_store, gone)
    assert kept(file_store) == []
    with pytest.raises(BlobNotFound):
        service.open_variant(file_store, screenshot, "page")


def test_a_variant_drawn_while_its_original_is_erased_does_not_come_back(
    screenshot: Screenshot, file_store: FileStore
) -> None:
    class ErasedMeanwhile(FileStore):
        def put(self, key: str, data: bytes) -> None:
            service.erase(file_store, [screenshot.blob])
            super().put(key, data)

    service.open_variant(ErasedMeanwhile(file_store._folder), screenshot, "page", BUTTON, VIEWPORT)
    assert kept(file_store) == []


def test_a_deletion_that_is_rolled_back_loses_no_picture(engine: Engine, owner: int, file_store: FileStore) -> None:
    with transaction(engine=engine) as session:
        screenshot = stored(session, file_store, owner)

    def fail(session: Session) -> None:
        service.delete(session, [screenshot.id])
        raise RuntimeError("the request failed")

    with pytest.raises(RuntimeError), transaction(engine=engine) as session:
        fail(session)
    with transaction(engine=engine) as session:
        again = session.get_one(Screenshot, screenshot.id)
    assert opened(service.open_variant(file_store, again, "original").data).size == (1280, 720)


def test_only_old_and_unused_screenshots_are_purged(engine: Engine, owner: int, file_store: FileStore) -> None:
    def of(color: str) -> bytes:
        return encoded(page(background=color), "PNG")

    with transaction(engine=engine) as session:
        used, unused, fresh = (stored(session, file_store, owner, of(color)) for color in ("red", "green", "blue"))
        for old in (used, unused):
            old.created_at = now() - timedelta(hours=30)
        session.flush()
        shown = (Screenshot.id == used.id) & (literal(1) == 1)
        gone = service.purge_unused(session, used=shown, older_than=now() - timedelta(hours=24))
    assert gone == [unused.blob]
    service.erase(file_store, gone)
    assert kept(file_store) == sorted([used.blob, fresh.blob])


def test_sweeping_takes_what_no_row_knows(engine: Engine, owner: int, file_store: FileStore) -> None:
    with transaction(engine=engine) as session:
        screenshot = stored(session, file_store, owner)
        service.make_variants(file_store, screenshot, BUTTON, VIEWPORT)
    mine = kept(file_store)
    lost = service.take_in(file_store, encoded(page(), "JPEG"), **LIMITS)
    file_store.put(variant_key("ab/gone.webp", "page"), b"left by a crash")
    with transaction(engine=engine) as session:
        assert service.sweep(session, file_store, older_than=now() - timedelta(hours=1)) == 0
        assert service.sweep(session, file_store, older_than=now() + timedelta(hours=1)) == 2
    assert not file_store.exists(lost.blob)
    assert kept(file_store) == mine
