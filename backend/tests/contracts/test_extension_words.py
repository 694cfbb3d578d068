"""Every word of the extension in every language, and none that nobody says."""

import json
import re

import pytest

from app.core.config import BACKEND

EXTENSION = BACKEND.parent / "extension"
LANGUAGES = sorted(path.parent.name for path in EXTENSION.glob("_locales/*/messages.json"))
FAMILIES = ("action_", "no_picture_", "problem_", "remedy_")
"""Keys that are put together from what the recorder says."""


def words(language: str) -> dict[str, str]:
    said = json.loads((EXTENSION / "_locales" / language / "messages.json").read_text("utf-8"))
    return {key: entry["message"] for key, entry in said.items()}


def sources() -> str:
    found = [
        path.read_text("utf-8")
        for kind in ("js", "html", "json")
        for path in EXTENSION.rglob(f"*.{kind}")
        if not {"node_modules", "_locales"} & set(path.relative_to(EXTENSION).parts)
    ]
    return "\n".join(found)


def choices(name: str) -> set[str]:
    """The strings of a type of the extension's declarations."""
    declared = (EXTENSION / "messages.d.ts").read_text("utf-8") + (EXTENSION / "recorder/types.d.ts").read_text("utf-8")
    found = re.search(rf"(?:type {name} =|\b{name}:)([^;]+);", declared)
    assert found
    return set(re.findall(r'"(\w+)"', found[1]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_word_with_its_places(language: str) -> None:
    english = words("en")
    assert words(language).keys() == english.keys()
    places = {key: set(re.findall(r"\$\d", text)) for key, text in words(language).items()}
    assert places == {key: set(re.findall(r"\$\d", text)) for key, text in english.items()}
    assert all(text.strip() for text in words(language).values())


def test_every_word_that_is_asked_for_is_there_and_no_other() -> None:
    said = set(re.findall(r'(?:["\'`]|__MSG_)([a-z][a-z_]+?)(?:["\'`]|__)', sources()))
    known = set(words("en"))
    asked = set(re.findall(r'(?:\bt\(|withBold\(|\bword\(|data-t(?:-label)?=|__MSG_)"?([a-z_]+?)(?:"|__)', sources()))
    assert asked <= known
    assert {key for key in known - said if not key.startswith(FAMILIES)} == set()


def test_whatever_the_recorder_says_has_words() -> None:
    wanted = {f"action_{action}" for action in choices("WpAction")}
    wanted |= {f"no_picture_{reason}" for reason in choices("WpNoPicture")}
    wanted |= {f"{kind}_{code}" for kind in ("problem", "remedy") for code in choices("code")}
    assert wanted <= set(words("en"))
