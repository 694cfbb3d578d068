"""A recording as it is sent: the body of `POST /workflows`."""

from typing import Annotated

from pydantic import Field

from app.workflows.content import CLEAN, Address, Content, Description, Language, StepContent, WorkflowName

MOST_STEPS = 10_000
"""Where reading stops; what a server takes is set by MAX_STEPS."""


class GivenLabel(Content):
    """Words that a person wrote for a step, carried by an imported guide."""

    field_label: Annotated[str, Field(max_length=200, pattern=CLEAN)]
    instruction: Annotated[str, Field(max_length=1_000, pattern=CLEAN)]


class RecordingStep(StepContent):
    """A step, and the words for it if a person wrote some already."""

    label: GivenLabel | None = None


class RecordingIn(Content):
    """A whole recording. `steps` are in the order in which they happened."""

    name: WorkflowName | None = None
    """None: the rules make one up, and a model may propose a better one."""
    description: Description | None = None
    starting_url: Address | None = None
    language: Language | None = None
    steps: Annotated[list[RecordingStep], Field(min_length=1, max_length=MOST_STEPS)]
