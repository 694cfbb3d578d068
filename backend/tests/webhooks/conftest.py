"""A receiver on this machine, which the settings allow."""

from collections.abc import Iterator

import pytest

from app.accounts.actor import Actor
from app.core.config import Settings, get_settings
from app.core.db import transaction
from app.webhooks import service as webhooks
from app.webhooks.models import Webhook, WebhookDelivery
from tests.webhooks.receiver import Receiver, receiving


@pytest.fixture
def allowed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings with which this machine may be told."""
    assert settings.database_url
    for name, value in {
        "WEBHOOK_ALLOW_HTTP": "true",
        "WEBHOOK_ALLOWED_HOSTS": "127.0.0.1",
        "WEBHOOK_TIMEOUT_SECONDS": "5",
    }.items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()
    return get_settings()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def webhook(allowed: Settings, admin: Actor, receiver: Receiver) -> Webhook:
    """Of everything, to the receiver."""
    assert allowed
    with transaction() as session:
        return webhooks.create(session, admin, url=receiver.url, events=webhooks.EVENTS)


def deliveries() -> list[WebhookDelivery]:
    """All of them, oldest first."""
    with transaction(read_only=True) as session:
        return session.query(WebhookDelivery).order_by(WebhookDelivery.id).all()
