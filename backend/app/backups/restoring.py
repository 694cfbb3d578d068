"""A backup becomes an instance again.

    check      the whole file is read, and every hash compared; nothing is changed before that
    pictures   into the store: without rows nobody sees them, and what is under the same key is the same picture
    rows       one transaction: what was there goes, the tables get the backup's version, the rows come, the tables get
               this program's version, runs wait again, the search index is built. It is all there, or nothing is

What fails leaves the database as it was; pictures that it brought are taken away again. What the instance had
before, and no row names any more, is erased after the commit.
"""

import tempfile
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

import structlog
from sqlalchemy import Connection, Engine, func, inspect, select, table, text
from sqlalchemy.orm import Session

from app.backups import portable
from app.backups.archive import Reader, unpacked
from app.backups.checking import check
from app.backups.errors import InstanceUsed, WrongDatabaseVersion
from app.backups.manifest import Manifest
from app.backups.portable import LEFT_OUT, STAYS
from app.backups.showing import Show
from app.core import migrations
from app.core.db import get_engine, take_ones_time, transaction
from app.core.errors import AppError
from app.core.holding import Holding
from app.labeling import recovery
from app.storage import service as storage
from app.storage.holding import hold_pictures
from app.storage.models import Screenshot
from app.storage.store import get_store
from app.workflows import search
from app.workflows.models import Workflow

log = structlog.get_logger(__name__)

PICTURES = "pictures/"
INDEXED_AT_ONCE = 200
ERASED_AT_ONCE = 500
LOCK_WAIT = "60s"
"""For those who work on a PostgreSQL database that is to be replaced."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore brought; `runs_queued`: labellings that were under way and wait again."""

    rows: int
    pictures: int
    runs_queued: int
    taken_at: str
    migration: str


def inhabitants(engine: Engine) -> dict[str, int]:
    """How many rows each table has that is not empty; an instance without any is empty."""
    with engine.connect() as connection:
        return _inhabitants(connection)


def restore(path: Path, show: Show, *, replace: bool = False) -> Restored:
    """`replace`: what is there goes, else InstanceUsed if there is anything."""
    engine = get_engine()
    _check_target(engine, replace=replace)
    with Reader(path) as reader:
        manifest = check(reader, show)
        with _held(engine) as held, tempfile.TemporaryFile() as new, tempfile.TemporaryFile() as old:
            try:
                pictures = _put_pictures(reader, manifest, new, show)
                with transaction() as session:
                    take_ones_time(session.connection())
                    if held is not None:
                        held.confirm(session)
                    runs = _rows(session, reader, manifest, old, show, replace=replace)
            except BaseException:
                with suppress(Exception):  # the first error is the one to tell
                    _erase_nameless(engine, _lines(new))
                raise
            _erase_nameless(engine, _lines(old))
    log.info("instance_restored", rows=manifest.rows, pictures=pictures)
    return Restored(manifest.rows, pictures, runs, manifest.taken_at, manifest.migration)


def _check_target(engine: Engine, *, replace: bool) -> None:
    has = migrations.current(engine)
    if has is not None and has > migrations.newest():
        raise WrongDatabaseVersion(
            f"The database is at version {has}, newer than this program, which knows {migrations.newest()}. "
            "Nothing was changed."
        )
    with engine.connect() as connection:
        _refuse_if_used(connection, replace=replace)


def _refuse_if_used(connection: Connection, *, replace: bool) -> None:
    found = {} if replace else _inhabitants(connection)
    if found:
        there = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in sorted(found.items()))
        raise InstanceUsed(
            f"There is something in this instance already ({there}). Restore into an empty one, or give --replace to "
            "put the backup in the place of all that. Nothing was changed."
        )


def _inhabitants(connection: Connection) -> dict[str, int]:
    names = [name for name in _tables(connection) if name not in LEFT_OUT]
    counts = {name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in names}
    return {name: count for name, count in counts.items() if count}


def _tables(connection: Connection) -> list[str]:
    """Every table of ours that a restore empties, whatever the version; the search index is no table among others."""
    names = inspect(connection).get_table_names()
    return [name for name in names if name not in STAYS and not name.startswith(("workflow_search", "sqlite_"))]


def _held(engine: Engine) -> "Holding | nullcontext[None]":
    """Nobody erases a picture that the backup brings; where there are no tables yet, nobody can."""
    return hold_pictures(patiently=True) if inspect(engine).has_table("named_leases") else nullcontext()


