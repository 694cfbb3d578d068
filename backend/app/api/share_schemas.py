"""What the API takes and answers about links by which a guide is read without an account."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from app.api.forms import Answer
from app.workflows.content import CLEAN, in_utc


class ShareRequest(BaseModel):
    """A link to make; without `expires_at` it works until it is revoked."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=100, pattern=CLEAN)] | None = None
    """For whom it is."""
    expires_at: Annotated[AwareDatetime, AfterValidator(in_utc)] | None = None
    embed_origins: Annotated[list[Annotated[str, Field(max_length=300)]], Field(max_length=20)] = []
    """Sites that may show the guide in a frame, such as `https://wiki.example.com`."""


class ShareRead(Answer):
    """A link, without its secret."""

    id: int
    prefix: str
    """The first characters of the secret."""
    name: str | None
    expires_at: datetime | None
    embed_origins: list[str]
    created_at: datetime
    revoked_at: datetime | None
    views: int
    """How often it was opened."""


class ShareCreated(ShareRead):
    """A new link. Its address and its secret are in this answer alone."""

    url: str
    secret: str


class SharedWords(Answer):
    """Some words of a sentence: plain, or what they are."""

    text: str
    kind: Literal["text", "name", "strong", "code", "link", "variable"]
    href: str | None
    """Of a link."""


class SharedPicture(BaseModel):
    """A step's picture with its element outlined: its surroundings, and the whole page."""

    url: str
    width: int
    height: int
    page_url: str


class SharedStep(BaseModel):
    """A step, or something to know between two of them."""

    number: int | None
    """Counted from 1 without the notes; null for a note."""
    kind: Literal["step", "note", "tip", "warning"]
    heading: str | None
    """Of the section that begins here."""
    field_label: str | None
    instruction: str
    words: list[SharedWords]
    """The instruction in parts."""
    picture: SharedPicture | None


class SharedVariable(Answer):
    """What a reader fills in: `{{name}}` in the instructions stands for it."""

    name: str
    label: str
    example: str | None


class SharedGuide(BaseModel):
    """A guide as its link shows it."""

    title: str
    description: str | None
    starting_url: str | None
    language: str | None
    variables: list[SharedVariable]
    steps: list[SharedStep]
