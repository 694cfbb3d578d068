"""A backup of the running instance: the rows of one moment first, then the pictures that they name.

Meanwhile everybody works on. A row that comes later is not in it; a picture whose row was there stays, because nobody
erases pictures while the backup holds them (`storage.holding`), whatever is deleted.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Table, func, inspect, select, text

from app.backups import portable
from app.backups.archive import MANIFEST, Writer
from app.backups.errors import PictureMissing, WrongDatabaseVersion
from app.backups.manifest import FORMAT, WHAT
from app.backups.portable import TABLES
from app.backups.showing import Show
from app.backups.writing import whole_file
from app.core import migrations
from app.core.clock import now
from app.core.db import snapshot
from app.core.holding import Holding
from app.storage.holding import hold_pictures
from app.storage.models import Screenshot
from app.storage.store import BlobNotFound, get_store

ROWS_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Taken:
    """What a backup holds."""

    rows: int
    pictures: int
    picture_bytes: int
    missing_pictures: int
    migration: str


def take(path: Path, show: Show, *, replace: bool = False, allow_missing: bool = False) -> Taken:
    """Write the backup. `allow_missing`: keep the rows of pictures that the store has lost, else PictureMissing."""
    with whole_file(path, replace=replace) as file:
        return write(file, path.parent, show, allow_missing=allow_missing)


def write(file: IO[bytes], folder: Path, show: Show, *, allow_missing: bool = False, patiently: bool = True) -> Taken:
    """Write the backup into an open file, from its beginning to its end; what else it takes lies in `folder`.

    `patiently=False`: PicturesHeld at once where somebody else holds the pictures.
    """
    with tempfile.TemporaryFile(dir=folder) as keys, hold_pictures(patiently=patiently) as held:
        moment = now()
        writer = Writer(file, moment.timestamp())
        with snapshot() as connection:
            manifest = _manifest(connection) | {"taken_at": moment.isoformat()}
            writer.add_json(MANIFEST, manifest)
            _write_rows(connection, writer, manifest, keys, show)
        pictures = _Pictures(writer, held, allow_missing=allow_missing)
        pictures.write(keys, manifest["tables"]["screenshots"]["rows"], show)
        held.check()
        writer.seal({"pictures": pictures.count, "picture_bytes": pictures.bytes, "missing_pictures": pictures.missing})
    rows = sum(one["rows"] for one in manifest["tables"].values())
    return Taken(rows, pictures.count, pictures.bytes, pictures.missing, manifest["migration"])


def _manifest(connection: Connection) -> dict[str, Any]:
    has, wants = migrations.current_in(connection), migrations.newest()
    if has != wants:
        raise WrongDatabaseVersion(
            f"The database is at version {has or 'none'}, this program at {wants}. Take the backup with the version of "
            'the program that the database belongs to, or run "workflow-platform migrate" first.'
        )
    return {
        "what": WHAT,
        "format": FORMAT,
        "migration": has,
        "app_version": version("workflow-platform"),
        "database": connection.dialect.name,
        "tables": {
            one.name: {
                "columns": portable.columns_of(one),
                "rows": connection.scalar(select(func.count()).select_from(one)),
                "last_id": _last_id(connection, one),
            }
            for one in TABLES
        },
    }


def _last_id(connection: Connection, of: Table) -> int | None:
    """The highest number that was ever given to a row, so that none is given twice; None: it has no such numbers."""
    key = of.primary_key.columns[0]
    if key.name != "id" or not key.autoincrement or portable.columns_of(of)["id"] != "integer":
        return None
    if connection.dialect.name == "postgresql":
        sequence = connection.scalar(select(func.pg_get_serial_sequence(of.name, "id")))
        used = text(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")  # noqa: S608 - ours
        return int(connection.scalar(used) or 0)
    given = 0
    if inspect(connection).has_table("sqlite_sequence"):
        asked = text("SELECT max(seq) FROM sqlite_sequence WHERE name = :name")
        given = connection.scalar(asked, {"name": of.name}) or 0
    return max(given, connection.scalar(select(func.max(key))) or 0)


def _write_rows(connection: Connection, writer: Writer, manifest: dict[str, Any], keys: IO[bytes], show: Show) -> None:
    done, total = 0, sum(one["rows"] for one in manifest["tables"].values())
    show("rows", done, total)
    for one in TABLES:
        for number, (data, rows) in enumerate(portable.written(_rows(connection, one, keys)), 1):
            writer.add(f"tables/{one.name}/{number:06}.jsonl.gz", data)
            done += rows
            show("rows", done, total)


def _rows(connection: Connection, of: Table, keys: IO[bytes]) -> Iterator[Any]:
    """In the order of their keys; the keys of pictures are noted on the way."""
    blob = list(of.columns.keys()).index("blob") if of.name == Screenshot.__tablename__ else None
    rows = select(of).order_by(*of.primary_key.columns)
    for row in connection.execute(rows, execution_options={"yield_per": ROWS_AT_A_TIME}):
        if blob is not None:
            keys.write(f"{row[blob]}\n".encode())
        yield row


class _Pictures:
    """The pictures, one after another."""

    def __init__(self, writer: Writer, held: Holding, *, allow_missing: bool) -> None:
        self._writer, self._held, self._allow_missing = writer, held, allow_missing
        self.count = self.bytes = self.missing = 0

    def write(self, keys: IO[bytes], total: int, show: Show) -> None:
        store = get_store()
        keys.seek(0)
        show("pictures", 0, total)
        for key in (line.decode().rstrip("\n") for line in keys):
            self._held.check()
            try:
                self._add(key, store.get(key))
            except BlobNotFound:
                if not self._allow_missing:
                    raise PictureMissing(
                        f"The picture {key} is missing from the screenshot store, although there is a row for it. "
                        "Bring it back, or back up without such pictures: --allow-missing."
                    ) from None
                self.missing += 1
            show("pictures", self.count + self.missing, total)

    def _add(self, key: str, data: bytes) -> None:
        self._writer.add(f"pictures/{key}", data)
        self.count += 1
        self.bytes += len(data)
