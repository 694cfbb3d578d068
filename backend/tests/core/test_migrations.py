from concurrent.futures import ThreadPoolExecutor

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, select, text

from app.accounts.actor import Actor
from app.core import migrations
from app.core.clock import now
from app.core.config import BACKEND
from app.core.db import Base, transaction
from app.storage.models import Screenshot


def test_down_and_up_again_leaves_the_same_tables(engine: Engine) -> None:
    before = set(inspect(engine).get_table_names())
    migrations.downgrade(engine, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version", "sqlite_sequence"}
    migrations.upgrade(engine)
    assert set(inspect(engine).get_table_names()) == before
    assert migrations.current(engine) == migrations.newest()


def test_the_newest_version_is_the_one_that_alembic_would_run_to() -> None:
    scripts = ScriptDirectory.from_config(Config(BACKEND / "alembic.ini"))
    assert scripts.get_heads() == [migrations.newest()]


def test_an_empty_database_is_filled_by_one_of_many_who_try_at_once(engine: Engine) -> None:
    migrations.downgrade(engine, "base")
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: migrations.ensure_current(engine), range(4)))
    assert migrations.current(engine) == migrations.newest()


def test_models_and_migrations_agree(engine: Engine) -> None:
    import app.accounts.models
    import app.core.singleton
    import app.core.tallies
    import app.labeling.models
    import app.storage.models
    import app.workflows.models  # noqa: F401 - importing the models is what fills the metadata

    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, kind, _: kind != "table" or "search" not in (name or "")}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_pictures_that_may_have_been_painted_over_count_as_such(engine: Engine, editor: Actor) -> None:
    """Before 0007 nobody wrote down which ones were: all of a workflow in which something was hidden."""
    migrations.downgrade(engine, "0006")
    rows = {"at": now(), "who": editor.user_id}
    with engine.begin() as connection:
        for number, what in ((1, "picture_redacted"), (2, "step_added")):
            given = rows | {"id": number, "shot": f"shot{number}", "what": what}
            for table, columns, values in ROWS:
                connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({values})"), given)  # noqa: S608
    migrations.upgrade(engine)
    with transaction(read_only=True) as session:
        hidden = {shot.id: shot.hidden for shot in session.scalars(select(Screenshot))}
    assert hidden == {"shot1": [], "shot2": None}


ROWS = (
    (
        "screenshots",
        "id, owner_id, sha256, blob, media_type, width, height, bytes, created_at",
        ":shot, :who, :shot, :shot, 'image/png', 1, 1, 1, :at",
    ),
    (
        "workflows",
        "id, owner_id, name, status, visibility, version, created_at, updated_at",
        ":id, :who, 'Old', 'draft', 'team', 1, :at, :at",
    ),
    (
        "steps",
        "workflow_id, position, version, action, page, screenshot_id, label_state",
        ":id, 1, 1, 'click', '{}', :shot, 'rules'",
    ),
    ("edits", "workflow_id, what, facts, created_at", ":id, :what, '{}', :at"),
)
"""Of a workflow with one step, one picture and one edit."""


def test_sqlite_is_set_up_for_safety(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        pragmas = {p: connection.execute(text(f"PRAGMA {p}")).scalar() for p in ("journal_mode", "foreign_keys")}
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1}
