"""Which steps a person is to look at first."""

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.labeling import review
from app.workflows.errors import WorkflowNotFound
from app.workflows.models import Label, LabelSource, LabelState, Step, Visibility, Workflow
from tests.labeling.recordings import store


def order(session: Session, workflow_id: int, actor: Actor) -> list[str]:
    return [(view.step.target or {})["name"] for view in review.ordered(session, workflow_id, actor)]


def label(session: Session, step_id: int, confidence: float | None, *flags: str, source: str = "ai") -> None:
    session.add(
        Label(
            step_id=step_id, field_label="x", instruction=f"Click {step_id}.", confidence=confidence,
            source=LabelSource(source), flags=list(flags) or None,
        )
    )  # fmt: skip
    session.flush()


def test_nobody_reviews_what_they_may_not_see(session: Session, editor: Actor, colleague: Actor) -> None:
    workflow, _ = store(session, ["Save"])
    session.execute(update(Workflow).values(owner_id=editor.user_id, visibility=Visibility.PRIVATE))
    with pytest.raises(WorkflowNotFound):
        review.ordered(session, workflow, colleague)


def test_failed_steps_come_first_and_a_persons_own_last(session: Session, editor: Actor) -> None:
    workflow, (sure, own, failed, doubtful) = store(session, ["sure", "own", "failed", "doubtful"])
    label(session, sure, 0.95)
    label(session, own, None, source="human")
    label(session, failed, 0.9, source="rules")
    label(session, doubtful, 0.4)
    session.execute(update(Step).where(Step.id.in_([failed, own])).values(label_state=LabelState.FAILED))
    assert order(session, workflow, editor) == ["failed", "doubtful", "sure", "own"]


def test_a_flag_counts_more_than_style_and_confidence_breaks_the_tie(session: Session, editor: Actor) -> None:
    workflow, steps = store(session, ["clean", "long", "stranger", "worse stranger", "unsure"])
    clean, long, stranger, worse, unsure = steps
    label(session, clean, 0.9)
    label(session, long, 0.9, "style:long")
    label(session, stranger, 0.9, "not_on_page")
    label(session, worse, 0.7, "not_on_page", "style:long")
    label(session, unsure, 0.3)
    assert order(session, workflow, editor) == ["unsure", "worse stranger", "stranger", "long", "clean"]


def test_equals_stay_in_the_order_of_the_workflow_and_a_step_without_label_leads(
    session: Session, editor: Actor
) -> None:
    workflow, (first, second, _) = store(session, ["first", "second", "bare"])
    label(session, second, 0.5)
    label(session, first, 0.5)
    assert order(session, workflow, editor) == ["bare", "first", "second"]


def test_a_proposal_leads_the_steps_with_a_persons_own_words(session: Session, editor: Actor) -> None:
    workflow, (own, proposed, sure) = store(session, ["own", "proposed", "sure"])
    label(session, own, None, source="human")
    label(session, proposed, None, source="human")
    other = Label(step_id=proposed, field_label="x", instruction="Press it.", source=LabelSource.AI)
    session.add(other)
    label(session, sure, 0.95)
    views = review.ordered(session, workflow, editor)
    assert [(view.step.target or {})["name"] for view in views] == ["sure", "proposed", "own"]
    assert [review.is_checked(view) for view in views] == [False, False, True]
