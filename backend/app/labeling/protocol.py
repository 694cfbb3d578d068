"""What a labeler is: it takes a chunk of steps with their context and gives one result for each.

The pipeline calls `label` from threads, several chunks at a time, and never while a transaction is open. A labeler
turns the errors of its vendor into the two errors below; whatever else it raises counts as a crash of the run.
A labeler that calls a model makes every single call through the `Desk` that it is handed: the desk writes it down
before it is made, holds it to budget and limits, and books what it cost.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from app.labeling.rates import Rates
from app.workflows.content import StepContent
from app.workflows.models import LabelSource

Picture = Literal["page", "crop"]


@dataclass(frozen=True, slots=True)
class StepLabel:
    """A control's short name and one sentence that says what to do."""

    field_label: str
    instruction: str
    confidence: float | None = None
    flags: tuple[str, ...] = ()
    """What a reviewer should look at, as codes."""


@dataclass(frozen=True, slots=True)
class ChunkStep:
    """One step of a chunk; `position` counts from 1 within the whole workflow."""

    step_id: int
    position: int
    content: StepContent
    rule_label: StepLabel
    """What the rules say, derived over the whole workflow."""
    picture: Callable[[Picture], bytes | None]
    """Draws what a model may see of the screenshot when it is wanted, as JPEG with its inputs painted over; None if
    there is none, or if it is not known what to paint over."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Steps that are labelled together, and what stands around them."""

    workflow_name: str
    description: str | None
    language: str | None
    """BCP 47; None: that of the recorded pages."""
    labels_before: tuple[str, ...]
    """Instructions of the steps before this chunk, as they are shown now, in order."""
    steps: tuple[ChunkStep, ...]
    step_after: ChunkStep | None
    whole: tuple[ChunkStep, ...] = ()
    """All steps of the workflow: what was typed into one may stand on the page of another."""
    labels_elsewhere: tuple[str, ...] = ()
    """Instructions that steps outside this chunk show now: no label may say the same."""
    wants_name: bool = False
    """Nobody gave the workflow a name: the labeler may propose one."""
    wants_description: bool = False
    wants_headings: bool = False
    """The workflow is long and has no sections: the labeler may say where one begins."""


@dataclass(frozen=True, slots=True)
class StepResult:
    """A label, or why there is none (in words for a person)."""

    step_id: int
    label: StepLabel | None = None
    failure: str | None = None
    heading: str | None = None
    """A section begins with this step, and this is what it is called."""


@dataclass(frozen=True, slots=True)
class ChunkResult:
    """Results in any order; a step without one counts as failed."""

    results: tuple[StepResult, ...]
    name: str | None = None
    """Proposed for the workflow, if that was wanted."""
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Tokens:
    """What one call took. `input` counts all tokens of the request, those of the cache too."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model answered."""

    text: str
    stop: Literal["end", "truncated", "refused"]
    tokens: Tokens
    request_id: str | None = None
    rates: Rates | None = None
    cost_usd: float | None = None
    """If the provider says it; else it is reckoned from the price list."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One call that is about to be made."""

    step_ids: tuple[int, ...]
    estimate: Tokens
    """What it will take, about."""
    room: int
    """Tokens that the answer may take at the most."""
    sent_hash: str
    """SHA-256 of what was recorded and is sent."""


class Desk(Protocol):
    """Where the calls of one chunk are made."""

    def call(self, asked: Asked, send: Callable[[], Reply]) -> Reply:
        """Write the call down, wait for its turn, make it, book it. Raises what `send` raises, and the two errors below
        when it is not to be made now."""

    def unreadable(self) -> None:
        """The last answer could not be used: the ledger says so."""


CallOutcome = Literal["rate_limited", "overloaded", "provider_error", "unreachable", "rejected", "spend_limit"]


class TransientLabelError(Exception):
    """The call may succeed later. `delay_seconds`: not before then; None: not said, wait a little longer each time.

    `outcome`: what the ledger says of the call. After `rate_limited` and `overloaded` nobody calls for a while.
    """

    def __init__(
        self,
        reason: str,
        delay_seconds: float | None = None,
        *,
        outcome: CallOutcome = "unreachable",
        request_id: str | None = None,
        rates: Rates | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.delay_seconds = delay_seconds
        self.outcome = outcome
        self.request_id = request_id
        self.rates = rates


class PermanentLabelError(Exception):
    """No call of this run can succeed before a person does something; `reason` says what.

    `of_chunk`: it was refused for what is in this chunk; others may be taken. `parked_for`: what is used up, so that
    the run may go on by itself once there is more of it. `needs_usd`: how much of it the next call wants.
    """

    def __init__(
        self,
        reason: str,
        *,
        outcome: CallOutcome = "rejected",
        request_id: str | None = None,
        of_chunk: bool = False,
        parked_for: Literal["budget", "spend_limit"] | None = None,
        needs_usd: float | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.outcome = outcome
        self.request_id = request_id
        self.of_chunk = of_chunk
        self.parked_for = parked_for
        self.needs_usd = needs_usd


class Labeler(Protocol):
    """Names steps. One is made for each run, see `registry`."""

    @property
    def name(self) -> str:
        """`rules`, `claude`, …"""

    @property
    def source(self) -> LabelSource:
        """What its labels count as."""

    @property
    def model(self) -> str | None: ...

    @property
    def prompt_version(self) -> str | None: ...

    @property
    def limited(self) -> bool:
        """Whether its calls are held to limits by all workers together."""

    def label(self, chunk: Chunk, desk: Desk) -> ChunkResult:
        """One result a step. Raises TransientLabelError or PermanentLabelError."""
