"""What these tests share: people, a clock to turn, a provider at which one signs in."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from app.accounts import attempts, idempotency, links, maintenance, oidc_provider, sessions, tokens, users
from app.accounts import service as accounts
from app.accounts.models import Role, User
from app.core import clock
from app.core.config import get_settings
from app.core.db import transaction
from tests.accounts.oidc_issuer import CLIENT, SECRET, Issuer, issuing

PASSWORD = "correct horse battery"


@pytest.fixture
def person(engine: Engine) -> User:
    """`person@example.com`, an editor with a password."""
    with transaction(engine=engine) as session:
        return accounts.users.create(
            session,
            email="person@example.com",
            name="Person",
            role=accounts.Role.EDITOR,
            password=PASSWORD,
            by=None,
        )


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """`later(timedelta(hours=1))`: this room's clock moves on by that much."""
    passed = timedelta()

    def moved() -> datetime:
        return clock.now() + passed

    def move(by: timedelta) -> None:
        nonlocal passed
        passed += by

    for module in (attempts, idempotency, links, maintenance, sessions, tokens):
        monkeypatch.setattr(module, "now", moved)
    return move


@pytest.fixture
def issuer(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Issuer]:
    """A provider that the settings name."""
    assert engine
    with issuing() as issuer:
        for name, value in {
            "OIDC_ISSUER": issuer.url,
            "OIDC_CLIENT_ID": CLIENT,
            "OIDC_CLIENT_SECRET": SECRET,
        }.items():
            monkeypatch.setenv(name, value)
        get_settings.cache_clear()
        oidc_provider.forget()
        yield issuer
        oidc_provider.forget()


@pytest.fixture
def mira(engine: Engine) -> User:
    with transaction(engine=engine) as session:
        return users.create(session, email="mira@example.com", name="Mira", role=Role.EDITOR, by=None)
