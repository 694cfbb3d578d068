"""The whole way to a provider and back."""

from typing import Any

import pytest
from sqlalchemy import select

from app.accounts import oidc
from app.accounts.actor import Actor
from app.accounts.models import AuditEvent
from app.core.config import get_settings
from app.core.db import transaction
from tests.accounts.oidc_issuer import Issuer, Json

NONE: dict[str, str | None] = {"address": "192.0.2.7", "request_id": None, "replacing": None}


def choose(monkeypatch: pytest.MonkeyPatch, **settings: str) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()


def go(issuer: Issuer, /, **changed: Any) -> Actor:
    """The whole way; `changed`: what the browser comes back with in place of what it was given."""
    secret, address = oidc.begin()
    given: Json = {"secret": secret, **issuer.agree(address), **NONE, **changed}
    return oidc.finish(given.pop("secret"), **given)[1]


def audit_of(action: str) -> list[AuditEvent]:
    with transaction(read_only=True) as session:
        return list(session.scalars(select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.id)))


def sessions_begun() -> int:
    return len(audit_of("signed_in"))
