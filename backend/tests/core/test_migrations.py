from concurrent.futures import ThreadPoolExecutor

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from app.core import migrations
from app.core.config import BACKEND
from app.core.db import Base


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


def test_sqlite_is_set_up_for_safety(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        pragmas = {p: connection.execute(text(f"PRAGMA {p}")).scalar() for p in ("journal_mode", "foreign_keys")}
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1}
