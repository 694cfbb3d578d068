"""What the API takes and answers about tasks that were recorded again."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.api.answers import step_read
from app.api.forms import Answer
from app.api.run_schemas import RunRead
from app.api.schemas import StepRead, WordsRead
from app.workflows.content import Box, StepContent
from app.workflows.rerecording.choices import Choice, Wanted
from app.workflows.rerecording.comparing import Comparison, Kind, PictureState, Row
from app.workflows.rerecording.likeness import Change
from app.workflows.rerecording.models import RerecordedStep, RerecordingState


class RerecordingRead(Answer):
    """A new recording of a workflow's task."""

    id: int
    workflow_id: int
    user_id: int | None
    """Who sent it."""
    state: RerecordingState
    """`open`: it waits for a person; `applied`: something of it was taken over; `dismissed`: nothing was."""
    warnings: list[str] | None
    created_at: datetime
    decided_at: datetime | None


class RerecordedStepRead(BaseModel):
    """A step as it was recorded anew."""

    id: int
    """By which its picture is asked for with its element outlined: `rerecorded_step_id`."""
    position: int
    recorded: StepContent
    by_rules: WordsRead
    """What the rules say of it."""


class RowRead(BaseModel):
    """One step in both recordings, or in one of them."""

    kind: Kind
    moved: bool
    """It stands between other steps than before."""
    old: StepRead | None
    new: RerecordedStepRead | None
    changes: list[Change]
    """In what the new one differs."""
    outdates_words: bool
    """Once it is taken over, the words that the step shows may be wrong: it is flagged until a person looks at it."""
    picture: PictureState
    held: bool
    """The new picture may show what a person had hidden in the old one: it is only taken over with `"picture": "new"`,
    which says that somebody looked at it, or after parts of it were hidden."""


class ComparisonRead(BaseModel):
    """A workflow beside a new recording of its task, as both are now. Notes stay where they are, and are not in it."""

    recording: RerecordingRead
    basis: str
    """Of what this was made: send it back with your choices."""
    rows: list[RowRead]


class ChoiceSent(BaseModel):
    """Of one row, by the `id` of its old step and the `position` of its new one."""

    model_config = ConfigDict(extra="forbid")

    step_id: int | None = None
    position: int | None = None
    take: Literal["new", "old"] = "new"
    picture: Literal["new", "old"] | None = None
    """Left out: the new one, unless it is held."""


class Application(BaseModel):
    """What to take over: everything that is not named is taken as `take` says."""

    model_config = ConfigDict(extra="forbid")

    basis: Annotated[str, Field(max_length=64)]
    take: Literal["new", "old"] = "new"
    choices: Annotated[list[ChoiceSent], Field(max_length=20_000)] = []

    def wanted(self) -> Wanted:
        """As the room knows it."""
        return Wanted(
            self.basis, self.take, [Choice(one.step_id, one.position, one.take, one.picture) for one in self.choices]
        )


class AppliedRead(BaseModel):
    """What became of the workflow's steps, by their numbers."""

    changed: list[int]
    added: list[int]
    removed: list[int]
    labeling: RunRead | None
    """The run that labels what is new; null: nothing is."""


class HideRequest(BaseModel):
    """What to paint over in the new picture, for good; without `boxes` what is hidden in the old one, in its places."""

    model_config = ConfigDict(extra="forbid")

    boxes: Annotated[list[Box], Field(min_length=1, max_length=200)] | None = None
    unit: Literal["css", "fraction"] = "css"
    """`css`: CSS pixels of the viewport; `fraction`: parts of the picture's width and height, from 0 to 1."""


class HiddenRead(BaseModel):
    """The picture that the step of the recording shows now. The old one answers 404."""

    screenshot_id: str


def comparison_read(comparison: Comparison) -> ComparisonRead:
    """A comparison with the words of its steps."""
    return ComparisonRead(
        recording=RerecordingRead.model_validate(comparison.rerecording),
        basis=comparison.basis,
        rows=[_row_read(row) for row in comparison.rows],
    )


def _row_read(row: Row) -> RowRead:
    return RowRead(
        kind=row.kind,
        moved=row.moved,
        old=step_read(row.old) if row.old else None,
        new=_new_read(row.new, row.content) if row.new and row.content else None,
        changes=list(row.changes),
        outdates_words=row.outdates_words,
        picture=row.picture,
        held=row.held,
    )


def _new_read(step: RerecordedStep, content: StepContent) -> RerecordedStepRead:
    return RerecordedStepRead(
        id=step.id, position=step.position, recorded=content, by_rules=WordsRead.model_validate(step.by_rules)
    )
