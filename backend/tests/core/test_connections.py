"""Connections that died while they rested, and who makes them."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text

from app.core import db
from app.core.config import Settings
from app.core.db import forget_engine, get_engine, make_engine, single_query, transaction


def _kill_all(engine: Engine) -> None:
    """As a restart of the server does, seen from its clients."""
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )


@pytest.mark.parametrize("open_session", [transaction, single_query])
def test_connections_that_died_while_they_rested_are_replaced(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, open_session: object
) -> None:
    if engine.dialect.name == "sqlite":
        return  # has no server that could be restarted
    assert callable(open_session)
    with open_session() as session:
        victim = session.scalar(text("SELECT pg_backend_pid()"))
    other = db.make_engine(engine.url.render_as_string(hide_password=False))
    _kill_all(other)
    other.dispose()
    monkeypatch.setattr(db, "PING_AFTER_SECONDS", 0)
    with open_session() as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) != victim


def test_what_a_client_locked_that_is_gone_without_a_word_comes_free(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a worker is stopped, or its machine lost, in the middle of a transaction."""
    if engine.dialect.name == "sqlite":
        return  # a lock of a file goes with the process
    monkeypatch.setattr(db, "IDLE_SECONDS", 1)
    gone = db.make_engine(engine.url.render_as_string(hide_password=False))
    lock = text("SELECT pg_advisory_xact_lock(1)")
    with gone.connect() as connection:
        connection.execute(lock)
        with transaction() as session:
            session.execute(text("SET LOCAL lock_timeout = '20s'"))
            session.execute(lock)
        connection.invalidate()
    gone.dispose()


def test_a_busy_connection_is_not_asked_each_time_whether_it_lives(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction():
        pass
    asked: list[object] = []
    monkeypatch.setattr(engine.dialect, "do_ping", asked.append)
    with transaction(), transaction(read_only=True):
        pass
    assert asked == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_snapshot_may_rest_for_as_long_as_it_likes_and_nothing_else_may(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "IDLE_SECONDS", 30)
    rest = text("SHOW idle_in_transaction_session_timeout")
    with db.snapshot() as connection:
        assert connection.scalar(rest) == "0"
    with transaction(engine=engine) as session:
        assert session.scalar(rest) == "30s"


def test_threads_that_ask_at_once_share_one_engine(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Engine] = []
    second = threading.Event()

    def slowly(url: str) -> Engine:
        made.append(make_engine(url))
        if len(made) > 1:
            second.set()
        second.wait(0.5)  # as long as another thread might take to get here
        return made[-1]

    assert settings.database_url
    forget_engine()
    monkeypatch.setattr(db, "make_engine", slowly)
    with ThreadPoolExecutor(4) as threads:
        got = list(threads.map(lambda _: get_engine(), range(4)))
    assert len(made) == 1
    assert all(each is made[0] for each in got)
