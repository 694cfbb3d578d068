"""Bringing a database to the version that this code expects."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from app.core.config import BACKEND

ADVISORY_LOCK = 7_294_102


def config() -> Config:
    """Alembic's configuration, independent of the current folder."""
    return Config(BACKEND / "alembic.ini")


def current(engine: Engine) -> str | None:
    """The version that the database has; None: it is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The version that this code expects."""
    head = ScriptDirectory.from_config(config()).get_current_head()
    assert head is not None  # noqa: S101 - there is at least one migration in the repository
    return head


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run what is missing, in one transaction; a second process that tries at once waits for the first."""
    settings = config()
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Undo back to `revision` (`base`: everything)."""
    settings = config()
    with engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, revision)
