"""What the API takes and answers about settings that may be chosen while everything runs."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app.api.forms import Answer

Name = Annotated[str, Field(min_length=1, max_length=60)]


class ChoiceRead(Answer):
    """A setting as it holds now. `environment` is what holds when nothing is chosen."""

    name: str
    value: Any
    environment: Any
    chosen: bool
    chosen_by: str | None
    chosen_at: datetime | None


class SettingsRead(BaseModel):
    """All of them, and which keys are set; the keys themselves are never told."""

    items: list[ChoiceRead]
    keys: dict[str, bool]


class SettingsChange(BaseModel):
    """Values to choose, by name, and names for which the environment is to hold again."""

    model_config = ConfigDict(extra="forbid")

    values: Annotated[dict[Name, Any], Field(max_length=50)] = {}
    """`null` for a budget means unlimited."""
    leave: Annotated[list[Name], Field(max_length=50)] = []
