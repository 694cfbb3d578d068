"""Whatever was done to a workflow, undoing all of it in reverse gives the first state back."""

import random
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.workflows import (
    appending,
    arranging,
    copying,
    edits,
    labels,
    merging,
    splitting,
    steps,
    variables,
)
from app.workflows.changes import LabelChanges, StepChanges
from app.workflows.content import Action, StepContent, Variable
from app.workflows.errors import EditNotFound, NotInAnyLabel
from app.workflows.models import Edit, Workflow
from tests.conftest import by_turns
from tests.workflows.conftest import click, make_workflow

EDITS = 25


def state(session: Session, workflow: Workflow) -> object:
    return workflow.variables, [
        (
            *(getattr(view.step, field) for field in ("id", "position", "action", "note_kind", "value", "heading")),
            view.step.heading_source,
            view.label and (view.label.field_label, view.label.instruction, view.label.source),
        )
        for view in steps.listed(session, workflow.id)
    ]


class Hand:
    """Somebody who does things at random; the same for the same seed."""

    def __init__(self, session: Session, workflow: Workflow, other: Workflow, actor: Actor, seed: int) -> None:
        self.session, self.workflow, self.other, self.actor = session, workflow, other, actor
        self.random = random.Random(seed)  # noqa: S311 - no secret
        self.ways: Sequence[Callable[[list[int]], object]] = [
            self.add,
            self.remove,
            self.reorder,
            self.move,
            self.merge,
            self.duplicate,
            self.split,
            self.append,
            self.head,
            self.note,
            self.declare,
            self.extract,
        ]

    def act(self) -> None:
        present = [view.step.id for view in steps.listed(self.session, self.workflow.id)]
        if len(present) < 3:
            self.append(present)
        else:
            self.random.choice(self.ways)(present)

    @property
    def place(self) -> tuple[Session, int]:
        return self.session, self.workflow.id

    def add(self, present: list[int]) -> None:
        content = StepContent(action=Action.NOTE, value="Mind Ada.", note_kind="tip")
        label = labels.by_person("Ada", "Mind Ada.", self.actor.user_id)
        position = self.random.randint(1, len(present) + 1)
        steps.add(*self.place, self.actor, content, position=position, label=label)

    def remove(self, present: list[int]) -> None:
        steps.remove(*self.place, self.random.choice(present), self.actor)

    def reorder(self, present: list[int]) -> None:
        self.random.shuffle(present)
        arranging.reorder(*self.place, self.actor, present)

    def move(self, present: list[int]) -> None:
        moved = self.random.sample(present, 2)
        arranging.move(*self.place, self.actor, moved, after=self.random.choice([None, *present]))

    def merge(self, present: list[int]) -> None:
        first = self.random.randrange(len(present) - 1)
        keep: merging.Keep = self.random.choice(("first", "last"))
        merging.merge(*self.place, self.actor, present[first : first + 2], keep_picture=keep)

    def duplicate(self, present: list[int]) -> None:
        copying.duplicate(*self.place, self.actor, self.random.choice(present))

    def split(self, present: list[int]) -> None:
        splitting.split(*self.place, self.actor, before_step_id=self.random.choice(present[1:]), name="Half")

    def append(self, present: list[int]) -> None:
        after = self.random.choice([None, *present])
        appending.append(*self.place, self.actor, self.other.id, after_step_id=after)

    def head(self, present: list[int]) -> None:
        changes = StepChanges(heading=self.random.choice((None, "One", "Two")))
        self._change(self.random.choice(present), changes)

    def note(self, _: list[int]) -> None:
        notes = [view.step.id for view in steps.listed(*self.place) if view.step.action == Action.NOTE]
        if notes:
            text = f"Ada says {self.random.random()}."
            kind = self.random.choice(("note", "tip", "warning", "step"))
            changes = StepChanges(note_kind=kind, value=text, label=LabelChanges(instruction=text))
            self._change(self.random.choice(notes), changes)

    def declare(self, _: list[int]) -> None:
        names = self.random.sample(("one", "two", "three"), 2)
        variables.declare(*self.place, self.actor, [Variable(name=name, label=name) for name in names])

    def extract(self, _: list[int]) -> None:
        text = self.random.choice(("Ada", "Save"))
        try:
            variables.extract(*self.place, self.actor, Variable(name=text.lower(), label=text), text)
        except NotInAnyLabel:
            self.declare([])

    def _change(self, step_id: int, changes: StepChanges) -> None:
        version = steps.get(*self.place, step_id, self.actor).step.version
        steps.change(*self.place, step_id, self.actor, version=version, changes=changes)


@pytest.mark.parametrize(("database_url", "seed"), by_turns(range(12)), indirect=["database_url"])
def test_undoing_all_in_reverse_gives_the_first_state_back(
    session: Session, owner: Actor, workflow: Workflow, seed: int
) -> None:
    other = make_workflow(session, owner, "Other", (click("Ada"), click("Sign out")))
    first = state(session, workflow)
    hand = Hand(session, workflow, other, owner, seed)
    passed: dict[int, object] = {}
    for _ in range(EDITS):
        before = state(session, workflow)
        hand.act()
        for number in session.scalars(select(Edit.id).where(Edit.workflow_id == workflow.id)):
            passed.setdefault(number, before)
    assert len(passed) > EDITS // 2
    for number in sorted(passed, reverse=True):
        assert edits.undo(session, workflow.id, owner).id == number
        assert state(session, workflow) == passed[number]
    assert state(session, workflow) == first
    with pytest.raises(EditNotFound):
        edits.undo(session, workflow.id, owner)