def _put_pictures(reader: Reader, manifest: Manifest, new: IO[bytes], show: Show) -> int:
    """Those that were not there are noted: the store may be that of the instance which was backed up."""
    store, count, total = get_store(), 0, manifest.tables["screenshots"].rows
    show("pictures", 0, total)
    for count, part in enumerate(reader.parts(PICTURES), 1):
        key = part.name.removeprefix(PICTURES)
        if not store.exists(key):
            new.write(f"{key}\n".encode())
        store.put(key, part.data)
        show("pictures", count, total)
    return count


def _rows(session: Session, reader: Reader, manifest: Manifest, old: IO[bytes], show: Show, *, replace: bool) -> int:
    """The transaction's content; how many runs wait that had been under way."""
    connection = session.connection()
    _refuse_if_used(connection, replace=replace)
    _note_pictures(connection, old)
    _empty(connection)
    migrations.move(connection, manifest.migration)
    _insert(connection, reader, manifest, show)
    migrations.move(connection, migrations.newest())
    _set_last_ids(connection, manifest)
    runs = recovery.begin_anew(session)
    _index(session, show)
    return runs


def _note_pictures(connection: Connection, old: IO[bytes]) -> None:
    if inspect(connection).has_table(Screenshot.__tablename__):
        for blob in connection.scalars(select(Screenshot.blob), execution_options={"yield_per": ERASED_AT_ONCE}):
            old.write(f"{blob}\n".encode())


def _empty(connection: Connection) -> None:
    names = _tables(connection)
    has_search = inspect(connection).has_table("workflow_search")
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_WAIT}'"))
        if names:
            connection.execute(text(f"TRUNCATE {', '.join(names)} CASCADE"))
        return
    connection.execute(text("PRAGMA defer_foreign_keys = ON"))
    for name in [*names, *(["workflow_search"] if has_search else [])]:
        connection.execute(text(f"DELETE FROM {name}"))  # noqa: S608 - names of our own tables


def _insert(connection: Connection, reader: Reader, manifest: Manifest, show: Show) -> None:
    done = 0
    show("rows", done, manifest.rows)
    for part in reader.parts("tables/"):
        name = part.name.split("/")[1]
        columns = manifest.tables[name].columns
        rows = [portable.read(row, columns) for row in unpacked(part)]
        connection.execute(portable.lightweight(name, columns).insert(), rows)
        done += len(rows)
        show("rows", done, manifest.rows)


def _set_last_ids(connection: Connection, manifest: Manifest) -> None:
    """The next row gets a number that none ever had, not even one that was deleted before the backup."""
    for name, facts in manifest.tables.items():
        if facts.last_id is None:
            continue
        given = {"name": name, "last": facts.last_id}
        if connection.dialect.name == "postgresql":
            setting = "SELECT setval(pg_get_serial_sequence(:name, 'id'), greatest(:last, 1), :last > 0)"
            connection.execute(text(setting), given)
        elif facts.last_id:
            # Only where the table counts by itself; elsewhere SQLite gives the highest number plus one.
            counted = "UPDATE sqlite_sequence SET seq = max(seq, :last) WHERE name = :name"
            if not connection.execute(text(counted), given).rowcount and _counts(connection, name):
                connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), given)


def _counts(connection: Connection, name: str) -> bool:
    asked = text("SELECT sql LIKE '%AUTOINCREMENT%' FROM sqlite_master WHERE type = 'table' AND name = :name")
    return bool(connection.scalar(asked, {"name": name}))


def _index(session: Session, show: Show) -> None:
    done, last, total = 0, 0, session.scalar(select(func.count()).select_from(Workflow)) or 0
    show("search", done, total)
    following = select(Workflow.id).order_by(Workflow.id).limit(INDEXED_AT_ONCE)
    while ids := session.scalars(following.where(Workflow.id > last)).all():
        search.index(session, ids)
        done, last = done + len(ids), ids[-1]
        show("search", done, total)


def _lines(spool: IO[bytes]) -> Iterator[str]:
    spool.seek(0)
    return (line.decode().rstrip("\n") for line in spool)


def _erase_nameless(engine: Engine, keys: Iterator[str]) -> None:
    """Erase those of these pictures that no row names."""
    store = get_store()
    while batch := list(islice(keys, ERASED_AT_ONCE)):
        nameless = set(batch)
        if inspect(engine).has_table(Screenshot.__tablename__):
            with transaction(read_only=True) as session:
                nameless -= set(session.scalars(select(Screenshot.blob).where(Screenshot.blob.in_(batch))))
        try:
            storage.erase(store, sorted(nameless))
        except AppError as error:
            log.warning("pictures_not_erased", error=error.name)  # they only take room
            return
