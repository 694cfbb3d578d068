"""What every format is made of, and what comes out of it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from app.guides.bundle import Picture
from app.guides.model import Guide
from app.guides.pictures import Pictures
from app.workflows.models import Workflow
from app.workflows.steps import StepView


@dataclass(frozen=True, slots=True)
class Source:
    """A workflow on its way out. It needs no session any more."""

    workflow: Workflow
    views: Sequence[StepView]
    guide: Guide
    pictures: Pictures
    originals: Sequence[tuple[str, Picture]]
    """The stored pictures, each once: its id, its path in a zip and how to read it."""
    stem: str
    """The workflow's name as a file's, without an ending."""


@dataclass(frozen=True, slots=True)
class Format:
    """A way in which a guide can go out."""

    name: str
    ending: str
    media_type: str
    make: Callable[[Source], Iterator[bytes]]
    """The file's bytes, piece by piece, each made when it is asked for."""
    pictured: bool
    """Whether it reads the pictures: such a file is made in the background where somebody waits for a page."""


@dataclass(frozen=True, slots=True)
class Export:
    """A file to be sent. `data` can be read once; it needs no session, so it may be read after the transaction."""

    filename: str
    media_type: str
    data: Iterator[bytes]
    pictures: int = 0
    """How many are read while the data are."""

    @property
    def quoted_filename(self) -> str:
        """The name for `Content-Disposition: attachment; filename*=UTF-8''…`."""
        return quote(self.filename, safe="")


def as_attachment(export: Export) -> dict[str, str]:
    """Headers by which a browser keeps the file instead of showing it."""
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{export.quoted_filename}"}


def begun(export: Export) -> Iterator[bytes]:
    """The data, the first piece made already: what cannot be made at all fails here, before anything is sent."""
    first = next(export.data, b"")

    def rest() -> Iterator[bytes]:
        yield first
        yield from export.data

    return rest()
