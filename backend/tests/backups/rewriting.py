"""Backups as other versions of the program, or bad luck, would have made them: sound hashes around other content."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.backups.archive import MANIFEST, SEAL, Reader, Writer, packed, unpacked

Rows = dict[str, list[list[Any]]]


def rewrite(path: Path, change: Callable[[dict[str, Any], Rows], None]) -> None:
    """Change the manifest and the rows in place, and seal them anew."""
    with Reader(path) as reader:
        parts = list(reader.parts())
    manifest = json.loads(parts[0].data)
    assert parts[0].name == MANIFEST
    rows: Rows = {name: [] for name in manifest["tables"]}
    for part in parts:
        if part.name.startswith("tables/"):
            rows[part.name.split("/")[1]] += unpacked(part)
    change(manifest, rows)
    with path.open("wb") as file:
        writer = Writer(file, 0)
        writer.add_json(MANIFEST, manifest)
        for name, lines in rows.items():
            if lines:
                writer.add(f"tables/{name}/000001.jsonl.gz", packed(b"\n".join(json.dumps(x).encode() for x in lines)))
        for part in parts:
            if part.name not in (MANIFEST, SEAL) and not part.name.startswith("tables/"):
                writer.add(part.name, part.data)
        writer.seal({})


def drop(manifest: dict[str, Any], rows: Rows, table: str, column: str) -> None:
    """Take a column away, as if it had not been invented yet."""
    columns = manifest["tables"][table]["columns"]
    at = list(columns).index(column)
    del columns[column]
    for row in rows[table]:
        del row[at]
