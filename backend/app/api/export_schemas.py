"""What the API takes and answers about exports that are made in the background."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.api.forms import Answer
from app.guides.jobs import MOST_WORKFLOWS


class ExportRequest(BaseModel):
    """Which workflows to export, and as what; several become one zip."""

    model_config = ConfigDict(extra="forbid")

    workflow_ids: Annotated[list[int], Field(min_length=1, max_length=MOST_WORKFLOWS)]
    format: Annotated[str, Field(max_length=20)]


class ExportRead(Answer):
    """An export: `waiting` until it is `done` or `failed`. It can be fetched for a day."""

    id: int
    workflow_ids: list[int]
    format: str
    state: Literal["waiting", "done", "failed"]
    done: int
    """Of `total` pictures and files; 0 of 0: nobody has begun."""
    total: int
    problem: str | None
    """Why it failed."""
    filename: str | None
    created_at: datetime
    finished_at: datetime | None
