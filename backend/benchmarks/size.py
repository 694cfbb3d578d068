"""How many bytes everything takes that is stored: rows with their indexes in both databases, pictures, messages.

    python -m benchmarks.size [--workflows 2000]

Stores recordings as the API does, adds for each run the rows that a model's labelling leaves (a label for each step,
chunks, calls), and asks the database what each table takes, its indexes among it.
"""

import argparse
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import redis
from sqlalchemy import Engine, func, insert, select, text, update
from sqlalchemy.orm import Session

from app.accounts import users
from app.accounts.actor import Actor, of_user
from app.core import config, migrations
from app.core.clock import now
from app.core.db import Base, make_engine, transaction
from app.labeling.models import LabelingChunk, LabelingRun, ModelCall, RunState
from app.recordings import service as recordings
from app.recordings.schema import RecordingIn, RecordingStep
from app.recordings.service import Prepared
from app.storage.models import Screenshot
from app.storage.variants import SIZES, render_variants
from app.workflows.models import Label, Step, Workflow
from benchmarks import pictures, report, services
from benchmarks.filling import settle
from benchmarks.report import Row
from benchmarks.rules import rich_workflow
from benchmarks.services import KINDS

STEPS = 10
DIFFERENT = 50
"""Recordings; more workflows than that have the same steps again."""
CHUNK = 3
"""Steps of one call while there is no queue (LABEL_QUICK_CHUNK_STEPS)."""
MESSAGES = 5_000
TABLES: Mapping[str, tuple[str, ...]] = {
    "workflow": ("workflows", "workflow_search", "workflow_texts", "audit_events"),
    "step": ("steps",),
    "label": ("labels",),
    "run": ("labeling_runs",),
    "chunk": ("labeling_chunks",),
    "call": ("model_calls",),
    "picture's row": ("screenshots",),
}
"""What is counted → the tables that grow with it."""


def fill(engine: Engine, count: int) -> dict[str, int]:
    """A database with so many labelled workflows; how many rows of what."""
    migrations.upgrade(engine)
    with transaction(engine=engine) as session:
        admin, _ = users.ensure_admin(session)
        owner = of_user(admin)
    different = [_prepared(number) for number in range(min(count, DIFFERENT))]
    for first in range(0, count, DIFFERENT):
        with transaction(engine=engine) as session:
            for number in range(first, min(first + DIFFERENT, count)):
                _store(session, owner, number, different[number % DIFFERENT])
    settle(engine)
    counted = dict(zip(TABLES, (Workflow, Step, Label, LabelingRun, LabelingChunk, ModelCall, Screenshot), strict=True))
    with transaction(engine=engine, read_only=True) as session:
        return {what: session.scalar(select(func.count()).select_from(table)) or 0 for what, table in counted.items()}


def _prepared(number: int) -> Prepared:
    steps = [step.model_copy(update={"screenshot_id": None}) for step in rich_workflow(number)[:STEPS]]
    recording = RecordingIn(name=f"Recording {number}", steps=[RecordingStep(**step.model_dump()) for step in steps])
    return recordings.prepare(recording)


def _store(session: Session, owner: Actor, number: int, prepared: Prepared) -> None:
    ingested = recordings.store(session, owner, prepared)
    _label(session, ingested.workflow_id, ingested.run_id)
    _add(session, Screenshot, [_picture(owner, number, step) for step in range(STEPS)])


def _label(session: Session, workflow_id: int, run_id: int) -> None:
    """What a model's labelling leaves: a label for each step, and for each chunk itself and its call."""
    moment, model = now(), "claude-haiku-5-5"
    old = session.scalars(select(Label).join(Step).where(Step.workflow_id == workflow_id).order_by(Label.id)).all()
    said = {"confidence": 0.9, "source": "ai", "model": model, "prompt_version": "2026-11-1", "run_id": run_id}
    _add(
        session,
        Label,
        [{"step_id": o.step_id, "field_label": o.field_label, "instruction": o.instruction, **said} for o in old],
    )
    ids = [label.step_id for label in old]
    parts = [ids[at : at + CHUNK] for at in range(0, len(ids), CHUNK)]
    of_run = {"run_id": run_id, "attempts": 1, "key": "k" * 64}
    _add(session, LabelingChunk, [{"number": n, "step_ids": p, "state": "done", **of_run} for n, p in enumerate(parts)])
    call = {"run_id": run_id, "workflow_id": workflow_id, "labeler": "claude", "model": model, "outcome": "answered"}
    call |= {
        "chunk_key": "k" * 64,
        "sent_hash": "h" * 64,
        "prompt_version": "2026-11-1",
        "request_id": "req_" + "i" * 24,
    }
    call |= {"input_tokens": 3_000, "output_tokens": 300, "reserved_usd": 0.01, "cost_usd": 0.0021}
    _add(
        session, ModelCall, [{"step_ids": part, "started_at": moment, "finished_at": moment, **call} for part in parts]
    )
    over = {"state": RunState.SUCCEEDED, "due_at": None, "labeler": "claude", "started_at": moment}
    session.execute(update(LabelingRun).where(LabelingRun.id == run_id).values(finished_at=moment, **over))


