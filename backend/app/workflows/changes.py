"""What a person may change, in the shape that the API takes. A field that is not sent stays as it is."""

from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, Field, model_validator

from app.workflows.content import (
    CLEAN,
    Action,
    Address,
    Box,
    Content,
    Description,
    Heading,
    Language,
    NoteKind,
    Page,
    Target,
    Text,
    ValueKind,
    Variable,
    WorkflowName,
    in_utc,
)
from app.workflows.models import Visibility, WorkflowStatus
from app.workflows.tags import Tag


class Changes(Content):
    """Base: tells what was sent from what was left out, and refuses null where there must be something."""

    @model_validator(mode="before")
    @classmethod
    def _null_only_where_allowed(cls, data: Any) -> Any:
        for field in ("name", "status", "visibility", "action", "page", "label", "field_label", "instruction"):
            if isinstance(data, dict) and field in cls.model_fields and field in data and data[field] is None:
                raise ValueError(f"{field} cannot be null; leave it out to keep it as it is")
        return data


class WorkflowChanges(Changes):
    """Changes of the workflow itself."""

    name: WorkflowName | None = None
    description: Description | None = None
    starting_url: Address | None = None
    language: Language | None = None
    status: WorkflowStatus | None = None
    visibility: Visibility | None = None
    folder_id: int | None = None
    """null: it lies in none."""
    tags: Annotated[list[Tag], Field(max_length=50)] | None = None
    """All of them; null: none."""
    variables: Annotated[list[Variable], Field(max_length=50)] | None = None


class LabelChanges(Changes):
    """A person's words for a step; what is left out is taken from the label that the step shows."""

    field_label: str | None = None
    instruction: str | None = None


class StepChanges(Changes):
    """Changes of what was recorded of a step, and of its label."""

    action: Action | None = None
    note_kind: NoteKind | None = None
    timestamp: Annotated[AwareDatetime, AfterValidator(in_utc)] | None = None
    target: Target | None = None
    value: Text | None = None
    value_kind: ValueKind | None = None
    page: Page | None = None
    screenshot_id: Annotated[str, Field(min_length=1, max_length=64, pattern=CLEAN)] | None = None
    sensitive_regions: Annotated[list[Box], Field(max_length=200)] | None = None
    label: LabelChanges | None = None
    heading: Heading | None = None
    """Of the section that begins with this step; null: none begins here."""


def sent(changes: Changes, base: type[Changes]) -> dict[str, Any]:
    """The fields of `base` that were sent; those that a door's subclass adds, such as a version, are not among them."""
    return {field: getattr(changes, field) for field in base.model_fields if field in changes.model_fields_set}
