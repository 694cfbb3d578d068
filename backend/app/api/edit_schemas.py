"""What the API takes and answers about what people did to a workflow."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from app.api.forms import Answer
from app.api.schemas import LabelRead
from app.workflows import edits
from app.workflows.label_history import PastLabel
from app.workflows.models import Edit


class EditRead(Answer):
    """One thing that a person did."""

    id: int
    what: str
    """Its kind, such as `label_changed`, `step_removed`, `workflow_changed`."""
    step_ids: list[int]
    """Of the steps that it changed; empty: it is of the whole workflow."""
    user_id: int | None
    created_at: datetime
    undone_at: datetime | None


class UndoRequest(BaseModel):
    """Which edit to undo; left out: your newest that is not undone."""

    model_config = ConfigDict(extra="forbid")

    edit_id: int | None = None


class ConfirmRequest(BaseModel):
    """The `version` of the step that was read; a stale one is refused with both texts."""

    model_config = ConfigDict(extra="forbid")

    version: int | None = None


class PastLabelRead(LabelRead):
    """A label that a step has or had."""

    id: int
    prompt_version: str | None
    run_id: int | None
    user_id: int | None
    decision: Literal["accepted", "rejected", "withdrawn"] | None
    """`withdrawn`: a person's words, whose edit was undone."""
    shown: bool
    """Whether the step shows it now."""


def edit_read(edit: Edit) -> EditRead:
    """An edit, without what only undoing needs."""
    return EditRead(
        id=edit.id,
        what=edit.what,
        step_ids=edits.step_ids(edit),
        user_id=edit.user_id,
        created_at=edit.created_at,
        undone_at=edit.undone_at,
    )


def past_label_read(past: PastLabel) -> PastLabelRead:
    """A label with what became of it."""
    fields = {name: getattr(past.label, name) for name in PastLabelRead.model_fields if name not in _BESIDE}
    return PastLabelRead.model_validate(fields | {"decision": past.decision, "shown": past.shown})


_BESIDE = frozenset({"decision", "shown"})
