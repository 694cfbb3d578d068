"""What the report makes of the labels of a model and of what people did with them."""

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.labeling import calibration
from app.labeling.calibration import Verdict
from app.workflows.models import Label, LabelSource, ProposalDecision, Workflow, WorkflowStatus
from tests.labeling.recordings import store


def write(session: Session, step_id: int, source: str, words: str, confidence: float | None = None) -> Label:
    label = Label(
        step_id=step_id, field_label="Save", instruction=words, confidence=confidence, source=LabelSource(source)
    )
    session.add(label)
    session.flush()
    return label


def decide(session: Session, label: Label, decision: str) -> None:
    session.add(ProposalDecision(label_id=label.id, decision=decision, user_id=1, created_at=now()))
    session.flush()


def publish(session: Session, workflow_id: int) -> None:
    session.execute(update(Workflow).where(Workflow.id == workflow_id).values(status=WorkflowStatus.PUBLISHED))


def test_without_labels_of_a_model_there_is_nothing_to_report(session: Session) -> None:
    _, (step,) = store(session, ["Save"], rule_labels=True)
    write(session, step, "human", "Click it.")
    found = calibration.report(session)
    assert (found.count, found.brier, found.error) == (0, None, None)
    assert ("all", "0", "", "") in calibration.render(found)


def test_a_label_that_nobody_looked_at_does_not_count(session: Session) -> None:
    _, (step,) = store(session, ["Save"])
    write(session, step, "ai", "Click it.", 0.9)
    assert calibration.report(session).count == 0


def test_publishing_keeps_what_was_not_changed(session: Session) -> None:
    workflow, (step,) = store(session, ["Save"])
    write(session, step, "ai", "Click it.", 0.9)
    publish(session, workflow)
    found = calibration.report(session)
    assert (found.count, found.kept) == (1, 1)


def test_other_words_of_a_person_are_a_change_even_in_a_published_workflow(session: Session) -> None:
    workflow, (step,) = store(session, ["Save"])
    write(session, step, "ai", "Click it.", 0.9)
    write(session, step, "human", 'Click "Save".')
    publish(session, workflow)
    found = calibration.report(session)
    assert (found.count, found.kept) == (1, 0)
    assert found.brier == pytest.approx(0.81)


def test_the_same_words_of_a_person_keep_it(session: Session) -> None:
    _, (step,) = store(session, ["Save"])
    write(session, step, "ai", 'Click "Save".', 0.9)
    write(session, step, "human", 'Click  "Save". ')
    assert calibration.report(session).kept == 1


def test_a_label_that_a_newer_one_replaced_does_not_count(session: Session) -> None:
    _, (step,) = store(session, ["Save"])
    write(session, step, "ai", "Click it.", 0.2)
    write(session, step, "ai", 'Click "Save".', 0.9)
    write(session, step, "human", 'Click "Save".')
    found = calibration.report(session)
    assert (found.count, found.kept, found.buckets[0].count) == (1, 1, 0)


@pytest.mark.parametrize(("decision", "kept"), [("accepted", 1), ("rejected", 0)])
def test_a_proposal_counts_by_its_decision(session: Session, decision: str, kept: int) -> None:
    _, (step,) = store(session, ["Save"])
    write(session, step, "human", "Press the save button.")
    proposal = write(session, step, "ai", 'Click "Save".', 0.8)
    decide(session, proposal, decision)
    found = calibration.report(session)
    assert (found.count, found.kept) == (1, kept)


def test_a_proposal_that_nobody_decided_about_does_not_count(session: Session) -> None:
    workflow, (step,) = store(session, ["Save"])
    write(session, step, "human", "Press the save button.")
    write(session, step, "ai", 'Click "Save".', 0.8)
    write(session, step, "human", "Hit the save button.")
    publish(session, workflow)
    assert calibration.report(session).count == 0


def test_a_label_that_nobody_judged_does_not_count(session: Session) -> None:
    workflow, (step,) = store(session, ["Save"])
    write(session, step, "ai", 'Click "Save".', None)
    publish(session, workflow)
    assert calibration.report(session).count == 0


def test_both_scores_are_reckoned_over_the_buckets() -> None:
    found = calibration.of([Verdict(0.95, True), Verdict(1.0, False), Verdict(0.55, True), Verdict(0.0, False)])
    assert [bucket.count for bucket in found.buckets] == [1, 1, 0, 0, 0, 2]
    assert found.brier == pytest.approx((0.05**2 + 1 + 0.45**2 + 0) / 4)
    assert found.error == pytest.approx((2 * abs(0.975 - 0.5) + abs(0.55 - 1) + 0) / 4)


def test_the_table_has_a_row_for_each_bucket_and_the_scores() -> None:
    table = calibration.render(calibration.of([Verdict(0.95, True), Verdict(0.91, False)]))
    assert table[0] == ("confidence", "labels", "kept", "mean confidence")
    assert ("0.9–1.0", "2", "50%", "93%") in table
    assert ("all", "2", "50%", "") in table
    assert table[-2:] == [("Brier score", "", "0.415", ""), ("calibration error", "", "0.430", "")]
