"""What these tests share: a person with a password, and a clock to turn."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from app.accounts import attempts, idempotency, links, maintenance, sessions, tokens
from app.accounts import service as accounts
from app.accounts.models import User
from app.core import clock
from app.core.db import transaction

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
