"""Every setting stands in docs/configuration.md and in .env.example, as it is."""

import pytest

from app.core.config import Settings
from tests.contracts import settings_tables
from tests.contracts.settings_tables import CONFIGURATION, EXAMPLE


@pytest.mark.parametrize("name", Settings.model_fields)
def test_setting_says_what_it_does(name: str) -> None:
    description = Settings.model_fields[name].description
    assert description, f"{name} has no description"
    assert description.endswith("."), f"{name}: a description is a sentence"


def test_tables_are_fresh() -> None:
    page = CONFIGURATION.read_text("utf-8")
    assert page == settings_tables.configuration(page), 'Run "make docs".'
    assert EXAMPLE.read_text("utf-8") == settings_tables.example(), 'Run "make docs".'
