"""What a labeler is: it takes a chunk of steps with their context and gives one result for each.

The pipeline calls `label` from threads, several chunks at a time, and never while a transaction is open. A labeler
turns the errors of its vendor into the two errors below; whatever else it raises counts as a crash of the run.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

from app.workflows.content import StepContent
from app.workflows.models import LabelSource

Picture = Literal["page", "crop"]


@dataclass(frozen=True, slots=True)
class StepLabel:
    """A control's short name and one sentence that says what to do."""

    field_label: str
    instruction: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class ChunkStep:
    """One step of a chunk; `position` counts from 1 within the whole workflow."""

    step_id: int
    position: int
    content: StepContent
    rule_label: StepLabel
    """What the rules say, derived over the whole workflow."""
    picture: Callable[[Picture], bytes | None]
    """Reads the screenshot when it is wanted: PNG or JPEG bytes, None if there is none."""


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


@dataclass(frozen=True, slots=True)
class StepResult:
    """A label, or why there is none (in words for a person)."""

    step_id: int
    label: StepLabel | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """What calls cost."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0


NOTHING = Usage()


@dataclass(frozen=True, slots=True)
class ChunkResult:
    """Results in any order; a step without one counts as failed."""

    results: tuple[StepResult, ...]
    usage: Usage = field(default=NOTHING)


class TransientLabelError(Exception):
    """The call may succeed later. `delay_seconds`: not before then; None: not said, wait a little longer each time."""

    def __init__(self, reason: str, delay_seconds: float | None = None, usage: Usage = NOTHING) -> None:
        super().__init__(reason)
        self.reason = reason
        self.delay_seconds = delay_seconds
        self.usage = usage


class PermanentLabelError(Exception):
    """No call of this run can succeed before a person does something; `reason` says what."""

    def __init__(self, reason: str, usage: Usage = NOTHING) -> None:
        super().__init__(reason)
        self.reason = reason
        self.usage = usage


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

    def label(self, chunk: Chunk) -> ChunkResult:
        """One result a step. Raises TransientLabelError or PermanentLabelError."""
