"""Webhooks, set up by an admin in a real browser and received by a real server."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.accounts import users
from app.accounts.models import Role, User
from app.core.config import Settings, get_settings
from app.core.db import transaction
from app.webhooks import sending
from tests.browser.axe import violations
from tests.webhooks.receiver import Receiver, receiving


@pytest.fixture
def settings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    assert settings.database_url
    monkeypatch.setenv("WEBHOOK_ALLOW_HTTP", "true")
    monkeypatch.setenv("WEBHOOK_ALLOWED_HOSTS", "127.0.0.1")
    get_settings.cache_clear()
    return get_settings()


@pytest.fixture
def mira(settings: Settings) -> User:
    """An admin, here."""
    assert settings.database_url
    with transaction() as session:
        return users.create(session, email="mira@example.com", name="Mira Okafor", role=Role.ADMIN, by=None)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def test_a_webhook_is_set_up_tried_mended_and_deleted(
    page: Page, sign_in: Callable[[], None], receiver: Receiver, tmp_path: Path
) -> None:
    assert tmp_path
    sign_in()
    page.goto("/settings/webhooks")
    assert violations(page) == []
    page.get_by_label("Address of the receiver").fill("http://10.0.0.1/hook")
    page.get_by_role("button", name="Add webhook").click()
    expect(page.get_by_role("alert")).to_contain_text("10.0.0.1 is not on the public internet")
    assert violations(page) == []
    page.get_by_label("Address of the receiver").fill(receiver.url)
    page.get_by_label("Published").uncheck()
    page.keyboard.press("Enter")
    secret = page.locator(".fresh-secret code").inner_text()
    assert secret.startswith("whsec_")
    assert violations(page) == []

    page.get_by_role("button", name="Send a test").click()
    expect(page.locator(".delivery .state")).to_have_text("Waiting")
    expect(page.get_by_text(secret)).to_have_count(0)
    receiver.statuses = [500]
    assert sending.send_due(20) == 1
    expect(page.get_by_text("The receiver answered 500")).to_be_visible()
    page.get_by_role("button", name="Send again").click()
    assert sending.send_due(20) == 1
    expect(page.locator(".delivery .state")).to_have_text("Delivered")
    assert receiver.got[1].is_signed_with(secret)
    page.get_by_text("What it says").click()
    expect(page.locator(".delivery pre")).to_contain_text("This is a test.")
    assert violations(page) == []

    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Somebody paused this webhook.")).to_be_visible()
    page.get_by_text("New secret, or delete").click()
    assert violations(page) == []
    page.get_by_role("button", name="Delete this webhook").click()
    expect(page.get_by_role("heading", name="Webhooks")).to_be_visible()
    expect(page.locator(".hook")).to_have_count(0)
