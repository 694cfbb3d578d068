"""What the API answers with."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from app.accounts.models import Role
from app.accounts.permissions import Scope
from app.labeling.models import Mode, ParkedFor, RunState
from app.labeling.usage import Usage
from app.recordings.schema import GivenLabel
from app.workflows.changes import StepChanges, WorkflowChanges
from app.workflows.content import CLEAN, Action, Box, Page, StepContent, Target, ValueKind, in_utc
from app.workflows.models import LabelSource, LabelState, Visibility, WorkflowStatus

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


class RunRead(Answer):
    """A labelling run. Waiting and running times in seconds."""

    id: int
    workflow_id: int
    state: RunState
    stalled: bool
    """Whether its worker has gone: it is `running`, and is taken over soon."""
    reason: str | None
    mode: Mode
    attempts: int
    total_steps: int
    steps_labeled: int
    steps_failed: int
    wait_seconds: float | None
    run_seconds: float | None
    calls: int
    input_tokens: int
    output_tokens: int
    cost_usd: float
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    acknowledged_at: datetime | None


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
    created_at: datetime
    updated_at: datetime


class WorkflowRead(WorkflowSummary):
    """A workflow with its steps and its newest labelling run."""

    language: str | None
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


class Order(BaseModel):
    """All steps of the workflow, in their new order."""

    model_config = ConfigDict(extra="forbid")

    step_ids: Annotated[list[int], Field(max_length=10_000)]
    version: int | None = None


class LabelRequest(BaseModel):
    """Which steps to label again; none named: all."""

    model_config = ConfigDict(extra="forbid")

    step_ids: Annotated[list[int], Field(min_length=1, max_length=10_000)] | None = None
    mode: Literal["interactive", "batch"] = "interactive"
    """`interactive`: now; `batch`: at half the price, within a day."""


class LabelEverything(BaseModel):
    """How to label all workflows again."""

    model_config = ConfigDict(extra="forbid")

    mode: Literal["bulk", "batch"] = "batch"
    """`batch`: at half the price, within a day; `bulk`: now, after everything else that waits."""


class RunsWanted(BaseModel):
    """Which runs: those with these numbers, or, with `state`, those that need attention, a page of them at a time."""

    model_config = ConfigDict(extra="forbid")

    run_ids: Annotated[list[int], Field(min_length=1, max_length=100)] | None = None
    state: Literal["needs_attention"] | None = None
    parked_for: ParkedFor | None = None
    """Only those that wait for this."""
    limit: Annotated[int, Field(ge=1, le=100)] = 100
    cursor: Annotated[str, Field(max_length=200)] | None = None

    @model_validator(mode="after")
    def _either(self) -> Self:
        if (self.run_ids is None) == (self.state is None):
            raise ValueError("name runs by run_ids, or give the state needs_attention")
        if self.run_ids is not None and (self.parked_for or self.cursor):
            raise ValueError("parked_for and cursor go with state")
        return self


class RunHandled(BaseModel):
    """What became of one run: the run that goes on (a retry may make a new one), or the error."""

    run_id: int
    run: RunRead | None
    error: str | None
    detail: str | None


class RunsQueued(BaseModel):
    """How many workflows will be labelled."""

    runs: int


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


class SumsRead(Answer):
    """Tokens and US dollars of some calls; for calls whose cost is not known yet, what was reserved for them."""

    calls: int
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cost_usd: float


class ModelUsageRead(SumsRead):
    """The calls of one model."""

    model: str


class DayUsageRead(SumsRead):
    """The calls of one day (UTC)."""

    day: str


class WorkflowUsageRead(SumsRead):
    """The calls for one workflow. `deleted`: it is gone, only its number is known; `hidden`: all that you may not see;
    `others`: the rest of a long list."""

    kind: Literal["workflow", "deleted", "hidden", "others"]
    workflow_id: int | None
    name: str | None


class SpendingRead(Answer):
    """The budget of a period; null: unlimited."""

    limit_usd: float | None
    spent_usd: float
    """Spent or reserved."""
    left_usd: float | None


class BudgetRead(BaseModel):
    """Of today and of this month (UTC)."""

    day: SpendingRead
    month: SpendingRead


class UsageRead(SumsRead):
    """What the calls of models took and cost that began from `from` on and before `to`."""

    model_config = ConfigDict(from_attributes=True, populate_by_name=True)

    start: Annotated[datetime, Field(alias="from")]
    end: Annotated[datetime, Field(alias="to")]
    by_model: list[ModelUsageRead]
    by_workflow: list[WorkflowUsageRead]
    """The dearest first, then the rest of them together."""
    by_outcome: dict[str, int]
    """Calls by what became of them: `answered`, `truncated`, `refused`, `rate_limited`, `lost`, …"""
    by_day: list[DayUsageRead]
    open_calls: int
    """Under way, or cut off by a crash less than an hour ago."""
    budget: BudgetRead

    @classmethod
    def of(cls, usage: Usage) -> Self:
        """The answer's form of what the ledger says."""
        return cls(
            start=usage.window.start,
            end=usage.window.end,
            **asdict(usage.total),
            by_model=[ModelUsageRead.model_validate(each) for each in usage.by_model],
            by_workflow=[WorkflowUsageRead.model_validate(each) for each in usage.by_workflow],
            by_outcome=usage.by_outcome,
            by_day=[DayUsageRead.model_validate(each) for each in usage.by_day],
            open_calls=usage.open_calls,
            budget=BudgetRead(**{name: SpendingRead.model_validate(each) for name, each in usage.budget.items()}),
        )
