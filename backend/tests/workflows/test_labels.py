import pytest
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.workflows import labels
from app.workflows.errors import LabelUnusable
from app.workflows.labels import NewLabel
from app.workflows.models import LabelSource, Workflow
from app.workflows.steps import listed
from tests.workflows.conftest import make_workflow

RULES, AI, HUMAN = LabelSource.RULES, LabelSource.AI, LabelSource.HUMAN


@pytest.fixture
def step_id(session: Session, workflow: Workflow) -> int:
    return listed(session, workflow.id)[1].step.id


@pytest.mark.parametrize("field", ["field_label", "instruction"])
def test_a_label_without_text_is_refused(session: Session, step_id: int, field: str) -> None:
    for text in ("", "  \n\t", "\x00\x07", "\u202e\u200f", "\ufeff", "\ud800"):
        field_label, instruction = (text, "Click.") if field == "field_label" else ("Save", text)
        with pytest.raises(LabelUnusable, match=f"{field} is empty"):
            labels.by_person(field_label, instruction, user_id=1)
        with pytest.raises(LabelUnusable, match=f"{field} is empty"):
            labels.add(session, {step_id: NewLabel(field_label, instruction)})


def test_what_a_person_writes_too_long_is_refused_and_never_cut() -> None:
    with pytest.raises(LabelUnusable, match="field_label has 201 characters; at most 200"):
        labels.by_person("x" * 201, "Click.", user_id=1)
    with pytest.raises(LabelUnusable, match="instruction has 1001 characters; at most 1000"):
        labels.by_person("Save", "x" * 1001, user_id=1)


def test_what_a_model_writes_too_long_is_cut(session: Session, step_id: int) -> None:
    labels.add(session, {step_id: NewLabel("x" * 500, "y" * 5_000, source=AI)})
    label = labels.shown(session, [step_id])[step_id]
    assert (label.field_label, label.instruction) == ("x" * 200, "y" * 1_000)


def test_texts_are_brought_on_one_clean_line() -> None:
    label = labels.by_person("  Save\tall\x00 ", "Select\r\n\r\n**Save**\u202e now\u2066.", user_id=7)
    assert (label.field_label, label.instruction) == ("Save all", "Select **Save** now.")
    assert (label.source, label.user_id, label.confidence) == (HUMAN, 7, None)


def test_joiners_of_scripts_and_emoji_stay() -> None:
    assert labels.clean("👩‍💻 می‌خواهم é") == "👩‍💻 می‌خواهم é"


SHOWN_AND_PROPOSED = [
    ([RULES], 0, 0),
    ([RULES, RULES], 1, 0),
    ([RULES, AI], 1, 0),
    ([RULES, AI, RULES], 1, 0),
    ([RULES, AI, AI], 2, 0),
    ([RULES, AI, HUMAN], 2, 0),
    ([RULES, HUMAN, AI], 1, 1),
    ([HUMAN, AI, AI, RULES], 0, 2),
    ([HUMAN, AI, HUMAN, AI], 2, 1),
]


def test_a_person_goes_before_a_model_before_the_rules(session: Session, owner: Actor) -> None:
    for sources, shown, proposals in SHOWN_AND_PROPOSED:
        step_id = listed(session, make_workflow(session, owner).id)[1].step.id
        for number, source in enumerate(sources):
            labels.add(session, {step_id: NewLabel(f"label {number}", "Click.", source=source)})
        assert labels.shown(session, [step_id])[step_id].field_label == f"label {shown}"
        assert labels.proposals(session, [step_id]).get(step_id, 0) == proposals
        history = [label.field_label for label in labels.history(session, step_id)]
        assert history == [f"label {n}" for n in reversed(range(len(sources)))] + ["Save"]


def test_steps_are_labelled_together_and_apart(session: Session, workflow: Workflow) -> None:
    ids = [view.step.id for view in listed(session, workflow.id)]
    labels.add(session, {})
    labels.add(session, {i: NewLabel(f"of {i}", "Do it.", 0.5, AI, "m", "p1", 3) for i in ids[:2]})
    shown = labels.shown(session, ids)
    assert [shown[i].field_label for i in ids] == [f"of {ids[0]}", f"of {ids[1]}", "Close"]
    first = shown[ids[0]]
    assert (first.confidence, first.source, first.model, first.prompt_version, first.run_id) == (0.5, AI, "m", "p1", 3)
    assert labels.shown(session, []) == {} == labels.proposals(session, [])
