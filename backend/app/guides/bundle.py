"""A zip that is made while it is sent: `workflow.json`, which an import takes back, `guide.md` for people, pictures."""

from collections.abc import Callable, Iterable, Iterator
from io import RawIOBase
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

Read = Callable[[], bytes | None]
"""How to get a picture; None: it is gone, and left out."""

Picture = tuple[str, Read]
"""Its path in the zip, and how to get it."""


def pieces(texts: Iterable[tuple[str, str]], pictures: Iterable[Picture]) -> Iterator[bytes]:
    """The zip piece by piece, one picture in memory at a time. The same content gives the same bytes."""
    outbox = _Outbox()
    with ZipFile(outbox, "w") as archive:
        for path, text in texts:
            archive.writestr(entry(path, ZIP_DEFLATED), text.encode())
            yield outbox.taken()
        for path, read in pictures:
            picture = read()
            if picture is not None:
                archive.writestr(entry(path, ZIP_STORED), picture)
                yield outbox.taken()
    yield outbox.taken()


def entry(path: str, compression: int) -> ZipInfo:
    """The earliest date that a zip can hold, and the rights of an ordinary file."""
    entry = ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = compression
    entry.create_system = 3
    entry.external_attr = 0o100644 << 16
    return entry


class _Outbox(RawIOBase):
    """A file that only takes: what was written is handed on and forgotten."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: "ReadableBuffer", /) -> int:
        written = bytes(data)
        self._written.append(written)
        return len(written)

    def taken(self) -> bytes:
        """What was written since the last time."""
        taken, self._written = b"".join(self._written), []
        return taken
