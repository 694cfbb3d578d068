"""What a backup says of itself, and whether this program can take it."""

from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from app.backups.errors import BrokenBackup, NewerBackup
from app.backups.portable import Columns
from app.core import migrations

WHAT: Literal["workflow-platform backup"] = "workflow-platform backup"
FORMAT = 1
"""Of the file. One that programs of today cannot read gets the next number."""


class TableFacts(BaseModel):
    """A table: columns with the kinds of their values, how many rows, the highest number that was given to one."""

    columns: Columns
    rows: int
    last_id: int | None


class Manifest(BaseModel):
    """See `archive`; `migration` is the version of the tables, `database` the kind of the database they were in."""

    what: Literal["workflow-platform backup"]
    format: int
    migration: str
    app_version: str
    database: str
    taken_at: str
    tables: dict[str, TableFacts]

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.tables.values())


def read(facts: dict[str, Any]) -> Manifest:
    """The manifest of a backup that this program can restore. Raises BrokenBackup, NewerBackup."""
    if facts.get("what") != WHAT:
        raise BrokenBackup
    number, migration = facts.get("format"), str(facts.get("migration"))
    if not isinstance(number, int) or number > FORMAT or migration > migrations.newest():
        raise NewerBackup(
            f"This backup was made by version {facts.get('app_version')} (format {number}, database {migration}); this "
            f"program knows format {FORMAT} and database {migrations.newest()}. Install that version, then restore. "
            "Nothing was changed."
        )
    try:
        return Manifest.model_validate(facts)
    except ValidationError as error:
        raise BrokenBackup from error
