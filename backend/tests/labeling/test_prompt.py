"""The words to a model never change under their version: labels tell with which words they were made."""

import hashlib
from pathlib import Path

import pytest

from app.labeling.prompt import question

WORDS = {"v1": "b25773d7910dd915125380232f24ca23ded2485ce2b93888c5d89c0898d4f0e7"}


@pytest.mark.parametrize("version", WORDS)
def test_words_of_a_version_stay(version: str) -> None:
    found = hashlib.sha256(question.system_words(version).encode()).hexdigest()
    assert found == WORDS[version], "make a new version of the prompt's words instead of changing this one"


def test_every_version_is_held_here() -> None:
    folder = Path(question.__file__).parent
    assert {path.parent.name for path in folder.glob("*/system.md")} == set(WORDS)
    assert question.VERSION in WORDS
