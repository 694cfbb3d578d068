"""The browser extension as one zip: the same files, the same bytes. `python -m app.web.extension_zip PATH`."""

import io
import sys
import zipfile
from pathlib import Path

from app.core.config import BACKEND
from app.core.errors import NotFound

FOLDER = BACKEND.parent / "extension"
NAME = "workflow-platform-recorder.zip"

_FOR_DEVELOPERS = frozenset(
    {"tests", "node_modules", "package.json", "package-lock.json", "tsconfig.json", "README.md"}
)
_OLDEST = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can name."""


class NoExtension(NotFound):
    """The browser extension is not among this server's files."""


def build() -> bytes:
    """What a browser loads, and nothing that only its developers need."""
    if not (FOLDER / "manifest.json").is_file():
        raise NoExtension
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in _files():
            entry = zipfile.ZipInfo(path.relative_to(FOLDER).as_posix(), _OLDEST)
            entry.external_attr = 0o100644 << 16
            entry.create_system = 3  # Unix, wherever it is made
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)
    return packed.getvalue()


def _files() -> list[Path]:
    return sorted(path for path in FOLDER.rglob("*") if path.is_file() and _is_needed(path.relative_to(FOLDER)))


def _is_needed(path: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.parts)
    return not hidden and not path.name.endswith(".d.ts") and _FOR_DEVELOPERS.isdisjoint(path.parts)


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(build())
    print(sys.argv[1])  # noqa: T201 - the Makefile's user wants to know where it is
