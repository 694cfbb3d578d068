"""What a recorder saw: the recorded part of a step, in the shape that the API takes and gives."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

CLEAN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202d\u202e]*$"
"""No control characters but tab and line ends, no bidirectional overrides (they make a text read as another)."""

Name = Annotated[str, Field(max_length=100, pattern=CLEAN)]
Short = Annotated[str, Field(max_length=500, pattern=CLEAN)]
Selector = Annotated[str, Field(max_length=2_000, pattern=CLEAN)]
Text = Annotated[str, Field(max_length=5_000, pattern=CLEAN)]
Address = Annotated[str, Field(max_length=8_000, pattern=CLEAN)]

WorkflowName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=CLEAN)]
Heading = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=CLEAN)]
Description = Annotated[str, Field(max_length=5_000, pattern=CLEAN)]
Language = Annotated[str, Field(max_length=35, pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")]


class Action(StrEnum):
    """What the person did. `note` is a step that a person adds by hand."""

    NAVIGATE = "navigate"
    CLICK = "click"
    DOUBLE_CLICK = "double_click"
    RIGHT_CLICK = "right_click"
    INPUT = "input"
    SELECT = "select"
    CHECK = "check"
    UNCHECK = "uncheck"
    TOGGLE = "toggle"
    SUBMIT = "submit"
    PRESS = "press"
    SCROLL = "scroll"
    HOVER = "hover"
    DRAG = "drag"
    UPLOAD = "upload"
    COPY = "copy"
    PASTE = "paste"
    NOTE = "note"


WITHOUT_TARGET = frozenset({Action.NAVIGATE, Action.PRESS, Action.NOTE})
"""Actions that need no target; a recorder may still name the element that had the focus of a `press`."""

ValueKind = Literal["text", "email", "number", "date", "password", "secret", "file", "option", "url"]

NoteKind = Literal["note", "tip", "warning", "step"]
"""What a person added by hand; `step`: something to do, which is counted like a recorded step."""

SECRET_KINDS: frozenset[str] = frozenset({"password", "secret"})


class Content(BaseModel):
    """Base of everything recorded: unknown fields are refused, values never change in place."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Box(Content):
    """Where the element was, in CSS pixels of the viewport."""

    x: Annotated[float, Field(ge=-100_000, le=100_000)]
    y: Annotated[float, Field(ge=-100_000, le=100_000)]
    width: Annotated[float, Field(ge=0, le=100_000)]
    height: Annotated[float, Field(ge=0, le=100_000)]


class Viewport(Content):
    """Size of the visible page, in CSS pixels."""

    width: Annotated[int, Field(ge=1, le=20_000)]
    height: Annotated[int, Field(ge=1, le=20_000)]


class Context(Content):
    """Words around the element that tell it from others with the same name."""

    label: Short | None = None
    placeholder: Short | None = None
    heading: Short | None = None
    section: Short | None = None
    row: Short | None = None
    column: Short | None = None
    nearby: Short | None = None


NO_CONTEXT = Context()


class Target(Content):
    """The element that was used. `name` is its accessible name, `text` its own text."""

    tag: Name | None = None
    role: Name | None = None
    name: Short | None = None
    text: Text | None = None
    attributes: Annotated[dict[Name, Selector | None], Field(max_length=60)] = Field(default_factory=dict)
    selectors: Annotated[list[Selector | Annotated[list[Selector], Field(max_length=20)]], Field(max_length=30)] = (
        Field(default_factory=list)
    )
    """Ranked, best first; a list within is a chain through shadow roots."""
    box: Box | None = None
    context: Context = NO_CONTEXT
    frame: Annotated[list[int | Address], Field(max_length=20)] = Field(default_factory=list)
    """The way to the frame that holds the element: indexes or addresses, outermost first."""


class Page(Content):
    """The page on which the step happened."""

    url: Address | None = None
    title: Short | None = None
    viewport: Viewport | None = None


NO_PAGE = Page()


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC."""
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("this moment lies outside the years 1 to 9999") from error


class StepContent(Content):
    """Everything recorded of one step."""

    action: Action
    note_kind: NoteKind | None = None
    timestamp: Annotated[AwareDatetime, AfterValidator(in_utc)] | None = None
    target: Target | None = None
    value: Text | None = None
    """What was entered, chosen or pressed (`Enter`, `Ctrl+S`); the destination's name for `drag`;
    always None for kinds `password` and `secret`."""
    value_kind: ValueKind | None = None
    page: Page = NO_PAGE
    screenshot_id: Annotated[str, Field(min_length=1, max_length=64, pattern=CLEAN)] | None = None
    sensitive_regions: Annotated[list[Box], Field(max_length=200)] | None = None
    """Parts of the picture that the recorder found to hold input or was told to hide, like `box` in CSS pixels of the
    viewport: painted over before a model sees the picture."""


class Variable(Content):
    """Something that differs from reader to reader: `{{name}}` in a label stands for what the reader fills in."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    label: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=CLEAN)]
    """What the reader is asked for."""
    example: Annotated[str, Field(max_length=200, pattern=CLEAN)] | None = None
    """Stands there until the reader fills something in."""
