"""Bringing a database to the version that this code expects. Alembic is loaded only when there is something to do."""

from sqlalchemy import Connection, Engine, inspect, text

from app.core.config import BACKEND

ADVISORY_LOCK = 7_294_102


def newest() -> str:
    """The version that this code expects: migrations are numbered, `0001_the_first_tables.py`."""
    return max(path.name.partition("_")[0] for path in (BACKEND / "migrations" / "versions").glob("[0-9]*.py"))


def current(engine: Engine) -> str | None:
    """The version that the database has; None: it is empty."""
    with engine.connect() as connection:
        return current_in(connection)


def current_in(connection: Connection) -> str | None:
    """The same, as a transaction sees it."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def ensure_current(engine: Engine) -> None:
    """Run what is missing; nothing if nothing is.

    Nothing either if the database is newer than this code: migrations add before they take away, so that processes of
    the version before, which may be started again in the middle of a deploy, go on beside the new ones.
    """
    if (current(engine) or "") < newest():
        upgrade(engine)


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run what is missing, in one transaction; a second process that tries at once waits for the first."""
    _run(engine, "upgrade", revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Undo back to `revision` (`base`: everything)."""
    _run(engine, "downgrade", revision)


def move(connection: Connection, revision: str) -> None:
    """Bring the tables to this version, newer or older, within the caller's transaction."""
    before = current_in(connection) or ""
    if before != revision:
        _command(connection, "downgrade" if before > revision else "upgrade", revision)


def _run(engine: Engine, direction: str, revision: str) -> None:
    with engine.begin() as connection:
        _command(connection, direction, revision)


def _command(connection: Connection, direction: str, revision: str) -> None:
    from alembic import command  # noqa: PLC0415 - 10 MB that a process without migrations to run does without
    from alembic.config import Config  # noqa: PLC0415

    config = Config(BACKEND / "alembic.ini")
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
    config.attributes["connection"] = connection
    getattr(command, direction)(config, revision)
