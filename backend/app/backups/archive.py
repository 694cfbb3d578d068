"""The file: a tar that is written and read in one pass, whose every part carries its SHA-256.

    manifest.json                      what it is: format, versions, time, tables with their columns, counts
    tables/<table>/<number>.jsonl.gz   rows, one JSON array a line, in the order of the manifest's columns
    pictures/<key>                     as they lie in the screenshot store
    seal.json                          how many parts there are, and one hash over the names and hashes of all of them

Each hash stands in the part's extended header (PAX), so that neither side keeps a list: memory is bounded by the
largest part. Whatever follows or lacks the seal is no backup.
"""

import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

from app.backups.errors import BrokenBackup

HASH = "WORKFLOWPLATFORM.sha256"
MANIFEST, SEAL = "manifest.json", "seal.json"
LARGEST_JSON_BYTES = 16_000_000
LARGEST_PART_BYTES = 256_000_000
"""Of one part's content, unpacked: beyond any that is written, within any machine's memory."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part whose hash was held against its content."""

    name: str
    data: bytes
    sha256: str
    ends_at: int
    """Bytes of the file up to here."""


class Writer:
    """Adds part after part, then the seal."""

    def __init__(self, file: IO[bytes], moment: float) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed by seal()
        self._moment = int(moment)
        self._all = hashlib.sha256()
        self._parts = 0

    def add(self, name: str, data: bytes) -> None:
        digest = hashlib.sha256(data).hexdigest()
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = len(data), 0o600, self._moment
        info.pax_headers = {HASH: digest}
        self._tar.addfile(info, io.BytesIO(data))
        _forget_members(self._tar)
        self._all.update(f"{name} {digest}\n".encode())
        self._parts += 1

    def add_json(self, name: str, facts: dict[str, Any]) -> None:
        self.add(name, json.dumps(facts, indent=1).encode())

    def seal(self, facts: dict[str, Any]) -> None:
        """The end: whoever reads the file knows by it that nothing is missing."""
        self.add_json(SEAL, {"parts": self._parts, "sha256": self._all.hexdigest(), **facts})
        self._tar.close()


class Reader:
    """Reads the file from its beginning, as often as wanted. Raises BrokenBackup."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self.size = path.stat().st_size

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def manifest(self) -> dict[str, Any]:
        """What the file says of itself; its hash is right."""
        for part in self.parts():
            if part.name != MANIFEST:
                break
            return read_json(part)
        raise BrokenBackup

    def parts(self, below: str = "") -> Iterator[Part]:
        """The parts whose names begin so, in their order; each hash is checked, whether the file is whole is not."""
        try:
            self._file.seek(0)
            with tarfile.open(fileobj=self._file, mode="r:") as tar:
                while (info := tar.next()) is not None:
                    _forget_members(tar)
                    if info.name.startswith(below):
                        yield _part(tar, info)
        except (tarfile.TarError, EOFError, ValueError) as error:
            raise BrokenBackup from error

    def verified(self) -> Iterator[Part]:
        """Every part but the seal, which is held against all of them at the end."""
        everything = hashlib.sha256()
        parts = self.parts()
        for count, part in enumerate(parts):
            if part.name == SEAL:
                seal = read_json(part)
                if (seal.get("parts"), seal.get("sha256")) != (count, everything.hexdigest()) or next(parts, None):
                    raise BrokenBackup
                return
            everything.update(f"{part.name} {part.sha256}\n".encode())
            yield part
        raise BrokenBackup("This backup is cut off: its end is missing. Nothing was changed.")


def read_json(part: Part) -> dict[str, Any]:
    """The object in a part."""
    if len(part.data) > LARGEST_JSON_BYTES:
        raise BrokenBackup
    facts = json.loads(part.data)
    if not isinstance(facts, dict):
        raise BrokenBackup
    return facts


def packed(lines: bytes) -> bytes:
    """Rows as they are kept: gzip, the same bytes for the same rows."""
    packer = zlib.compressobj(level=6, wbits=31)
    return packer.compress(lines) + packer.flush()


def unpacked(part: Part) -> Iterator[list[Any]]:
    """The rows of a part."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        lines = unpacker.decompress(part.data, LARGEST_PART_BYTES)
    except zlib.error as error:
        raise BrokenBackup from error
    if not unpacker.eof:
        raise BrokenBackup
    yield from map(json.loads, lines.splitlines())


def _part(tar: tarfile.TarFile, info: tarfile.TarInfo) -> Part:
    if not info.isreg() or info.size > LARGEST_PART_BYTES:
        raise BrokenBackup
    content = tar.extractfile(info)
    data = content.read() if content is not None else b""
    digest = hashlib.sha256(data).hexdigest()
    if len(data) != info.size or digest != info.pax_headers.get(HASH):
        raise BrokenBackup(f"This backup is damaged at {info.name!r}. Nothing was changed.")
    return Part(info.name, data, digest, info.offset_data + info.size)


def _forget_members(tar: tarfile.TarFile) -> None:
    """It keeps a list of all that it ever saw."""
    tar.members.clear()  # type: ignore[attr-defined]  # not in typeshed
