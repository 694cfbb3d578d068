"""A recording on disk while it is made: a line for each thing that happened, and the pictures beside them.

Whatever ends the program, what was recorded until then is there, and `read` makes it a recording again.
"""

import fcntl
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from app.browser.errors import NothingRecorded

LINES = "recording.jsonl"


@dataclass
class Journal:
    """Of one recording, in a folder of its own."""

    folder: Path
    _file: IO[str] | None = None

    def write(self, line: dict[str, Any]) -> None:
        """Keep what happened; it is with the operating system when this returns."""
        if self._file is None:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path = self.folder / LINES
            torn = path.exists() and not path.read_bytes().endswith(b"\n")
            self._file = path.open("a", encoding="utf-8")
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if torn:
                self._file.write("\n")
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()

    def picture(self, name: str, data: bytes) -> None:
        """Keep a picture, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = self.folder / f".{name}.part"
        part.write_bytes(data)
        part.replace(self.folder / f"{name}.png")

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def remove(self) -> None:
        """The recording is elsewhere now."""
        self.close()
        if self.folder.is_dir():
            for path in self.folder.iterdir():
                path.unlink()
            self.folder.rmdir()


def read(folder: Path) -> Iterator[dict[str, Any]]:
    """What happened, in its order. A line that was cut off when the program died is passed over."""
    try:
        text = (folder / LINES).read_text(encoding="utf-8", errors="replace")
    except OSError:
        raise NothingRecorded(f"There is no recording in {folder}.") from None
    for line in text.splitlines():
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            yield found


def left_behind(parent: Path) -> list[Path]:
    """Folders of recordings that were not brought to an end, and that nobody is making now, oldest first."""
    found = [path for path in parent.glob(f"*/{LINES}") if not _held(path)]
    return [path.parent for path in sorted(found, key=lambda path: path.stat().st_mtime)]


def _held(path: Path) -> bool:
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
