"""A workflow and a new recording of its task, step by step: what stays, what changed, what came, what is gone.

Nothing of it is kept: it is made anew from what both are now, so it is never of yesterday. `basis` says of what it was
made; who decides sends it back, and is told if it is another by then.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.pages import LARGEST_ID
from app.storage.models import Screenshot
from app.workflows import finding, steps
from app.workflows.content import Action, StepContent
from app.workflows.errors import MayNotChange
from app.workflows.models import Workflow
from app.workflows.rerecording import likeness
from app.workflows.rerecording.alignment import Pair, align
from app.workflows.rerecording.errors import RerecordingNotFound
from app.workflows.rerecording.held_pictures import Area, Painted
from app.workflows.rerecording.likeness import Change
from app.workflows.rerecording.models import RerecordedStep, Rerecording
from app.workflows.steps import StepView

Kind = Literal["unchanged", "changed", "added", "removed"]
KINDS: tuple[Kind, ...] = get_args(Kind)
PictureState = Literal["same", "other", "new", "gone", "none"]
"""The new picture beside the old one: `new` where there was none, `gone` where there is none any more."""


@dataclass(frozen=True, slots=True)
class Row:
    """One step in both recordings, or in one of them."""

    kind: Kind
    old: StepView | None
    new: RerecordedStep | None
    content: StepContent | None
    """What was recorded anew."""
    changes: Sequence[Change]
    moved: bool
    outdates_words: bool
    """Whether the words that the step shows may be wrong once it is as it was recorded anew."""
    picture: PictureState
    held: bool
    """The new picture may show what a person had hidden: it is taken over only if somebody says so."""
    hidden_before: Sequence[Area]
    """Where in the new picture that would be, in its pixels; empty: nobody knows."""
    notes: Sequence[int]
    """What a person put behind the old step stays there: numbers of those steps."""

    @property
    def key(self) -> str:
        """What names it in a choice."""
        return f"{self.old.step.id if self.old else ''}:{self.new.position if self.new else ''}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """All rows, in the order of the new recording."""

    workflow: Workflow
    rerecording: Rerecording
    rows: Sequence[Row]
    basis: str
    notes: Sequence[int]
    """Numbers of what a person put before the first step."""

    def count(self, kind: Kind) -> int:
        """How many rows are of this kind."""
        return sum(row.kind == kind for row in self.rows)


def workflow_of(session: Session, workflow_id: int, actor: Actor) -> Workflow:
    """For those who may change it: what is only proposed is nobody else's."""
    workflow = finding.get(session, workflow_id, actor)
    if not actor.may("write"):
        raise MayNotChange
    return workflow


def find(session: Session, workflow_id: int, actor: Actor, rerecording_id: int) -> tuple[Workflow, Rerecording]:
    """The workflow and the new recording of it."""
    workflow = workflow_of(session, workflow_id, actor)
    number = rerecording_id if 0 < rerecording_id <= LARGEST_ID else 0
    wanted = select(Rerecording).where(Rerecording.id == number, Rerecording.workflow_id == workflow.id)
    found = session.scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        raise RerecordingNotFound
    return workflow, found


def listed(session: Session, workflow_id: int, actor: Actor) -> Sequence[Rerecording]:
    """The new recordings of a workflow, the newest first."""
    workflow = workflow_of(session, workflow_id, actor)
    of_it = select(Rerecording).where(Rerecording.workflow_id == workflow.id)
    return session.scalars(of_it.order_by(Rerecording.id.desc())).all()


def compare(session: Session, workflow_id: int, actor: Actor, rerecording_id: int) -> Comparison:
    """The comparison as it is now."""
    return build(session, *find(session, workflow_id, actor, rerecording_id))


def build(session: Session, workflow: Workflow, rerecording: Rerecording) -> Comparison:
    """The same, of what was found already."""
    views = steps.listed(session, workflow.id)
    recorded = [view for view in views if view.step.action != Action.NOTE]
    new = recorded_steps(session, rerecording.id)
    contents = [content(step) for step in new]
    pairs = align(
        [likeness.traits(steps.content(view.step)) for view in recorded], [likeness.traits(each) for each in contents]
    )
    first, behind = _notes(views)
    painted = Painted((view.step for view in views), _pictures(session, views, new))
    rows = [
        _row(
            pair,
            None if pair.old is None else recorded[pair.old],
            None if pair.new is None else (new[pair.new], contents[pair.new]),
            painted,
            behind,
        )
        for pair in pairs
    ]
    return Comparison(workflow, rerecording, rows, _basis(workflow, views, new), first)


def _pictures(session: Session, views: Sequence[StepView], new: Sequence[RerecordedStep]) -> Mapping[str, Screenshot]:
    ids = {view.step.screenshot_id for view in views} | {step.screenshot_id for step in new}
    found = session.scalars(select(Screenshot).where(Screenshot.id.in_(ids - {None})))
    return {shot.id: shot for shot in found}


def recorded_steps(session: Session, rerecording_id: int) -> Sequence[RerecordedStep]:
    """In the order in which they were recorded."""
    of_it = select(RerecordedStep).where(RerecordedStep.rerecording_id == rerecording_id)
    return session.scalars(of_it.order_by(RerecordedStep.position)).all()


def content(step: RerecordedStep) -> StepContent:
    """What was recorded of it."""
    return StepContent.model_validate(step.content | {"screenshot_id": step.screenshot_id})


def _row(
    pair: Pair,
    old: StepView | None,
    anew: tuple[RerecordedStep, StepContent] | None,
    painted: Painted,
    behind: Mapping[int, Sequence[int]],
) -> Row:
    new, recorded = anew or (None, None)
    changes: list[Change] = []
    if old and recorded:
        changes = likeness.changes(likeness.traits(steps.content(old.step)), likeness.traits(recorded))
    held, areas = painted.look(old.step if old else None, recorded) if recorded else (False, ())
    return Row(
        kind="added" if old is None else "removed" if new is None else "changed" if changes else "unchanged",
        old=old,
        new=new,
        content=recorded,
        changes=changes,
        moved=pair.moved,
        outdates_words=_outdates_words(changes, old),
        picture=_picture(old.step.screenshot_id if old else None, new.screenshot_id if new else None),
        held=held,
        hidden_before=areas,
        notes=behind.get(old.step.id, ()) if old else (),
    )


def _outdates_words(changes: Sequence[Change], old: StepView | None) -> bool:
    """Another value matters only to words that quote the old one."""
    if old is None or old.label is None:
        return False
    quoted = bool(old.step.value) and (old.step.value or "").casefold() in old.label.instruction.casefold()
    return any(change != "value" or quoted for change in changes)


def _picture(old: str | None, new: str | None) -> PictureState:
    if old == new:
        return "same" if old else "none"
    return "other" if old and new else "new" if new else "gone"


def _notes(views: Sequence[StepView]) -> tuple[list[int], dict[int, list[int]]]:
    """Numbers of the notes before the first recorded step, and of those behind each."""
    first: list[int] = []
    behind: dict[int, list[int]] = {}
    here = first
    for view in views:
        if view.step.action == Action.NOTE:
            here.append(view.step.id)
        else:
            here = behind.setdefault(view.step.id, [])
    return first, behind


def _basis(workflow: Workflow, views: Sequence[StepView], new: Sequence[RerecordedStep]) -> str:
    """A fingerprint of everything that a person decides by."""
    of_steps = [(view.step.id, view.step.version) for view in views]
    facts = (workflow.version, of_steps, [step.screenshot_id for step in new])
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]
