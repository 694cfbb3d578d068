"""Database and pictures on one disk, as `up` has them, and no room left on it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest

from app.accounts.actor import Actor
from app.core.config import Settings
from app.storage.store import open_store
from tests.api.bodies import picture, recording, step
from tests.faults import judging
from tests.faults.api import StartApi
from tests.faults.disks import Disk, Mounted, disk, kinds
from tests.faults.record import Faulted, Record

STEPS = 20


@pytest.fixture(params=kinds(), ids=lambda kind: kind.__name__.lower())
def small_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    with disk(request.param, tmp_path / "disk") as made:
        yield made


@pytest.fixture
def database_url(small_disk: Disk, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A SQLite file beside the pictures."""
    shutil.copy(sqlite_template, small_disk.folder / "test.db")
    monkeypatch.setenv("STORAGE_URL", f"file://{small_disk.folder}/screenshots")
    return f"sqlite:///{small_disk.folder}/test.db"


def post(client: httpx.Client, key: int) -> httpx.Response:
    steps = [step(action="input", value=f"{key} {position} " * 30) for position in range(STEPS)]
    return client.post("/api/v1/workflows", json=recording(steps=steps), headers={"Idempotency-Key": str(key)})


def test_nothing_is_there_by_halves_and_it_comes_back_by_itself(
    small_disk: Disk, start_api: StartApi, editor: Actor, faulted: Record
) -> None:
    api = start_api()
    client = api.client(editor)
    made = [post(client, 0).json()["id"]]
    small_disk.fill(api)
    answers = [post(client, key) for key in range(1, 40)]
    picture_refused = client.post("/api/v1/screenshots", files={"file": ("a.png", picture())}).status_code
    refused = {answer.status_code for answer in answers if answer.status_code != 201}
    assert refused, "the disk was never full"
    made += [answer.json()["id"] for answer in answers if answer.status_code == 201]
    state = client.get("/health/ready").status_code
    seen = [client.get(f"/api/v1/workflows/{number}").status_code for number in made]
    small_disk.empty(api)
    again = [post(client, key) for key in range(1, 40)]
    kept = judging.workflows()
    faulted(
        Faulted(
            17,
            f"database and store on one full disk ({type(small_disk).__name__.lower()})",
            lost=40 - len(kept),
            doubled=len(kept) - len(set(kept)),
        )
    )
    full = isinstance(small_disk, Mounted)
    assert refused <= ({507} if full else {503, 507})  # where a limit plays the disk, SQLite takes it for a broken one
    assert picture_refused in ({507} if full else {503, 507})
    assert state == 503
    assert set(seen) == {200}, "what is there can be read"
    assert {answer.status_code for answer in again} == {201}
    assert len(kept) == 40
    assert set(made) <= set(kept)
    assert judging.halves(STEPS) == []
    assert judging.without_picture(open_store(Settings(storage_url=f"file://{small_disk.folder}/screenshots"))) == []
    assert client.get("/health/ready").status_code == 200
