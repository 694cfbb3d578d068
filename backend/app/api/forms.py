"""The forms that all answers of the API have in common."""

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

Item = TypeVar("Item")


class ErrorRead(BaseModel):
    """Every error."""

    model_config = ConfigDict(extra="allow")

    error: str
    """Name of the situation, for programs."""
    detail: str
    """What is wrong and what to do, for people."""
    request_id: str


class Listed(BaseModel, Generic[Item]):
    """Part of a list; `next_cursor` fetches the next part, null ends it."""

    items: list[Item]
    next_cursor: str | None = None


class Answer(BaseModel):
    """Base of answers that are read from rows."""

    model_config = ConfigDict(from_attributes=True)
