"""A backup is read from its beginning to its end before anything is changed."""

from app.backups import manifest as manifests
from app.backups.archive import MANIFEST, Part, Reader, unpacked
from app.backups.errors import BrokenBackup
from app.backups.manifest import Manifest
from app.backups.showing import Show
from app.storage.store import KEY


def check(reader: Reader, show: Show) -> Manifest:
    """The manifest of a whole and sound backup that this program can restore."""
    manifest = manifests.read(reader.manifest())
    rows = dict.fromkeys(manifest.tables, 0)
    for part in reader.verified():
        folder, _, name = part.name.partition("/")
        if folder == "tables":
            rows[_table(name, manifest)] += _count(part)
        elif part.name != MANIFEST and not (folder == "pictures" and KEY.fullmatch(name)):
            raise BrokenBackup(f"This backup has a part that nobody knows: {part.name!r}. Nothing was changed.")
        show("checking", part.ends_at, reader.size)
    if rows != {name: one.rows for name, one in manifest.tables.items()}:
        raise BrokenBackup
    show("checking", reader.size, reader.size)
    return manifest


def _table(name: str, manifest: Manifest) -> str:
    found = name.partition("/")[0]
    if found not in manifest.tables:
        raise BrokenBackup
    return found


def _count(part: Part) -> int:
    return sum(1 for _ in unpacked(part))
