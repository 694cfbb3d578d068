"""A server process, and the SDK's own client before it."""

import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from app.accounts.actor import Actor
from app.core.config import BACKEND, Settings
from tests.servers import PATIENCE_SECONDS, serving


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """One kind is enough here: what is read is read by functions that others try on both."""
    path = tmp_path / "test.db"
    shutil.copy(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


@pytest.fixture
def server(settings: Settings, admin: Actor, tmp_path: Path) -> Iterator[str]:
    """Address of the application as a process of its own, which does not start where there are people without an
    admin."""
    assert settings.database_url
    assert admin
    log = tmp_path / "server.log"
    with serving(log) as address:
        yield address
    assert "Traceback" not in log.read_text(), log.read_text()


@asynccontextmanager
async def over_http(server: str, token: str | None, mode: str = "auto") -> AsyncIterator[Client]:
    """A client with this API token."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=PATIENCE_SECONDS) as http,
        Client(streamable_http_client(f"{server}/mcp", http_client=http), mode=mode) as client,
    ):
        yield client


@asynccontextmanager
async def over_stdio(token: str) -> AsyncIterator[Client]:
    """A client that has started `workflow-platform mcp`."""
    environment = {**os.environ, "WORKFLOW_PLATFORM_TOKEN": token}
    program = StdioServerParameters(
        command=sys.executable, args=["-m", "app.cli", "mcp"], env=environment, cwd=str(BACKEND)
    )
    async with Client(program) as client:
        yield client
