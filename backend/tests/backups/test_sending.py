"""A backup on its way to a browser: whole, or seen to be cut off; nothing is left behind."""

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.accounts.models import Role
from app.accounts.permissions import SCOPES_OF_ROLE
from app.backups import sending
from app.backups.errors import BrokenBackup, CannotWriteBackup, PictureMissing
from app.backups.restoring import restore
from app.backups.sending import Stream
from app.core.config import get_settings
from app.core.db import transaction
from app.core.errors import Forbidden
from app.storage.holding import PicturesHeld, hold_pictures
from app.storage.store import get_store
from tests.backups.conftest import Instance
from tests.backups.content import fill, nothing, owner, rows


def last() -> tuple[str, dict[str, Any]]:
    actor = owner()
    with transaction(read_only=True) as session:
        event = sending.last(session, actor)
        return (event.action, event.facts or {}) if event else ("", {})


def wait_until_over() -> None:
    """The thread that writes: it ends by itself."""
    for thread in threading.enumerate():
        if thread.name == "backup":
            thread.join(30)
            assert not thread.is_alive()


def test_only_an_admin_gets_one(original: Instance) -> None:
    with original.inside():
        editor = replace(fill(), role=Role.EDITOR, scopes=SCOPES_OF_ROLE[Role.EDITOR])
        with pytest.raises(Forbidden):
            Stream(editor, get_settings().data_dir)
        with pytest.raises(Forbidden), transaction(read_only=True) as session:
            sending.last(session, editor)


def test_what_keeps_it_from_beginning_is_said_at_once(original: Instance, tmp_path: Path) -> None:
    with original.inside():
        actor = fill()
        (tmp_path / "file").touch()
        with pytest.raises(CannotWriteBackup):
            Stream(actor, tmp_path / "file" / "folder")
        with hold_pictures(), pytest.raises(PicturesHeld):
            Stream(actor, get_settings().data_dir)
        wait_until_over()


def test_one_that_cannot_be_finished_is_cut_off_and_says_why(
    original: Instance, copy: Instance, tmp_path: Path
) -> None:
    path = tmp_path / "backup.tar"
    with original.inside():
        actor = fill()
        get_store().delete(rows()["screenshots"][-1]["blob"])
        stream = Stream(actor, tmp_path)
        with path.open("wb") as file, pytest.raises(PictureMissing):
            file.writelines(stream)
        action, facts = last()
        assert action == "backup_failed"
        assert "is missing from the screenshot store" in facts["why"]
        assert b"".join(Stream(actor, get_settings().data_dir, allow_missing=True))
        assert last()[0] == "backup_taken"
    with copy.inside(), pytest.raises(BrokenBackup):
        restore(path, nothing)


def test_a_reader_who_goes_away_ends_it(original: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = threading.Event()
    tell = Stream._tell

    def tell_then_wait(self: Stream, *given: Any) -> None:
        tell(self, *given)
        assert gone.wait(30)

    with original.inside():
        actor = fill()
        monkeypatch.setattr(Stream, "_tell", tell_then_wait)
        pieces = iter(Stream(actor, tmp_path / "room"))
        next(pieces)
        pieces.close()  # type: ignore[attr-defined]  # it is a generator
        gone.set()
        wait_until_over()
        assert last() == ("backup_failed", {"why": "The download was broken off."})
        assert list((tmp_path / "room").iterdir()) == []


def test_it_restores_and_leaves_nothing_behind(original: Instance, copy: Instance, tmp_path: Path) -> None:
    path = tmp_path / "backup.tar"
    with original.inside():
        actor = fill()
        path.write_bytes(b"".join(Stream(actor, tmp_path / "room")))
        assert list((tmp_path / "room").iterdir()) == []
        action, facts = last()
        assert (action, facts["bytes"], facts["pictures"]) == ("backup_taken", path.stat().st_size, 6)
    with copy.inside():
        assert restore(path, nothing).pictures == 6
