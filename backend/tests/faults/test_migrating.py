"""Killed in the middle of a migration; and one version's processes beside another's, as in a deploy."""

import subprocess
import sys
import time
from itertools import pairwise

import pytest
from sqlalchemy import Engine, inspect, text

from app.accounts.actor import Actor
from app.core import migrations
from app.core.config import BACKEND, Settings
from app.tasks.publishing import publish
from tests.api.bodies import recording, step
from tests.faults.api import StartApi
from tests.faults.record import Faulted, Record
from tests.labeling.recordings import labels_of, record
from tests.labeling.scripted import Stage
from tests.services import StartWorker, wait_for_run, wait_until

OLDEST = "0001"
MOMENTS = 4
MIGRATE = """
import sys
from alembic import command
from app.core import migrations
from app.core.db import get_engine
migrations.current(get_engine())
print("ready", flush=True)
sys.stdin.readline()
migrations.ensure_current(get_engine())
print("done", flush=True)
"""


def columns(engine: Engine) -> dict[str, set[str]]:
    found = inspect(engine)
    return {table: {column["name"] for column in found.get_columns(table)} for table in found.get_table_names()}


def migrating(after_seconds: float | None) -> float:
    """Migrate in a process that is killed after so long; the seconds that it took."""
    command = [sys.executable, "-c", MIGRATE]
    with subprocess.Popen(command, cwd=BACKEND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        begun = time.monotonic()
        process.stdin.write("\n")
        process.stdin.flush()
        if after_seconds is None:
            assert process.stdout.readline() == "done\n"
        else:
            time.sleep(after_seconds)  # the moment is what is tried
            process.kill()
        return time.monotonic() - begun


def test_killed_at_any_moment_a_migration_is_done_or_not_begun(engine: Engine, faulted: Record) -> None:
    record(["Save"])
    new = columns(engine)
    migrations.downgrade(engine, OLDEST)
    old = columns(engine)
    took = migrating(None)
    halves = 0
    for moment in range(MOMENTS):
        migrations.downgrade(engine, OLDEST)
        migrating(took * (moment + 0.5) / MOMENTS)
        engine.dispose()
        halves += (migrations.current(engine), columns(engine)) not in ((OLDEST, old), (migrations.newest(), new))
    migrating(None)
    engine.dispose()
    faulted(Faulted(20, "killed during a migration", MOMENTS, lost=halves))
    assert halves == 0
    assert (migrations.current(engine), columns(engine)) == (migrations.newest(), new)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_killed_in_the_middle_of_a_migration_the_next_start_completes_it(
    engine: Engine, start_api: StartApi, editor: Actor, faulted: Record
) -> None:
    """A reader of one table holds it up there, after others were changed."""
    run = record(["Save"], rule_labels=True)
    new = columns(engine)
    migrations.downgrade(engine, OLDEST)
    old = columns(engine)
    waiting = text("SELECT count(*) FROM pg_locks WHERE relation = 'labels'::regclass AND NOT granted")
    with engine.connect() as reader, engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watching:
        reader.execute(text("SELECT count(*) FROM labels"))
        api = start_api(ready=False)
        wait_until(lambda: watching.scalar(waiting), "held up in the middle")
        api.kill()
    wait_until(lambda: columns(engine) == old, "taken back")
    assert migrations.current(engine) == OLDEST
    api.start()
    faulted(Faulted(20, "the API killed in the middle of a migration"))
    assert (migrations.current(engine), columns(engine)) == (migrations.newest(), new)
    assert [len(labels_of(step)) for step in run.step_ids] == [1]
    made = api.client(editor).post("/api/v1/workflows", json=recording(steps=[step()]))
    assert made.status_code == 201


def expand(engine: Engine) -> None:
    """What the next version may do to a database at which this one works."""
    with engine.begin() as connection:
        for statement in (
            "ALTER TABLE labels ADD COLUMN tone VARCHAR(20)",
            "ALTER TABLE labeling_runs ADD COLUMN region VARCHAR(20) DEFAULT 'here' NOT NULL",
            "ALTER TABLE steps ADD COLUMN mood VARCHAR(20)",
            "CREATE TABLE regions (name VARCHAR(20) PRIMARY KEY)",
            "UPDATE alembic_version SET version_num = '9999'",
        ):
            connection.execute(text(statement))


def test_processes_of_this_version_work_on_beside_the_next_ones_database(
    *,
    queue_settings: Settings,
    engine: Engine,
    start_api: StartApi,
    start_worker: StartWorker,
    worker_stage: Stage,
    editor: Actor,
    faulted: Record,
) -> None:
    """A worker in the middle of a run, then a worker and an API that are started again, as after a crash."""
    assert queue_settings.redis_url
    worker_stage.plan("Second", wait_for="second")
    old = start_worker()
    run = record(["First", "Second", "Third"])
    assert publish(run.run_id, run.workflow_id, 3)
    wait_until(lambda: len(worker_stage.calls()) == 2, "the second call")
    expand(engine)
    worker_stage.open("second")
    done = wait_for_run(run.run_id, "succeeded")
    old.kill()
    api = start_api()
    start_worker()
    made = api.client(editor).post("/api/v1/workflows", json=recording(steps=[step()]))
    newest = wait_for_run(made.json()["labeling"]["id"], "succeeded")
    labels = [len(labels_of(step)) for step in run.step_ids]
    faulted(Faulted(20, "an old worker and an old API beside a new database", 3, labels.count(0), sum(labels) - 3))
    assert (done.attempts, labels, newest.steps_labeled) == (1, [1, 1, 1], 1)
    assert migrations.current(engine) == "9999"
    with engine.connect() as connection:
        assert set(connection.scalars(text("SELECT region FROM labeling_runs"))) == {"here"}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_new_worker_beside_an_old_database_waits_for_its_migration(
    *, queue_settings: Settings, engine: Engine, start_worker: StartWorker, start_api: StartApi, faulted: Record
) -> None:
    assert queue_settings.redis_url
    run = record(["First", "Second"])
    migrations.downgrade(engine, OLDEST)
    start_worker()
    assert publish(run.run_id, run.workflow_id, 3)
    start_api()
    begun = time.monotonic()
    wait_for_run(run.run_id, "succeeded")
    labels = [len(labels_of(step)) for step in run.step_ids]
    seconds = time.monotonic() - begun
    faulted(Faulted(20, "a new worker beside an old database", 1, labels.count(0), sum(labels) - 2, seconds=seconds))
    assert labels == [1, 1]


REVISIONS = [f"{number:04d}" for number in range(1, int(migrations.newest()) + 1)]


@pytest.mark.parametrize(("before", "after"), list(pairwise(REVISIONS)))
def test_statements_of_the_version_before_still_fit(engine: Engine, before: str, after: str) -> None:
    """Every column that it knows is there, and it need not know any other to write a row."""
    migrations.downgrade(engine, before)
    old = columns(engine)
    migrations.upgrade(engine, after)
    for table, known in old.items():
        found = {column["name"]: column for column in inspect(engine).get_columns(table)}
        assert known <= found.keys(), table
        for name in found.keys() - known:
            column = found[name]
            assert column["nullable"] or column["default"] is not None, f"{table}.{name}"
