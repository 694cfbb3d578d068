"""What a reader sees of a workflow, and what they do not, whatever stands in its rows."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.guides import reading
from app.guides.reading import Reading
from app.guides.words import plain
from app.workflows import labels, steps
from app.workflows.content import Action, NoteKind, Page, StepContent, Target
from app.workflows.models import Workflow
from tests.workflows.conftest import make_workflow

CARD = "4111 1111 1111 1111"


def read(session: Session, owner: Actor, *said: tuple[StepContent, str], **fields: Any) -> Reading:
    """A workflow of these steps, each with a person's words."""
    made = make_workflow(session, owner, contents=tuple(content for content, _ in said))
    for name, value in fields.items():
        setattr(made, name, value)
    for view, (_, words) in zip(steps.listed(session, made.id), said, strict=True):
        labels.add(session, {view.step.id: labels.by_person("Field", words, owner.user_id)})
    session.flush()
    return reading.read(session, session.get_one(Workflow, made.id))


def typed(value: str, **fields: Any) -> StepContent:
    return StepContent(action=Action.INPUT, target=Target(tag="input"), value=value, page=Page(title="Form"), **fields)


def note(kind: NoteKind | None) -> StepContent:
    return StepContent(action=Action.NOTE, note_kind=kind, value="x")


def copies(found: Reading) -> list[list[str]]:
    return [[plain(copy) for copy in step.copies] for step in found.steps]


def test_secrets_that_were_missed_on_their_way_in_do_not_come_out(session: Session, editor: Actor) -> None:
    variable = {"name": "card", "label": f"Card {CARD}", "example": CARD}
    found = read(
        session,
        editor,
        (typed(CARD), f'Enter "{CARD}" or `{CARD}` for {{{{card}}}}.'),
        name=f"Pay with {CARD}",
        description=CARD,
        starting_url=f"https://crm.example/{CARD.replace(' ', '')}",
        variables=[variable],
    )
    assert "variable" in {part.kind for part in found.steps[0].words}
    for text in (repr(found), repr(copies(found)), repr(found.examples)):
        assert CARD not in text
        assert CARD.replace(" ", "") not in text


@pytest.mark.parametrize("kind", ["password", "secret"])
def test_the_value_of_a_secret_is_nothing_to_copy(session: Session, editor: Actor, kind: Any) -> None:
    found = read(session, editor, (typed("hunter", value_kind=kind), 'Enter "hunter" in "Password".'))
    assert copies(found) == [[]]


def test_a_value_that_the_sentence_does_not_show_is_nothing_to_copy(session: Session, editor: Actor) -> None:
    found = read(session, editor, (typed("ann@example.com"), "Enter your address."))
    assert copies(found) == [[]]
    assert "ann@example.com" not in repr([step.words for step in found.steps])


def test_what_the_sentence_shows_to_be_entered_is_to_copy(session: Session, editor: Actor) -> None:
    found = read(
        session,
        editor,
        (typed("Ann"), 'Enter "Ann" in "Name", then run `make {{goal}}`.'),
        (typed("x"), 'Enter "{{goal}}" in "Goal".'),
        variables=[{"name": "goal", "label": "Goal"}],
    )
    assert copies(found) == [["make {{goal}}", "{{goal}}", "Ann"], ["{{goal}}"]]
    assert [(part.kind, part.text) for part in found.steps[1].words] == [
        ("text", "Enter "),
        ("variable", "goal"),
        ("text", " in "),
        ("name", "Goal"),
        ("text", "."),
    ]
    assert found.examples == {"goal": "Goal"}


def test_only_variables_that_the_steps_mention_are_asked_for(session: Session, editor: Actor) -> None:
    declared = [{"name": name, "label": name, "example": f"e-{name}"} for name in ("unused", "second", "first")]
    found = read(session, editor, (typed("x"), 'Ask {{first}} for "{{second}} of {{other}}".'), variables=declared)
    assert [variable.name for variable in found.variables] == ["second", "first"]
    assert found.examples == {"second": "e-second", "first": "e-first"}


def test_notes_stand_between_the_steps_and_are_not_counted(session: Session, editor: Actor) -> None:
    found = read(
        session,
        editor,
        (note("warning"), "Careful."),
        (typed("x"), "Do it."),
        (note("tip"), "Faster."),
        (note(None), "By the way."),
        (typed("x"), "Do it again."),
    )
    assert [step.kind for step in found.steps] == ["warning", "step", "tip", "note", "step"]
    assert [step.anchor for step in found.steps] == ["note-1", "step-1", "note-3", "note-4", "step-2"]
    assert [section.title for section in found.sections] == [None, "Form"]


def test_a_workflow_without_steps_is_an_empty_guide(session: Session, editor: Actor) -> None:
    found = read(session, editor)
    assert found.steps == []
    assert found.sections == []
