"""The hourly cleaning."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete

from app.accounts.actor import Actor
from app.accounts.models import User
from app.core.clock import now
from app.core.db import get_engine, transaction
from app.core.singleton import NamedLease
from app.storage.models import Screenshot
from app.storage.store import BlobNotFound, get_store
from app.tasks.cleaning import clean_up
from app.workflows.models import Step
from app.workflows.visibility import usable_screenshots
from tests.labeling.recordings import record


def add_picture(name: str, owner_id: int, created_at: datetime) -> None:
    """A picture's row and its file."""
    get_store().put(f"ab/{name}", b"picture")
    with transaction() as session:
        kept = {"sha256": name, "blob": f"ab/{name}", "media_type": "image/png", "width": 1, "height": 1, "bytes": 7}
        session.add(Screenshot(id=name, owner_id=owner_id, created_at=created_at, **kept))


@pytest.mark.usefixtures("settings")
def test_only_old_pictures_that_no_step_shows_are_deleted() -> None:
    run = record(["Save"])
    old = now() - timedelta(days=3)
    with transaction() as session:
        owner = session.query(User.id).scalar()
    for name, made in (("shown", old), ("unused", old), ("new", now())):
        add_picture(name, owner, made)
    with transaction() as session:
        session.get_one(Step, run.step_ids[0]).screenshot_id = "shown"
    clean_up()
    assert get_store().get("ab/shown") == get_store().get("ab/new") == b"picture"
    with pytest.raises(BlobNotFound):
        get_store().get("ab/unused")


@pytest.mark.usefixtures("settings")
def test_an_old_picture_that_a_step_is_about_to_show_stays(editor: Actor) -> None:
    run = record(["Save"])
    add_picture("late", editor.user_id, now() - timedelta(days=3))
    with ThreadPoolExecutor(1) as thread:
        with transaction() as session:
            assert session.scalar(usable_screenshots(editor, ["late"])) == "late"
            cleaning = thread.submit(clean_up)
            if get_engine().dialect.name == "postgresql":  # SQLite has one writer at a time
                cleaning.result()
            session.get_one(Step, run.step_ids[0]).screenshot_id = "late"
        cleaning.result()
    assert get_store().get("ab/late") == b"picture"


@pytest.mark.usefixtures("settings")
def test_files_that_no_row_knows_are_erased_once_they_are_old_and_once_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    get_store().put("ab/orphan", b"picture")
    clean_up()
    assert get_store().get("ab/orphan") == b"picture", "its row may still be under way"
    monkeypatch.setattr("app.tasks.cleaning.now", lambda: now() + timedelta(days=3))
    clean_up()
    assert get_store().get("ab/orphan") == b"picture", "it was looked for today"
    with transaction() as session:
        session.execute(delete(NamedLease).where(NamedLease.name == "sweep"))
    clean_up()
    with pytest.raises(BlobNotFound):
        get_store().get("ab/orphan")
