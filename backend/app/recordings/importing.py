"""A file in any known format becomes workflows."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import Actor
from app.core import preferences
from app.core.config import get_settings
from app.core.db import transaction
from app.core.errors import AppError
from app.recordings import service as recordings
from app.recordings.formats.imported import ImportedRecording
from app.recordings.formats.reading import read
from app.recordings.service import Ingested, Prepared
from app.storage import service as storage
from app.storage.service import Upload
from app.storage.store import get_store


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file brought; each warning names the step it is about."""

    ingested: Sequence[Ingested]
    warnings: Sequence[str]


def import_file(actor: Actor, data: bytes) -> Imported:
    """Store every recording of the file, in one transaction of its own after the slow part: all of them or none.

    The caller publishes the queued runs.
    """
    with taken_in(data) as file, transaction() as session:
        ingested = [recordings.store(session, actor, ready, mode="bulk") for ready in file.record(session, actor)]
        audit.record(session, actor, "file_imported", workflows=[one.workflow_id for one in ingested])
    return Imported(ingested, file.warnings)


@dataclass(frozen=True, slots=True)
class FileTakenIn:
    """A file's recordings, each ready to be stored, and its pictures, which have no rows yet."""

    prepared: Sequence[Prepared]
    uploads: Mapping[tuple[int, str], Upload]
    warnings: Sequence[str]

    def record(self, session: Session, actor: Actor) -> list[Prepared]:
        """The recordings with the numbers of their pictures, whose rows are written."""
        kept = {
            name: storage.record(session, get_store(), upload, owner_id=actor.user_id)[0].id
            for name, upload in self.uploads.items()
        }
        return [_showing(ready, index, kept) for index, ready in enumerate(self.prepared)]


@contextmanager
def taken_in(data: bytes) -> Iterator[FileTakenIn]:
    """Read and check a file, and put its pictures into the store; they are taken away again if what follows fails."""
    settings = preferences.current()
    uploads: dict[tuple[int, str], Upload] = {}
    warnings: list[str] = []
    try:
        prepared = []
        for index, one in enumerate(read(data, limits=settings)):
            ready = recordings.prepare(one.recording, settings)
            warnings += [*map(str, one.warnings), *_take_in_pictures(index, one, uploads), *ready.warnings]
            prepared.append(ready)
        yield FileTakenIn(prepared, uploads, warnings)
    except BaseException:
        storage.erase(get_store(), [upload.blob for upload in uploads.values()])
        raise


def _take_in_pictures(index: int, found: ImportedRecording, uploads: dict[tuple[int, str], Upload]) -> Iterator[str]:
    """Keep the file's pictures. One that cannot be used costs its step the picture, and a warning, not the import."""
    settings = get_settings()
    refused: set[str] = set()
    for number, step in enumerate(found.recording.steps, 1):
        name = step.screenshot_id
        if name is None or (index, name) in uploads or name in refused or name not in found.screenshots:
            continue
        try:
            uploads[index, name] = storage.take_in(
                get_store(),
                found.screenshots[name].read(),
                max_bytes=settings.max_screenshot_bytes,
                max_pixels=settings.max_screenshot_pixels,
            )
        except AppError as error:
            if error.status_code >= 500:
                raise
            refused.add(name)
            yield f"Step {number}: its picture {name!r} was left out. {error.detail}"


def _showing(prepared: Prepared, index: int, kept: dict[tuple[int, str], str]) -> Prepared:
    """The recording with the pictures' names in the file replaced by the numbers under which we keep them."""
    steps = [
        step.model_copy(update={"screenshot_id": kept.get((index, step.screenshot_id))}) if step.screenshot_id else step
        for step in prepared.recording.steps
    ]
    return replace(prepared, recording=prepared.recording.model_copy(update={"steps": steps}))
