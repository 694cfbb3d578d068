"""The database: one engine a process, short transactions, the same behaviour on SQLite and PostgreSQL."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Connection, Engine, Integer, MetaData, create_engine, event, make_url, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

from app.core.config import get_settings

BUSY_TIMEOUT_SECONDS = 30
PING_AFTER_SECONDS = 1.0
IDLE_SECONDS = 30
"""After which the server ends a transaction whose client says nothing: it was stopped, or its machine is gone, and what
it had locked would hold up everybody else for hours."""
READ_ONLY = "read_only"
DURABLE = "durable"

Json = JSON().with_variant(JSONB(), "postgresql")


class Base(DeclarativeBase):
    """Base of every table."""

    # A rowid on SQLite, room for more than two billion rows on PostgreSQL.
    type_annotation_map: ClassVar = {int: BigInteger().with_variant(Integer, "sqlite")}
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def make_engine(url: str, *, pool_size: int = 20) -> Engine:
    """An engine for `sqlite:///…` or `postgresql+psycopg://…`; a SQLite file's folder is made if it is missing."""
    if make_url(url).get_backend_name() == "sqlite":
        return _make_sqlite_engine(url, pool_size)
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        hide_parameters=True,  # errors are logged, and what was recorded is not
        connect_args={"connect_timeout": 5},
    )
    _ping_after_idling(engine)
    _end_what_rests_in_a_transaction(engine)
    return engine


def _end_what_rests_in_a_transaction(engine: Engine) -> None:
    """Not as an option of the connection: poolers of connections refuse those."""

    @event.listens_for(engine, "connect")
    def limit(connection: Any, _: ConnectionPoolEntry) -> None:
        connection.execute(f"SET idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'")
        connection.commit()


def _ping_after_idling(engine: Engine) -> None:
    """Try a connection that rested before it is used: the server may have been restarted meanwhile.

    The pool's own `pool_pre_ping` tries every time, which costs a busy server two round trips a request.
    """

    @event.listens_for(engine, "checkin")
    def note(_: Any, entry: ConnectionPoolEntry) -> None:
        entry.info["used"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ping(connection: Any, entry: ConnectionPoolEntry, _: Any) -> None:
        if time.monotonic() - entry.info.get("used", time.monotonic()) < PING_AFTER_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error  # all that rested are as dead; the pool connects anew


def _make_sqlite_engine(url: str, pool_size: int) -> Engine:
    database = make_url(url).database
    if database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        hide_parameters=True,
        connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # A write transaction takes the write lock at once: one that read first and then wants to write
        # would be refused ("database is locked") without waiting.
        options = connection.get_execution_options()
        statements = ["BEGIN DEFERRED"]
        if not options.get(READ_ONLY):
            statements = [f"PRAGMA synchronous={'FULL' if options.get(DURABLE, True) else 'NORMAL'}", "BEGIN IMMEDIATE"]
        for statement in statements:
            connection.connection.execute(statement)

    return engine


_making = threading.Lock()


def get_engine() -> Engine:
    """This process's engine: one, whichever threads ask for it first."""
    with _making:
        return _engine()


@lru_cache(maxsize=1)
def _engine() -> Engine:
    return make_engine(get_settings().database)


def forget_engine() -> None:
    """What is open of it is closed, and the next who asks gets a new one."""
    with _making:
        if _engine.cache_info().currsize:
            _engine().dispose()
        _engine.cache_clear()


_sqlite_write_lock = threading.Lock()
_inherited: list[Engine] = []


def _after_fork_in_child() -> None:
    """A forked child makes its own engine; the parent's is kept, so that nothing closes connections that it shares."""
    global _sqlite_write_lock, _making
    # The parent's may be held by a thread that does not exist here.
    _sqlite_write_lock, _making = threading.Lock(), threading.Lock()
    if _engine.cache_info().currsize:
        _inherited.append(_engine())
        _engine.cache_clear()


os.register_at_fork(after_in_child=_after_fork_in_child)


@contextmanager
def single_query() -> Iterator[Session]:
    """A session for one statement that reads: on PostgreSQL one round trip, without those of a transaction."""
    engine = get_engine()
    if engine.dialect.name == "sqlite":
        with transaction(read_only=True) as session:
            yield session
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection, Session(connection) as session:
        yield session


@contextmanager
def snapshot() -> Iterator[Connection]:
    """The database as it stands at the first statement, however long it is read; nobody who writes waits for it."""
    engine = get_engine()
    options: dict[str, Any] = {READ_ONLY: True}  # on SQLite, any transaction that reads sees one moment
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        take_ones_time(connection)
        yield connection


def take_ones_time(connection: Connection) -> None:
    """Let this transaction rest between its statements for as long as it likes."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))


@contextmanager
def transaction(*, read_only: bool = False, durable: bool = True, engine: Engine | None = None) -> Iterator[Session]:
    """One transaction: committed at the end, rolled back on an error. Objects stay readable after it.

    `durable=False`: the commit does not wait for the disk. Whatever is committed durably later takes it along, and a
    power cut before that takes it back as a whole; the death of a process takes nothing back.

    A write transaction on SQLite holds the database's only write lock from its start, and threads of this process
    queue for it here: SQLite's own waiting is by sleeping and trying again, which starves some of them for seconds.
    """
    engine = engine or get_engine()
    waiting = _sqlite_write_lock if engine.dialect.name == "sqlite" and not read_only else nullcontext()
    options = {READ_ONLY: True, "postgresql_readonly": True} if read_only else {DURABLE: durable}
    with (
        waiting,
        engine.connect().execution_options(**options) as connection,
        Session(connection, expire_on_commit=False, autoflush=False) as session,
        connection.begin(),
    ):
        if not durable and engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL synchronous_commit TO off")
        yield session
        session.flush()
