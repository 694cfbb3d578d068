"""What `up` says on a terminal."""

import io

import pytest
from rich.console import Console

from app.commands.up import voice

LINK = "http://127.0.0.1:8123/sign-in/" + "a" * 43


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """A terminal that is narrower than a sign-in link."""
    screen = io.StringIO()
    narrow = Console(file=screen, force_terminal=True, width=40, color_system=None)
    monkeypatch.setattr("rich.console.Console", lambda *_, **__: narrow)
    return screen


def test_a_sign_in_link_is_never_broken(screen: io.StringIO) -> None:
    voice.Terminal().ready("http://127.0.0.1:8123", LINK)
    assert LINK in screen.getvalue()
