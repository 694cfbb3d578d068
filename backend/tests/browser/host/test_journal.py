"""What is written while a recording is made, and taken up again."""

from pathlib import Path

import pytest

from app.browser.errors import NothingRecorded
from app.browser.journal import LINES, Journal, left_behind
from app.browser.recording import Recording, resumed
from app.workflows.content import Action, Page, StepContent, Target

PNG = b"\x89PNG a picture"


def click(name: str) -> StepContent:
    return StepContent(action=Action.CLICK, target=Target(name=name), page=Page(url="http://a.test/?q=canary"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Of a recording with two steps, one of them with a picture, whose program has died."""
    recording = Recording("Try")
    recording.keep_in(Journal(tmp_path / "one"))
    recording.put("a", click("First"))
    recording.show("a", PNG)
    recording.put("b", click("Gone"))
    recording.put("c", click("Second"))
    recording.withdraw("b")
    recording.warn("a frame: could not be recorded")
    recording.close()
    return tmp_path / "one"


def names(recording: Recording) -> list[str | None]:
    recording.close()
    return [step.target.name for step in recording.steps if step.target]


def test_nothing_is_there(tmp_path: Path) -> None:
    assert left_behind(tmp_path) == []
    with pytest.raises(NothingRecorded):
        resumed(tmp_path)


@pytest.mark.parametrize(
    "torn", ["", '{"kind": "put", "key": "d", "st', "\x00\x00", "[]\n", '{"kind": "put", "key": 1}\n']
)
def test_what_was_written_is_taken_up(folder: Path, torn: str) -> None:
    with (folder / LINES).open("a") as file:
        file.write(torn)
    recording = resumed(folder)
    assert names(recording) == ["First", "Second"]
    assert recording.name == "Try"
    assert list(recording.pictures.values()) == [PNG]
    assert "a frame: could not be recorded" in recording.warnings


def test_it_goes_on_where_it_ended(folder: Path) -> None:
    with (folder / LINES).open("a") as file:
        file.write('{"kind": "put", "ke')
    first = resumed(folder)
    first.put("e", click("Third"))
    first.close()
    again = resumed(folder)
    assert names(again) == ["First", "Second", "Third"]
    assert again.id == first.id


def test_one_that_is_being_made_is_not_taken_from_under_it(tmp_path: Path, folder: Path) -> None:
    assert left_behind(tmp_path) == [folder]
    recording = resumed(folder)
    assert left_behind(tmp_path) == []
    recording.close()
    assert left_behind(tmp_path) == [folder]


def test_a_missing_picture_costs_the_picture_alone(folder: Path) -> None:
    for picture in folder.glob("*.png"):
        picture.unlink()
    assert names(resumed(folder)) == ["First", "Second"]


def test_no_secret_is_written_and_nothing_is_left(folder: Path) -> None:
    assert "canary" not in (folder / LINES).read_text()
    resumed(folder).forget_journal()
    assert not folder.exists()
