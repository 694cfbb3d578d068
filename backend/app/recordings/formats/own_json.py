"""Our own JSON: the body of `POST /workflows`, bare or in the envelope of an export."""

from dataclasses import replace
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from app.core.config import Settings
from app.core.validation import details, explain, printable
from app.recordings.formats.cleaning import unknown_fields
from app.recordings.formats.imported import (
    FileWarning,
    ImportedRecording,
    InvalidRecording,
    UnknownFormat,
)
from app.recordings.schema import RecordingIn
from app.workflows.errors import TooManySteps
from app.workflows.models import LabelSource, WorkflowStatus

FORMAT = "workflow-platform/1"
"""What an export says in its field `format`. A change that old readers would misread counts the number up."""


class ExportedLabel(BaseModel):
    """A label as an export shows it; only its source matters here, a person's words stand at the step itself."""

    source: LabelSource | None = None


class Envelope(BaseModel):
    """What an export adds around the recording."""

    model_config = ConfigDict(extra="allow")

    format: Literal["workflow-platform/1"]
    status: WorkflowStatus | None = None
    labels: list[ExportedLabel | None] = []


def recognises(value: Any) -> bool:
    """Whether `value` is meant to be ours, be it with mistakes."""
    if not isinstance(value, dict):
        return False
    if "format" in value:
        return isinstance(value["format"], str) and value["format"].startswith("workflow-platform/")
    steps = value.get("steps")
    foreign = isinstance(steps, list) and any(
        isinstance(step, dict) and "action" not in step and ("type" in step or "action_type" in step) for step in steps
    )
    return "steps" in value and "title" not in value and not foreign


def read(value: dict[str, Any], *, limits: Settings) -> ImportedRecording:
    """Take `value` as the recording that it says it is; what the API refuses is refused here too."""
    if "format" not in value:
        return ImportedRecording(recording(value, limits=limits))
    if value["format"] != FORMAT:
        raise UnknownFormat(f'The file says it is "{printable(value["format"])}", which a newer version has made.')
    try:
        envelope = Envelope.model_validate({name: part for name, part in value.items() if name != "workflow"})
    except ValidationError as error:
        raise InvalidRecording(explain(details(error)) + ".") from None
    if not isinstance(value.get("workflow"), dict):
        raise InvalidRecording("workflow: is missing or not an object.")
    return ImportedRecording(
        recording(value["workflow"], limits=limits, at="workflow"),
        warnings=tuple(_warnings(envelope)),
        status=envelope.status,
    )


def recording(value: dict[str, Any], *, limits: Settings, at: str | None = None) -> RecordingIn:
    """Validate the body itself. Raises `TooManySteps` before it looks at any step."""
    steps = value.get("steps")
    if isinstance(steps, list) and len(steps) > limits.max_steps:
        raise TooManySteps(
            f"The recording has {len(steps):,} steps; at most {limits.max_steps:,} are taken (MAX_STEPS)."
        )
    try:
        return RecordingIn.model_validate(value)
    except ValidationError as error:
        errors = details(error)
        for found in errors:
            found["loc"] = (at, *found["loc"]) if at else found["loc"]
        raise InvalidRecording(explain(errors) + ".") from None


def without_pictures(imported: ImportedRecording) -> ImportedRecording:
    """The recording of a bare JSON file: it only names pictures, which may be anybody's."""
    named = sum(1 for step in imported.recording.steps if step.screenshot_id is not None)
    if not named:
        return imported
    warning = FileWarning(f"{named} steps have pictures that are not in the file; an export as zip holds them.")
    steps = [step.model_copy(update={"screenshot_id": None}) for step in imported.recording.steps]
    return replace(
        imported,
        recording=imported.recording.model_copy(update={"steps": steps}),
        warnings=(*imported.warnings, warning),
    )


def _warnings(envelope: Envelope) -> list[FileWarning]:
    unknown = unknown_fields(envelope.model_extra or {})
    warnings = [FileWarning(unknown)] if unknown else []
    made_by_ai = sum(1 for label in envelope.labels if label and label.source is LabelSource.AI)
    if made_by_ai:
        words = "1 label by AI was" if made_by_ai == 1 else f"{made_by_ai} labels by AI were"
        warnings.append(FileWarning(f"{words} left out: the steps are labelled anew."))
    return warnings
