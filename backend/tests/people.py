"""Fixtures: one person of each role, as actors."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.service import Actor, Role
from app.core.db import transaction


def person(session: Session, name: str, role: Role) -> Actor:
    """A new person without a password, `name@example.com`, with everything that the role allows."""
    user = accounts.users.create(
        session, email=f"{name.lower()}@example.com", name=name.capitalize(), role=role, by=None
    )
    return accounts.of_user(user)


def _fresh(request: pytest.FixtureRequest, engine: Engine, name: str, role: Role) -> Actor:
    """In the test's own transaction if it has one open, since there can be no second one on SQLite; else committed."""
    if "session" in request.fixturenames:
        return person(request.getfixturevalue("session"), name, role)
    with transaction(engine=engine) as session:
        return person(session, name, role)


@pytest.fixture
def admin(request: pytest.FixtureRequest, engine: Engine) -> Actor:
    return _fresh(request, engine, "admin", Role.ADMIN)


@pytest.fixture
def editor(request: pytest.FixtureRequest, engine: Engine) -> Actor:
    return _fresh(request, engine, "editor", Role.EDITOR)


@pytest.fixture
def colleague(request: pytest.FixtureRequest, engine: Engine) -> Actor:
    """A second editor, to whom what the first one owns does not belong."""
    return _fresh(request, engine, "colleague", Role.EDITOR)


@pytest.fixture
def viewer(request: pytest.FixtureRequest, engine: Engine) -> Actor:
    return _fresh(request, engine, "viewer", Role.VIEWER)
