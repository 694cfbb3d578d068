"""Instances to back up and to restore into: a database of either kind and a folder of pictures each."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from app.core.config import get_settings
from app.core.db import forget_engine
from tests.conftest import sqlalchemy_url


@dataclass(frozen=True)
class Instance:
    """Where one instance keeps its things; `inside` makes it this process's own."""

    kind: str
    url: str
    data_dir: Path
    monkeypatch: pytest.MonkeyPatch

    @contextmanager
    def inside(self) -> Iterator[None]:
        self.monkeypatch.setenv("DATABASE_URL", self.url)
        self.monkeypatch.setenv("DATA_DIR", str(self.data_dir))
        _read_anew()
        yield
        _read_anew()

    def pictures(self) -> set[str]:
        """What lies in its store, without what can be made anew."""
        top = self.data_dir / "screenshots"
        found = {str(path.relative_to(top)) for path in top.rglob("*") if path.is_file()} if top.exists() else set()
        return {name for name in found if not name.startswith("variants/")}


NewInstance = Callable[..., Instance]


@pytest.fixture
def new_instance(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[NewInstance]:
    """Makes instances without anything in them: `new_instance("sqlite")`; `tables=False`: not even tables."""
    if "broker" not in request.fixturenames:
        monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    databases: list[str] = []

    def make(kind: str, *, tables: bool = True) -> Instance:
        name = f"test_{uuid4().hex}"
        folder = tmp_path / name
        folder.mkdir()
        if kind == "sqlite":
            if tables:
                shutil.copy(request.getfixturevalue("sqlite_template"), folder / "test.db")
            return Instance(kind, f"sqlite:///{folder}/test.db", folder, monkeypatch)
        server = request.getfixturevalue("postgres")
        template = request.getfixturevalue("postgres_template") if tables else "template1"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        databases.append(name)
        return Instance(kind, sqlalchemy_url(server, name), folder, monkeypatch)

    yield make
    _read_anew()
    for name in databases:
        with psycopg.connect(request.getfixturevalue("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgresql"])
def original(request: pytest.FixtureRequest, new_instance: NewInstance) -> Instance:
    """An instance of each kind."""
    return new_instance(request.param)


@pytest.fixture
def copy(original: Instance, new_instance: NewInstance) -> Instance:
    """An empty instance of the same kind."""
    return new_instance(original.kind)


def _read_anew() -> None:
    get_settings.cache_clear()
    forget_engine()
