"""The whole application over a fresh database of each kind, and its callers."""

import gc
import io
import logging
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.accounts.actor import Actor
from app.core.config import Settings
from tests.api.callers import Caller, bearer, revoked
from tests.api.refusals import NOTHING, kept
from tests.applications import application


@pytest.fixture
def app(engine: Engine) -> FastAPI:
    """The application, not started."""
    assert engine is not None
    return application()


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """The application, started as a server starts it."""
    handlers = logging.getLogger().handlers[:]
    with TestClient(app) as client:
        yield client
    logging.getLogger().handlers[:] = handlers
    gc.unfreeze()


@pytest.fixture
def log_output(client: TestClient) -> io.StringIO:
    """What the started application logs from now on."""
    assert client is not None
    output = io.StringIO()
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(output)
    return output


@pytest.fixture
def as_owner(client: TestClient, editor: Actor) -> Caller:
    """An editor, to whom the workflows of the test belong."""
    return bearer(client, editor)


@pytest.fixture
def as_colleague(client: TestClient, colleague: Actor) -> Caller:
    """Another editor."""
    return bearer(client, colleague)


@pytest.fixture
def as_viewer(client: TestClient, viewer: Actor) -> Caller:
    return bearer(client, viewer)


@pytest.fixture
def as_admin(client: TestClient, admin: Actor) -> Caller:
    return bearer(client, admin)


@pytest.fixture
def as_anonymous(client: TestClient) -> Caller:
    return Caller(client)


@pytest.fixture
def as_revoked(client: TestClient, editor: Actor) -> Caller:
    """The owner, with an API token that was revoked."""
    return revoked(client, editor)


@pytest.fixture
def as_reader(client: TestClient, editor: Actor) -> Caller:
    """The owner, with an API token that may only read."""
    return bearer(client, editor, "read")


@pytest.fixture
def nothing_kept(settings: Settings) -> Iterator[None]:
    """The test leaves neither rows nor files."""
    yield
    assert kept(settings) == NOTHING
