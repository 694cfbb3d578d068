"""What the API takes and answers about hiding parts of pictures."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.api.forms import Answer
from app.core.personal_in_text import Kind
from app.workflows.content import CLEAN, Box, Viewport


class RedactionProposed(Answer):
    """A rectangle that a person probably wants to hide, in CSS pixels of the viewport."""

    box: Box
    reason: Literal["marked", "entered"] | Kind
    """`marked`: by the recorder; `entered`: a field with a value; else what its words look like."""
    step_id: int
    """The step of the same page from which it is known."""


class RedactionsProposed(BaseModel):
    """What could be hidden in a step's picture."""

    screenshot_id: str
    width: int
    height: int
    viewport: Viewport | None
    """Null: send rectangles as fractions of the picture."""
    items: list[RedactionProposed]
    next_cursor: str | None = None


class Redaction(BaseModel):
    """What to hide, for good."""

    model_config = ConfigDict(extra="forbid")

    boxes: Annotated[list[Box], Field(min_length=1, max_length=200)]
    unit: Literal["css", "fraction"] = "css"
    """`css`: CSS pixels of the viewport; `fraction`: parts of the picture's width and height, from 0 to 1."""
    on: Literal["step", "page", "workflow"] = "step"
    """The same rectangles on this step's picture, on those of all steps of its page, or on those of all steps."""
    screenshot_id: Annotated[str, Field(max_length=64, pattern=CLEAN)] | None = None
    """The picture that was looked at; if the step shows another one by now, nothing is hidden."""


class StepPictureRead(BaseModel):
    """Which picture a step shows."""

    step_id: int
    screenshot_id: str


class RedactionDone(BaseModel):
    """The new pictures. The old ones answer 404."""

    pictures: list[StepPictureRead]
    kept_elsewhere: int
    """Private workflows of other people that still show an old picture. Who uploaded it, or an admin, can hide it
    there too."""
