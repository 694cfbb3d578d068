"""A recording as it is sent: the body of `POST /workflows`."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from app.labeling.rules.wording import visible
from app.workflows.content import (
    CLEAN,
    Address,
    Content,
    Description,
    Language,
    StepContent,
    Variable,
    WorkflowName,
)
from app.workflows.labels import MAX_FIELD_LABEL, MAX_INSTRUCTION, clean

MOST_STEPS = 10_000
"""Where reading stops; what a server takes is set by MAX_STEPS."""
MOST_VARIABLES = 50

Heading = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=CLEAN)]


def _each_once(variables: list[Variable]) -> list[Variable]:
    if len({variable.name for variable in variables}) < len(variables):
        raise ValueError("two variables have the same name")
    return variables


def _says_something(words: str) -> str:
    if not visible(clean(words)).strip():
        raise ValueError("is empty")
    return words


class GivenLabel(Content):
    """Words that a person wrote for a step, carried by an imported guide."""

    field_label: Annotated[str, Field(max_length=MAX_FIELD_LABEL, pattern=CLEAN), AfterValidator(_says_something)]
    instruction: Annotated[str, Field(max_length=MAX_INSTRUCTION, pattern=CLEAN), AfterValidator(_says_something)]


class RecordingStep(StepContent):
    """A step, and the words for it if a person wrote some already."""

    label: GivenLabel | None = None
    heading: Heading | None = None
    """Of the section that begins with this step."""


class RecordingIn(Content):
    """A whole recording. `steps` are in the order in which they happened."""

    name: WorkflowName | None = None
    """None: the rules make one up, and a model may propose a better one."""
    description: Description | None = None
    starting_url: Address | None = None
    language: Language | None = None
    variables: Annotated[list[Variable], Field(max_length=MOST_VARIABLES), AfterValidator(_each_once)] = Field(
        default_factory=list
    )
    """What a reader fills in: `{{name}}` in a label stands for it."""
    steps: Annotated[list[RecordingStep], Field(min_length=1, max_length=MOST_STEPS)]
