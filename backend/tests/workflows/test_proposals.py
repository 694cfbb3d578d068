"""A person's words stay until a person decides."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.models import AuditEvent
from app.core.db import transaction
from app.workflows import labels, proposals, service, steps
from app.workflows.changes import LabelChanges, StepChanges
from app.workflows.errors import (
    MayNotChange,
    ProposalDecided,
    ProposalNotFound,
    ProposalOutdated,
    StepNotFound,
    VersionConflict,
    WorkflowNotFound,
)
from app.workflows.labels import NewLabel
from app.workflows.models import LabelSource, ProposalDecision, Workflow
from tests.workflows.conftest import make_workflow

AI = LabelSource.AI


def by_person(session: Session, step_id: int, actor: Actor, text: str = "Save the contact.") -> None:
    labels.add(session, {step_id: labels.by_person("Save", text, actor.user_id)})


def by_model(session: Session, step_id: int, text: str, name: str = "Save") -> None:
    labels.add(session, {step_id: NewLabel(name, text, 0.7, AI, "m-1", flags=["style:long"])})


def open_ns(session: Session, workflow: Workflow, step_id: int, actor: Actor) -> list[int]:
    found = [each.n for each in proposals.listed(session, workflow.id, step_id, actor)]
    assert labels.proposals(session, [step_id]).get(step_id, 0) == len(found)
    return found


@pytest.fixture
def step_id(session: Session, workflow: Workflow) -> int:
    """Labelled by a model, edited by a person, labelled twice by a model since: 2 and 3 are proposals."""
    owner = Actor(workflow.owner_id, "", "", "editor", frozenset())  # type: ignore[arg-type]  # only its number counts
    number = steps.listed(session, workflow.id)[1].step.id
    by_model(session, number, "Click Save.")
    by_person(session, number, owner)
    by_model(session, number, "Save it.")
    by_model(session, number, "Select Save.", "Save contact")
    return number


@pytest.mark.parametrize("n", [0, -1, 4, 2**70])
def test_an_unknown_number_is_not_found(
    session: Session, workflow: Workflow, step_id: int, owner: Actor, n: int
) -> None:
    for decide in (proposals.accept, proposals.reject):
        with pytest.raises(ProposalNotFound):
            decide(session, workflow.id, step_id, n, owner)


def test_what_was_decided_is_not_decided_again(
    session: Session, workflow: Workflow, step_id: int, owner: Actor
) -> None:
    proposals.reject(session, workflow.id, step_id, 3, owner)
    for decide in (proposals.accept, proposals.reject):
        with pytest.raises(ProposalDecided, match="was rejected already"):
            decide(session, workflow.id, step_id, 3, owner)
    proposals.accept(session, workflow.id, step_id, 2, owner)
    with pytest.raises(ProposalDecided, match="was accepted already"):
        proposals.accept(session, workflow.id, step_id, 2, owner)


def test_what_a_person_wrote_over_is_no_proposal_any_more(
    session: Session, workflow: Workflow, step_id: int, owner: Actor
) -> None:
    with pytest.raises(ProposalOutdated):
        proposals.accept(session, workflow.id, step_id, 1, owner)
    by_person(session, step_id, owner, "Keep it.")
    with pytest.raises(ProposalOutdated):
        proposals.reject(session, workflow.id, step_id, 3, owner)
    assert open_ns(session, workflow, step_id, owner) == []


def test_without_a_persons_words_there_is_nothing_to_propose_beside(
    session: Session, workflow: Workflow, owner: Actor
) -> None:
    number = steps.listed(session, workflow.id)[0].step.id
    by_model(session, number, "Click it.")
    assert open_ns(session, workflow, number, owner) == []
    with pytest.raises(ProposalOutdated):
        proposals.accept(session, workflow.id, number, 1, owner)


def test_the_same_words_are_no_proposal(session: Session, workflow: Workflow, owner: Actor) -> None:
    number = steps.listed(session, workflow.id)[0].step.id
    by_person(session, number, owner, "Click it.")
    by_model(session, number, "  Click\tit. ")
    assert open_ns(session, workflow, number, owner) == []
    by_model(session, number, "Click it.", "Another name")
    assert open_ns(session, workflow, number, owner) == [2]


def test_a_stale_version_gets_both_texts_and_changes_nothing(
    session: Session, workflow: Workflow, step_id: int, owner: Actor
) -> None:
    with pytest.raises(VersionConflict) as told:
        proposals.accept(session, workflow.id, step_id, 3, owner, version=7)
    assert told.value.facts == {
        "yours": {"label": {"field_label": "Save contact", "instruction": "Select Save."}},
        "theirs": {"label": {"field_label": "Save", "instruction": "Save the contact."}},
        "version": 1,
    }
    assert open_ns(session, workflow, step_id, owner) == [3, 2]


def test_a_step_of_another_workflow_and_a_reader_are_refused(
    session: Session, workflow: Workflow, step_id: int, owner: Actor, viewer: Actor
) -> None:
    other = make_workflow(session, owner)
    with pytest.raises(StepNotFound):
        proposals.accept(session, other.id, step_id, 3, owner)
    with pytest.raises(MayNotChange):
        proposals.accept(session, workflow.id, step_id, 3, viewer)
    with pytest.raises(MayNotChange):
        proposals.reject_all(session, workflow.id, viewer)


def test_private_workflows_of_others_are_not_there(
    session: Session, workflow: Workflow, step_id: int, colleague: Actor
) -> None:
    workflow.visibility = "private"  # type: ignore[assignment]  # as the column stores it
    session.flush()
    with pytest.raises(WorkflowNotFound):
        proposals.listed(session, workflow.id, step_id, colleague)
    for decide in (proposals.accept, proposals.reject):
        with pytest.raises(WorkflowNotFound):
            decide(session, workflow.id, step_id, 3, colleague)
    for decide_all in (proposals.accept_all, proposals.reject_all):
        with pytest.raises(WorkflowNotFound):
            decide_all(session, workflow.id, colleague)


def test_proposals_are_newest_first_beside_the_words_they_would_replace(
    session: Session, workflow: Workflow, step_id: int, owner: Actor
) -> None:
    newest, older = proposals.listed(session, workflow.id, step_id, owner)
    assert (newest.n, older.n) == (3, 2)
    assert (newest.label.instruction, newest.current.instruction) == ("Select Save.", "Save the contact.")
    assert [(change.op, change.text) for change in older.diff] == [
        ("keep", "Save "),
        ("delete", "the contact"),
        ("insert", "it"),
        ("keep", "."),
    ]


def test_accepting_makes_the_words_the_persons_own(
    session: Session, workflow: Workflow, step_id: int, owner: Actor
) -> None:
    view = proposals.accept(session, workflow.id, step_id, 3, owner, version=1)
    assert view.label is not None
    assert (view.label.source, view.label.user_id, view.label.instruction, view.label.field_label) == (
        LabelSource.HUMAN,
        owner.user_id,
        "Select Save.",
        "Save contact",
    )
    assert (view.step.version, view.proposals) == (2, 0), "the older proposal is outdated"
    decision = session.scalars(select(ProposalDecision)).one()
    assert (decision.decision, decision.user_id) == ("accepted", owner.user_id)
    noted = session.scalars(select(AuditEvent).where(AuditEvent.action == "proposal_accepted")).one()
    assert (noted.subject, noted.facts) == (f"workflow:{workflow.id}", {"step": step_id, "n": 3})
    found = service.search(session, owner, q="select save").items
    assert [each.workflow.id for each in found] == [workflow.id]


def test_rejecting_keeps_the_persons_words_and_shows_the_one_before(
    session: Session, workflow: Workflow, step_id: int, owner: Actor
) -> None:
    view = proposals.reject(session, workflow.id, step_id, 3, owner)
    assert view.label is not None
    assert (view.label.instruction, view.step.version, view.proposals) == ("Save the contact.", 1, 1)
    assert open_ns(session, workflow, step_id, owner) == [2]
    assert len(session.scalars(select(AuditEvent).where(AuditEvent.action == "proposal_rejected")).all()) == 1


def test_the_numbers_stay_whatever_is_decided(session: Session, workflow: Workflow, step_id: int, owner: Actor) -> None:
    proposals.reject(session, workflow.id, step_id, 2, owner)
    by_model(session, step_id, "Press Save.")
    assert open_ns(session, workflow, step_id, owner) == [4, 3]


def test_all_at_once_takes_the_newest_of_each_step(
    session: Session, workflow: Workflow, step_id: int, owner: Actor
) -> None:
    other = steps.listed(session, workflow.id)[2].step.id
    by_person(session, other, owner)
    by_model(session, other, "Close the window.")
    assert proposals.accept_all(session, workflow.id, owner) == 2
    shown = {
        view.step.id: (view.label and view.label.instruction, view.step.version)
        for view in steps.listed(session, workflow.id)
    }
    assert shown[step_id] == ("Select Save.", 2)
    assert shown[other] == ("Close the window.", 2)
    assert [version for _, version in shown.values()].count(1) == 1, "the step without a proposal is as it was"
    assert proposals.accept_all(session, workflow.id, owner) == 0
    noted = session.scalars(select(AuditEvent).where(AuditEvent.action == "proposals_accepted")).one()
    assert noted.facts == {"steps": 2}
    found = service.search(session, owner, q="window").items
    assert [each.workflow.id for each in found] == [workflow.id]


def test_all_at_once_can_be_rejected(session: Session, workflow: Workflow, step_id: int, owner: Actor) -> None:
    assert proposals.reject_all(session, workflow.id, owner) == 2
    assert open_ns(session, workflow, step_id, owner) == []
    assert proposals.reject_all(session, workflow.id, owner) == 0


def test_an_edit_after_acceptance_is_a_persons_again(
    session: Session, workflow: Workflow, step_id: int, owner: Actor
) -> None:
    proposals.accept(session, workflow.id, step_id, 3, owner)
    changes = StepChanges(label=LabelChanges(instruction="Store it."))
    view = steps.change(session, workflow.id, step_id, owner, version=2, changes=changes)
    assert view.label is not None
    assert (view.label.instruction, view.label.field_label) == ("Store it.", "Save contact")


def test_ten_people_at_once_accept_it_once(engine: Engine, editor: Actor) -> None:
    with transaction(engine=engine) as session:
        workflow = make_workflow(session, editor)
        number = steps.listed(session, workflow.id)[0].step.id
        by_person(session, number, editor)
        by_model(session, number, "Click it.")

    def accept(_: int) -> bool:
        try:
            with transaction() as session:
                proposals.accept(session, workflow.id, number, 1, editor)
        except ProposalDecided:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(accept, range(10))) == 1
    with transaction(read_only=True) as session:
        assert len(labels.history(session, number)) == 4
