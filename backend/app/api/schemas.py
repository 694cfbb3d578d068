"""What the API takes and answers about workflows, their steps and labels, people and what they upload."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from app.accounts.models import Role
from app.accounts.permissions import Scope
from app.api.forms import Answer
from app.api.run_schemas import RunRead
from app.recordings.schema import GivenLabel
from app.workflows.changes import StepChanges, WorkflowChanges
from app.workflows.content import (
    CLEAN,
    Action,
    Box,
    Heading,
    NoteKind,
    Page,
    StepContent,
    Target,
    ValueKind,
    Variable,
    WorkflowName,
    in_utc,
)
from app.workflows.models import LabelSource, LabelState, Visibility, WorkflowStatus
from app.workflows.rerecording.likeness import Change


class ScreenshotRead(Answer):
    """An uploaded screenshot. `sha256` is of the bytes that were sent, `bytes` the size of what is stored."""

    id: str
    sha256: str
    width: int
    height: int
    bytes: int


class LabelRead(Answer):
    """The label that a step shows."""

    field_label: str
    instruction: str
    confidence: float | None
    source: LabelSource
    model: str | None
    flags: list[str] | None
    """What a reviewer should look at; null: nothing."""
    created_at: datetime


class StepRead(Answer):
    """A step as it was recorded, and what is said about it."""

    id: int
    position: int
    version: int
    action: Action
    note_kind: NoteKind | None
    timestamp: datetime | None
    target: Target | None
    value: str | None
    value_kind: ValueKind | None
    page: Page
    screenshot_id: str | None
    sensitive_regions: list[Box] | None
    heading: str | None
    """Of the section that begins with this step."""
    label: LabelRead | None
    label_state: LabelState
    proposals: int
    """Labels of a model, newer than the person's that is shown, that wait for a decision."""
    stale: list[Change] | None
    """What a newer recording changed since the shown label was written; null: nothing. Editing or confirming it, or
    accepting a proposal, clears it."""


class ChangeRead(Answer):
    """Some words of a sentence: those kept and deleted make the old one, those kept and inserted the new one."""

    op: Literal["keep", "insert", "delete"]
    text: str


class WordsRead(Answer):
    """A label's words."""

    field_label: str
    instruction: str


class ProposalRead(BaseModel):
    """What a model says of a step beside the person's words that it shows."""

    n: int
    """Its number among the labels that models gave this step, from 1; it never changes."""
    field_label: str
    instruction: str
    confidence: float | None
    model: str | None
    flags: list[str] | None
    """What a reviewer should look at; null: nothing."""
    created_at: datetime
    current: WordsRead
    diff: list[ChangeRead]
    """From the instruction that the step shows to the proposed one."""


class AcceptRequest(BaseModel):
    """The `version` of the step that was read; a stale one is refused with both texts."""

    model_config = ConfigDict(extra="forbid")

    version: int | None = None


class Accepted(BaseModel):
    """How many proposals were accepted."""

    accepted: int


class Rejected(BaseModel):
    """How many proposals were rejected."""

    rejected: int


class SentPictureRead(Answer):
    """A picture that goes to the model with the document; `number` is what the document's steps call it."""

    number: int
    kind: Literal["crop", "page"]
    width: int
    height: int
    sha256: str
    data: str
    """JPEG, in base64."""


class SentRead(Answer):
    """What a model is shown of a step, to the last character, beside the words that ask for labels."""

    key: str
    """The step's key in the document."""
    document: dict[str, Any]
    pictures: list[SentPictureRead]
    sha256: str
    """Of document and pictures."""
    last_call_sha256: str | None
    """The same of the last call that this step was in, as it was written down before the call; null: never sent."""
    matches_last_call: bool | None
    """Whether that call was shown just this; false: something was changed since."""


class WorkflowSummary(Answer):
    """A workflow in a list."""

    id: int
    name: str
    description: str | None
    starting_url: str | None
    status: WorkflowStatus
    visibility: Visibility
    owner_id: int
    version: int
    total_steps: int
    screenshot_id: str | None
    """The first step's picture."""
    folder_id: int | None
    tags: list[str]
    site: str | None
    """Host of its first page, in lower case."""
    created_at: datetime
    updated_at: datetime


class WorkflowRead(WorkflowSummary):
    """A workflow with its steps and its newest labelling run."""

    language: str | None
    variables: list[Variable]
    """What a reader fills in."""
    steps: list[StepRead]
    labeling: RunRead | None


class WorkflowChange(WorkflowChanges):
    """Fields to change; with `version`, the one that was read, a change that came too late is refused."""

    version: int | None = None


class StepChange(StepChanges):
    """Fields to change, and the `version` that was read; a stale one is refused with both texts."""

    version: int


class NewStep(StepContent):
    """A step that a person adds; `position` counts from 1, left out: at the end."""

    position: Annotated[int, Field(ge=1)] | None = None
    label: GivenLabel | None = None
    heading: Heading | None = None
    """Of the section that begins with it."""


class IfVersion(BaseModel):
    """With the workflow's `version` that was read, a change that came too late is refused, with both orders."""

    model_config = ConfigDict(extra="forbid")

    version: int | None = None


class Order(IfVersion):
    """All steps of the workflow, in their new order."""

    step_ids: Annotated[list[int], Field(max_length=10_000)]


class Merge(IfVersion):
    """Steps in a row to be made into one, and which of their pictures it shows."""

    step_ids: Annotated[list[int], Field(min_length=2, max_length=20)]
    keep_picture: Literal["first", "last"] = "last"


class Split(IfVersion):
    """Where a new workflow begins, and its name."""

    before_step_id: int
    name: WorkflowName


class Append(IfVersion):
    """Whose steps are copied, and behind which step; left out: to the end."""

    workflow_id: int
    after_step_id: int | None = None


class FolderRead(Answer):
    """A folder of the library."""

    id: int
    name: str
    created_at: datetime


class FolderName(BaseModel):
    """What a folder is to be called."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=100, pattern=CLEAN)]


class ImportRead(BaseModel):
    """What an import brought."""

    workflows: list[WorkflowRead]
    warnings: list[str]


class PersonRead(Answer):
    """Who is signed in, and what the token or session allows."""

    id: int
    email: str
    name: str
    role: Role
    scopes: list[Scope]


class TokenRequest(BaseModel):
    """An API token to make. Its scopes are at most those of its person."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=200, pattern=CLEAN)]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=3)] = ["read", "write"]
    expires_at: Annotated[AwareDatetime, AfterValidator(in_utc)] | None = None


class TokenRead(Answer):
    """An API token, without its secret."""

    id: int
    name: str
    prefix: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class TokenCreated(TokenRead):
    """A new API token. Its secret is shown this once."""

    token: str
