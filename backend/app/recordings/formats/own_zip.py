"""Our own zip: `workflow.json` and `screenshots/<id>.<png|jpg|webp>`. One from elsewhere is untrusted."""

import re
import stat
import zlib
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from unicodedata import normalize
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from app.core.config import Settings
from app.core.validation import printable
from app.recordings.formats import json_text, own_json
from app.recordings.formats.imported import (
    BrokenZip,
    FileWarning,
    ImportedRecording,
    ImportTooLarge,
    UnknownFormat,
    UnsafeZip,
)

DESCRIPTION = "workflow.json"
CHUNK_BYTES = 256 * 1024
BESIDE = frozenset({"guide.md"})
"""What an export holds for people, and an import does not need."""

_PICTURE = re.compile(r"screenshots/(?P<id>[^/]{1,64})\.(png|jpe?g|webp)", re.IGNORECASE)
_WAY_OUT = re.compile(r"[\x00\\]|^/|^[A-Za-z]:|(?:^|/)\.\.(?:/|$)")
_CENTRAL_HEADER = b"PK\x01\x02"
_DAMAGE = (BadZipFile, EOFError, zlib.error, NotImplementedError, RuntimeError, ValueError, OverflowError, OSError)
"""What `zipfile` raises over bytes that are not what they say."""


def recognises(data: bytes) -> bool:
    """Whether `data` is a zip of any kind."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


@dataclass(frozen=True, slots=True)
class ZippedPicture:
    """A screenshot in a zip that was read through once before."""

    archive: ZipFile
    entry: ZipInfo

    def read(self) -> bytes:
        """Its bytes, at most MAX_SCREENSHOT_BYTES."""
        return b"".join(_unpacked(self.archive, self.entry))


def read(data: bytes, *, limits: Settings) -> ImportedRecording:
    """The recording in the zip `data`. Every picture is unpacked once, piece by piece, before anything is returned."""
    archive, entries = _opened(data, limits)
    root = _root(entries)
    description = entries.pop(root + DESCRIPTION)
    _check_size(description, limits.max_request_bytes, "MAX_REQUEST_BYTES")
    value = json_text.parse(b"".join(_unpacked(archive, description)), limits=limits, name=DESCRIPTION)
    if not own_json.recognises(value):
        raise UnknownFormat(f'"{DESCRIPTION}" in the zip is not a recording of this program.')
    imported = own_json.read(value, limits=limits)
    pictures: dict[str, ZippedPicture] = {}
    others: list[str] = []
    for name, entry in entries.items():
        match = _PICTURE.fullmatch(name.removeprefix(root)) if name.startswith(root) else None
        if match and match["id"] not in pictures:
            _check_size(entry, limits.max_screenshot_bytes, "MAX_SCREENSHOT_BYTES")
            # Unpack and forget, so that a damaged picture is found before the first one is stored.
            deque(_unpacked(archive, entry), maxlen=0)
            pictures[match["id"]] = ZippedPicture(archive, entry)
        elif name.removeprefix(root) not in BESIDE:
            others.append(name)
    return _joined(imported, pictures, others)


def _opened(data: bytes, limits: Settings) -> tuple[ZipFile, dict[str, ZipInfo]]:
    """The zip and its files by name, all names and sizes checked."""
    # Each entry costs memory when the zip is opened, so they are counted before.
    if data.count(_CENTRAL_HEADER) > (most := 2 * limits.max_steps + 100):
        raise ImportTooLarge(f"The zip holds more than {most:,} files; a recording never does (see MAX_STEPS).")
    with _damage_named():
        archive = ZipFile(BytesIO(data))
    entries: dict[str, ZipInfo] = {}
    seen: set[str] = set()
    for entry in archive.infolist():
        _check_entry(entry)
        if (folded := normalize("NFC", entry.filename).casefold()) in seen:
            raise UnsafeZip(f'The zip holds "{printable(entry.filename)}" twice.')
        seen.add(folded)
        if not entry.is_dir():
            entries[entry.filename] = entry
    if sum(entry.file_size for entry in entries.values()) > limits.max_import_unpacked_bytes:
        raise ImportTooLarge(
            f"Unpacked, the zip has more than {limits.max_import_unpacked_bytes:,} bytes (MAX_IMPORT_UNPACKED_BYTES)."
        )
    return archive, entries


def _check_entry(entry: ZipInfo) -> None:
    """Refuse what no export holds: ways out of the folder, links, encryption, compressions that eat memory."""
    name = entry.orig_filename
    shown = f'"{printable(name)}" in the zip'
    if _WAY_OUT.search(name):
        raise UnsafeZip(f"{shown} would lie outside of its folder.")
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise UnsafeZip(f"{shown} is a link or a device, not a file.")
    if entry.flag_bits & 0x41:
        raise UnsafeZip(f"{shown} is encrypted.")
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise UnsafeZip(f"{shown} is compressed in another way than the usual one (deflate).")


def _check_size(entry: ZipInfo, most: int, setting: str) -> None:
    if entry.file_size > most:
        shown = printable(entry.filename)
        raise ImportTooLarge(
            f'"{shown}" in the zip has {entry.file_size:,} bytes; at most {most:,} are taken ({setting}).'
        )


def _root(entries: Mapping[str, ZipInfo]) -> str:
    """The folder of `workflow.json`: the zip's own, or the one folder in it, as repacking by hand makes it."""
    found = [name for name in entries if name == DESCRIPTION or name.split("/")[1:] == [DESCRIPTION]]
    if DESCRIPTION in found:
        return ""
    if len(found) == 1:
        return found[0].removesuffix(DESCRIPTION)
    raise UnknownFormat(f'The zip holds {"several" if found else "no"} "{DESCRIPTION}".')


def _unpacked(archive: ZipFile, entry: ZipInfo) -> Iterator[bytes]:
    """The entry piece by piece: `ZipFile.read` would unpack all that the data hold, not only the size that was checked.

    `zipfile` stops at that size and compares the checksum.
    """
    with _damage_named(), archive.open(entry) as file:
        while piece := file.read(CHUNK_BYTES):
            yield piece


@contextmanager
def _damage_named() -> Iterator[None]:
    try:
        yield
    except _DAMAGE:
        raise BrokenZip from None


def _joined(imported: ImportedRecording, pictures: dict[str, ZippedPicture], others: list[str]) -> ImportedRecording:
    """The recording with the pictures it shows; a missing one is taken from its step."""
    steps, warnings = [], list(imported.warnings)
    for number, step in enumerate(imported.recording.steps, start=1):
        missing = step.screenshot_id is not None and step.screenshot_id not in pictures
        if missing:
            warnings.append(FileWarning(f'Its screenshot "{step.screenshot_id}" is not in the zip.', step=number))
        steps.append(step.model_copy(update={"screenshot_id": None}) if missing else step)
    shown = {step.screenshot_id for step in steps}
    others += [picture.entry.filename for name, picture in pictures.items() if name not in shown]
    if others:
        listed = ", ".join(f'"{printable(name)}"' for name in sorted(others)[:5]) + (", …" if len(others) > 5 else "")
        warnings.append(FileWarning(f"{len(others)} files in the zip belong to no step and were left out: {listed}."))
    return replace(
        imported,
        recording=imported.recording.model_copy(update={"steps": steps}),
        screenshots={name: picture for name, picture in pictures.items() if name in shown},
        warnings=tuple(warnings),
    )
