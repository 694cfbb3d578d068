"""What a recorded frame says, checked: whatever runs in a page may try to say something else."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from app.workflows.content import Box, Page, StepContent

MOST_CHARACTERS = 500_000
"""Of one message; the longest honest step has some tens of thousands."""

Id = Annotated[str, Field(min_length=1, max_length=100)]


class Spoken(BaseModel):
    """Base of all parts of a message."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Moment(Spoken):
    """A picture of now shows the page as it was before what happens next."""

    kind: Literal["moment"]
    moment: Id


class Step(Spoken):
    """Something was done."""

    kind: Literal["step"]
    id: Id
    moment: Id | None = None
    step: StepContent


class Amend(Spoken):
    """A step said before, said better."""

    kind: Literal["amend"]
    id: Id
    step: StepContent


class Withdraw(Spoken):
    """It was none after all."""

    kind: Literal["withdraw"]
    id: Id


class Cannot(Spoken):
    """Something that cannot be recorded."""

    kind: Literal["cannot"]
    what: Annotated[str, Field(max_length=50)]
    detail: Annotated[str, Field(max_length=500)]


class History(Spoken):
    """A script of the page goes back or forward (said by this host's own script)."""

    kind: Literal["history"]


Message = Annotated[Moment | Step | Amend | Withdraw | Cannot | History, Field(discriminator="kind")]


class ChildFrame(Spoken):
    """Where a frame within this one is, in CSS pixels of this one's viewport."""

    token: Id
    selector: Annotated[str, Field(max_length=2_000)]
    index: Annotated[int, Field(ge=-1)]
    """Which of its window's frames it is; -1: none that can be told."""
    x: float
    y: float
    width: float
    height: float


class Facts(Spoken):
    """How the frame was when it spoke. `masks`: what must not be seen in a picture of it."""

    token: Annotated[str, Field(max_length=100)]
    top: bool
    """It is the page itself, not a frame in it."""
    masks: Annotated[list[Box], Field(max_length=1_000)]
    frames: Annotated[list[ChildFrame], Field(max_length=1_000)]
    page: Page
    ready: bool
    born: float
    """When the document began, in milliseconds since 1970."""


class Said(Spoken):
    """A message at a moment, in milliseconds since 1970; without one, only the facts have changed."""

    at: Annotated[float, Field(gt=0, lt=1e14)]
    facts: Facts
    message: Message | None


class Unreadable(Exception):
    """Not a message of the recorder."""


_MESSAGE: TypeAdapter[Message] = TypeAdapter(Message)


class _Envelope(Spoken):
    at: Annotated[float, Field(gt=0, lt=1e14)]
    facts: Annotated[str, Field(max_length=MOST_CHARACTERS)]
    message: dict[str, Any] | None


def read(text: Any) -> Said:
    """The message in `text`; raises `Unreadable` with words that hold nothing of it."""
    if not isinstance(text, str) or len(text) > MOST_CHARACTERS:
        raise Unreadable("it is no text, or too long")
    try:
        envelope = _Envelope.model_validate_json(text)
        message = None if envelope.message is None else _MESSAGE.validate_python(envelope.message)
        return Said(at=envelope.at, facts=Facts.model_validate_json(envelope.facts), message=message)
    except ValidationError as error:
        where = {".".join(map(str, found["loc"])) for found in error.errors(include_input=False, include_url=False)}
        raise Unreadable(", ".join(sorted(where)[:5])) from None
