"""What every format is read into, and what can be wrong with a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from app.core.errors import InvalidInput, TooLarge
from app.recordings.schema import RecordingIn
from app.workflows.models import WorkflowStatus

KNOWN = (
    'JSON of this program, its zip ("workflow.json" and "screenshots/"), '
    "JSON that the Recorder of Chrome DevTools saves, JSON Lines of Playwright's codegen, "
    "JSON of workflow-use and of OverlayMVP, and Markdown that Scribe and Tango export"
)


class UnknownFormat(InvalidInput):
    """The file is in no format that can be imported."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} What can be imported: {KNOWN}.")


class BrokenJson(InvalidInput):
    """The file is not valid JSON."""


class BrokenZip(InvalidInput):
    """The zip is cut off or damaged: save or send it again."""


class UnsafeZip(InvalidInput):
    """The zip holds something that no export holds."""


class InvalidRecording(InvalidInput):
    """The recording does not have the form it should have."""


class ImportTooLarge(TooLarge):
    """The file is larger than this server takes."""


@dataclass(frozen=True, slots=True)
class FileWarning:
    """Something that could not be taken over, and the step it was in, counted from 1 as in the file."""

    message: str
    step: int | None = None

    def __str__(self) -> str:
        return self.message if self.step is None else f"Step {self.step} of the file: {self.message}"


class Picture(Protocol):
    """A screenshot of the file, read when it is wanted."""

    def read(self) -> bytes:
        """Its bytes, at most MAX_SCREENSHOT_BYTES."""
        ...


@dataclass(frozen=True, slots=True)
class ImportedRecording:
    """One recording of a file. `screenshots` has the steps' `screenshot_id`s as keys."""

    recording: RecordingIn
    screenshots: Mapping[str, Picture] = field(default_factory=dict)
    warnings: tuple[FileWarning, ...] = ()
    status: WorkflowStatus | None = None
    """What the workflow was where it was exported."""
