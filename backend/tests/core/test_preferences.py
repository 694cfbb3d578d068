"""What admins choose stands above the environment, and nothing that cannot be used stands there."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.core import preferences
from app.core.config import Settings, get_settings
from app.core.errors import InvalidInput
from app.core.preferences import CHOOSABLE, Preference


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("anthropic_api_key", "sk-secret"),
        ("nothing", 1),
        ("labeler", "magic"),
        ("label_budget_usd_per_day", -1),
        ("label_budget_usd_per_day", "inf"),
        ("label_budget_usd_per_day", float("nan")),
        ("unused_screenshot_hours", 0),
        ("claude_model", "a\x00b"),
        ("claude_model", "\ud800"),
        ("claude_model", "x" * 201),
        ("guide_language", "Deutsch, bitte"),
        ("guide_language", "de\n"),
        ("openai_vision", "perhaps"),
    ],
)
def test_what_cannot_be_used_is_refused_and_named(session: Session, name: str, value: Any) -> None:
    with pytest.raises(InvalidInput) as told:
        preferences.choose(session, name, value, user_id=None)
    assert told.value.facts["field"] == name
    assert preferences.settings(session) == get_settings()


def test_a_value_of_another_version_is_overlooked(session: Session) -> None:
    session.add(Preference(name="labeler", value="a labeler of next year"))
    session.add(Preference(name="gone_for_good", value=3))
    session.add(Preference(name="click_verb", value="Select"))
    session.flush()
    found = preferences.settings(session)
    assert (found.labeler, found.click_verb) == ("auto", "Select")


def test_a_choice_holds_until_it_is_left(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABEL_BUDGET_USD_PER_DAY", "3")
    get_settings.cache_clear()
    preferences.choose(session, "label_budget_usd_per_day", None, user_id=None)
    assert preferences.settings(session).label_budget_usd_per_day is None
    preferences.choose(session, "label_budget_usd_per_day", "7.5", user_id=None)
    assert preferences.settings(session).label_budget_usd_per_day == 7.5
    preferences.leave(session, "label_budget_usd_per_day")
    assert preferences.settings(session).label_budget_usd_per_day == 3


@pytest.mark.parametrize("name", sorted(CHOOSABLE))
def test_every_setting_takes_its_own_value(session: Session, name: str) -> None:
    assert name in Settings.model_fields
    preferences.choose(session, name, getattr(get_settings(), name), user_id=None)
    assert preferences.settings(session) == get_settings()
