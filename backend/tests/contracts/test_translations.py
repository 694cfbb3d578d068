"""Every language says everything that the pages say, with the same places to fill in."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from app.web.i18n import LANGUAGES
from tests.contracts import translations

PLACES = re.compile(r"%\(\w+\)[sd]|\{\w+\}|<\w+>")


def test_there_is_a_second_language() -> None:
    assert LANGUAGES == ("en", "de")
    assert sum(1 for _ in translations.messages(translations.said())) > 100


@pytest.mark.parametrize("path", translations.files(), ids=lambda path: path.stem)
class TestOfALanguage:
    def test_it_is_fresh(self, path: Path) -> None:
        assert translations.fresh(path) == path.read_bytes(), "run `make docs`"

    def test_nothing_is_missing(self, path: Path) -> None:
        assert [message.id for message in translations.missing(translations.read(path))] == []

    def test_each_has_the_places_of_the_original(self, path: Path) -> None:
        assert [each.id for each in translations.messages(translations.read(path)) if not _same_places(each)] == []


def _same_places(message: Message) -> bool:
    """A form for one may leave out how many there are; the form for many has all that the original has."""
    said, strings = _texts(message.id), _texts(message.string)
    wanted, allowed = _places(said[-1]), _places(" ".join(said))
    return all(_places(text) <= allowed for text in strings) and wanted <= _places(strings[-1])


def _texts(value: object) -> list[str]:
    return [str(text) for text in value] if isinstance(value, (tuple, list)) else [str(value)]


def _places(text: str) -> set[str]:
    return set(PLACES.findall(text))
