"""No room left, or nothing may be written: said so, nothing by halves, and over when it is over."""

from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest

from app.accounts.actor import Actor
from app.core.config import Settings
from app.storage.store import BlobStore, open_store
from tests.api.bodies import picture
from tests.faults import judging
from tests.faults.api import StartApi
from tests.faults.disks import Disk, disk, kinds
from tests.faults.record import Faulted, Record


@pytest.fixture(params=kinds(), ids=lambda kind: kind.__name__.lower())
def store_disk(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    """Where the screenshots are."""
    with disk(request.param, tmp_path / "disk") as made:
        monkeypatch.setenv("STORAGE_URL", f"file://{made.folder}/screenshots")
        yield made


def send(client: httpx.Client, shade: int) -> httpx.Response:
    return client.post("/api/v1/screenshots", files={"file": ("a.png", picture(shade))})


def ready(client: httpx.Client) -> tuple[int, str]:
    answer = client.get("/health/ready")
    return answer.status_code, answer.json()["parts"]["storage"]["state"]


def left_over(folder: Path) -> list[Path]:
    """Half-written files."""
    return [path for path in folder.rglob(".incoming/*") if path.is_file()]


def on(made: Disk) -> BlobStore:
    return open_store(Settings(storage_url=f"file://{made.folder}/screenshots"))


@pytest.mark.parametrize(
    ("how", "database_url"), [("full", "postgresql"), ("read-only", "sqlite")], indirect=["database_url"]
)
def test_a_store_that_takes_nothing_is_told_and_comes_back_by_itself(
    *, store_disk: Disk, start_api: StartApi, editor: Actor, faulted: Record, how: str
) -> None:
    api = start_api(under=store_disk.under if how == "read-only" else ())
    client = api.client(editor)
    before = send(client, 0)
    assert (before.status_code, ready(client)) == (201, (200, "ok"))
    if how == "full":
        store_disk.fill(api)
    else:
        store_disk.forbid()
    refused = [send(client, shade) for shade in range(1, 6)]
    state = ready(client)
    seen = client.get(f"/api/v1/screenshots/{before.json()['id']}").status_code
    rows = len(judging.pictures())
    if how == "full":
        store_disk.empty(api)
    else:
        store_disk.allow()
    after = [send(client, shade) for shade in range(1, 6)]
    missing = judging.without_picture(on(store_disk))
    faulted(Faulted(17, f"the store is {how} ({type(store_disk).__name__.lower()})", 5, lost=len(missing)))
    assert {answer.status_code for answer in refused} == {507}
    assert {answer.json()["error"] for answer in refused} <= {"StorageFull", "StorageReadOnly"}
    assert state == (503, "down")
    assert seen == 200, "what is there can be looked at"
    assert rows == 1
    assert {answer.status_code for answer in after} == {201}
    assert (missing, left_over(store_disk.folder)) == ([], [])
    assert ready(client) == (200, "ok")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_large_upload_that_cannot_be_put_aside_is_refused(
    store_disk: Disk, start_api: StartApi, editor: Actor, tmp_path: Path
) -> None:
    """Where the store is has room; where temporary files are has none."""
    api = start_api(TMPDIR=str(store_disk.folder), STORAGE_URL=f"file://{tmp_path}/screenshots")
    client = api.client(editor)
    large = {"file": ("a.png", picture() + bytes(3_000_000))}
    assert client.post("/api/v1/screenshots", files=large).status_code != 507
    store_disk.fill(api)
    refused = client.post("/api/v1/screenshots", files=large)
    store_disk.empty(api)
    assert (refused.status_code, refused.json()["error"]) == (507, "NoRoom")
    assert client.post("/api/v1/screenshots", files=large).status_code != 507