def _add(session: Session, table: type[Base], rows: list[dict[str, Any]]) -> None:
    session.execute(insert(table), rows)


def _picture(owner: Actor, number: int, step: int) -> dict[str, Any]:
    key = f"{number:016x}{step:016x}"
    return {"id": key[-26:], "owner_id": owner.user_id, "blob": f"{key[-2:]}/{key}.webp", "sha256": key * 2} | {
        "media_type": "image/webp",
        "width": 1280,
        "height": 720,
        "bytes": 40_000,
    }


def tables(engine: Engine) -> dict[str, int]:
    """Bytes of each table with its indexes."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            query = "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r'"
        else:
            query = "SELECT m.tbl_name, sum(s.pgsize) FROM dbstat s JOIN sqlite_master m USING (name) GROUP BY 1"
        return {name: int(size) for name, size in connection.execute(text(query))}


def measure_tables(kind: str, count: int) -> dict[str, float]:
    """Bytes of one of each in this kind of database."""
    with tempfile.TemporaryDirectory(prefix="wp-size-") as folder, services.database(kind, Path(folder)) as address:
        engine = make_engine(address)
        try:
            stored = fill(engine, count)
            taken = tables(engine)
        finally:
            engine.dispose()
    found = {what: _bytes(taken, names) / stored[what] for what, names in TABLES.items()}
    together = sum(_bytes(taken, names) for names in TABLES.values()) / count
    return {**found, f"workflow of {STEPS} steps, with all of these": together}


def _bytes(taken: Mapping[str, int], names: tuple[str, ...]) -> int:
    """Of these tables; SQLite keeps a search index in several."""
    return sum(size for table, size in taken.items() if table.startswith(names))


def measure_pictures() -> list[Row]:
    """A screenshot of a page as it is kept, and what is drawn of it for people."""
    kept = pictures.screenshot()
    drawn = render_variants(kept, SIZES, pictures.Box(600, 300, 140, 40), pictures.Viewport())
    smaller = sum(len(picture.data) for picture in drawn.values())
    return [Row("picture", len(kept), "bytes"), Row("picture's smaller sizes, once looked at", smaller, "bytes")]


def measure_messages() -> list[Row]:
    """Messages of the labelling queue that wait: in memory, beside what they take in the append-only file."""
    with tempfile.TemporaryDirectory(prefix="wp-size-") as name, services.valkey(Path(name)) as url:
        config.override(redis_url=url)
        from app.tasks.publishing import publish

        with redis.Redis.from_url(url) as broker:
            assert publish(1, 1, 3)
            before = _taken(broker)
            for number in range(MESSAGES):
                assert publish(number, number, 3)
            memory, file = (after - was for after, was in zip(_taken(broker), before, strict=True))
    return [Row("message that waits", memory / MESSAGES, "bytes", file / MESSAGES)]


def _taken(broker: redis.Redis) -> tuple[int, int]:
    """Bytes of memory and of the file."""
    return broker.info("memory")["used_memory"], broker.info("persistence")["aof_current_size"]


def _measure_all(given: argparse.Namespace) -> list[Row]:
    count = 200 if given.quick else given.workflows
    print(f"size: {count:,} workflows of {STEPS} steps; ours is PostgreSQL, the baseline SQLite;", flush=True)
    print("for messages the baseline is the append-only file", flush=True)
    lite, large = (measure_tables(kind, count) for kind in KINDS)
    rows = [Row(what, size, "bytes", lite[what]) for what, size in large.items()]
    return [*rows, *measure_pictures(), *measure_messages()]


def main() -> None:
    """Both databases."""
    parser = report.parser(__doc__)
    parser.add_argument("--workflows", type=int, default=2_000, help="how many are stored in each database")
    report.run(_measure_all, parser.parse_args())


if __name__ == "__main__":
    main()
