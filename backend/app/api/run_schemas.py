"""What the API takes and answers about labelling runs."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.api.forms import Answer
from app.labeling.models import Mode, ParkedFor, RunState


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
