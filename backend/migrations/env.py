"""Alembic's door: which tables there should be, and the database they are compared with."""

from alembic import context
from sqlalchemy import Connection

import app.accounts.models
import app.core.preferences
import app.core.singleton
import app.core.tallies
import app.guides.models
import app.labeling.models
import app.storage.models
import app.webhooks.models
import app.workflows.models
import app.workflows.rerecording.models  # noqa: F401 - importing the models is what fills the metadata
from app.core.db import Base, get_engine

SEARCH = "workflow_search"  # made by hand: a virtual table on SQLite, a tsvector on PostgreSQL


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    return not (kind == "table" and (name or "").startswith(SEARCH))


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=_is_ours,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    _migrate(given)
else:
    with get_engine().begin() as connection:
        _migrate(connection)
