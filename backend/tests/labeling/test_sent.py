"""What a person is shown of what was sent is what was sent: the ledger's hash says so."""

from collections.abc import Sequence

import pytest

from app.accounts.actor import Actor
from app.core.db import transaction
from app.labeling import outgoing, reading, sent
from app.labeling.models import LabelingChunk, ModelCall
from app.labeling.sent import Sent
from app.storage import service as storage
from app.storage.store import get_store
from app.workflows import labels
from app.workflows.errors import StepNotFound, WorkflowNotFound
from app.workflows.labels import NewLabel
from app.workflows.models import LabelSource, Step, Workflow
from tests.labeling.recordings import Recorded, record
from tests.storage.pictures import encoded, page

NAMES = ["New contact", "Save", "Export", "Print", "Close", "Help"]


@pytest.fixture
def recorded(editor: Actor) -> Recorded:
    """With rule labels, a screenshot in each step, and a person's name for it."""
    made = record(NAMES, rule_labels=True)
    with transaction() as session:
        shot, _ = storage.store(
            session,
            get_store(),
            owner_id=editor.user_id,
            data=encoded(page(1280, 720), "PNG"),
            max_bytes=10**7,
            max_pixels=10**7,
        )
        for step_id in made.step_ids:
            step = session.get_one(Step, step_id)
            step.screenshot_id = shot.id
            step.target = {**(step.target or {}), "box": {"x": 100, "y": 100, "width": 80, "height": 30}}
            step.page = {**step.page, "viewport": {"width": 1280, "height": 720}}
        session.get_one(Workflow, made.workflow_id).owner_id = editor.user_id
    return made


def called(
    recorded: Recorded, planned: Sequence[int], asked: Sequence[int] | None = None, *, pictures: bool = True
) -> str:
    """A call of a run for the steps at these places, as a labeler makes it; its hash, as the ledger has it."""
    ids = [recorded.step_ids[at] for at in planned]
    part = [recorded.step_ids[at] for at in asked or planned]
    with transaction() as session:
        material = reading.read(session, recorded.workflow_id, click_verb="Click", run_id=recorded.run_id)
        chunk = outgoing.part(material.chunk(ids), part)
        digest = outgoing.build(chunk, pictures=pictures).sha256
        planned_row = LabelingChunk(run_id=recorded.run_id, number=planned[0] + 1, step_ids=ids)
        session.add(planned_row)
        session.flush()
        session.add(
            ModelCall(
                run_id=recorded.run_id,
                workflow_id=recorded.workflow_id,
                chunk_id=planned_row.id,
                sent_hash=digest,
                step_ids=part,
                labeler="claude",
                model="m",
            )
        )
    return digest


def labelled(recorded: Recorded, places: Sequence[int], source: LabelSource = LabelSource.AI) -> None:
    run_id = recorded.run_id if source is LabelSource.AI else None
    new = {recorded.step_ids[at]: NewLabel("X", f"Do {at}.", source=source, run_id=run_id) for at in places}
    with transaction() as session:
        labels.add(session, new)


def shown(recorded: Recorded, at: int, actor: Actor) -> Sent:
    with transaction(read_only=True) as session:
        prepared = sent.read(session, recorded.workflow_id, recorded.step_ids[at], actor, click_verb="Click")
    return prepared.build()


def test_who_may_not_see_the_workflow_sees_nothing_of_it(recorded: Recorded, colleague: Actor, editor: Actor) -> None:
    with transaction() as session:
        session.get_one(Workflow, recorded.workflow_id).visibility = "private"  # type: ignore[assignment]
    with pytest.raises(WorkflowNotFound):
        shown(recorded, 0, colleague)
    with transaction(read_only=True) as session, pytest.raises(StepNotFound):
        sent.read(session, recorded.workflow_id, 99_999, editor, click_verb="Click")


def test_a_step_that_was_never_sent_is_shown_alone(recorded: Recorded, editor: Actor) -> None:
    answer = shown(recorded, 2, editor)
    assert answer.key == "s01"
    assert [step["target"]["name"] for step in answer.outgoing.document["steps"]] == ["Export"]
    assert [picture.kind for picture in answer.outgoing.pictures] == ["crop", "page"]
    assert (answer.last_call_sha256, answer.matches_last_call) == (None, None)


def test_what_the_run_wrote_since_changes_nothing(recorded: Recorded, editor: Actor) -> None:
    first, second = called(recorded, [0, 1, 2]), called(recorded, [3, 4, 5])
    labelled(recorded, [0, 1, 2, 3])
    with transaction() as session:
        workflow = session.get_one(Workflow, recorded.workflow_id)
        assert workflow.description is None
        workflow.description, workflow.description_source = "Of a model.", LabelSource.AI
    for at, digest in ((1, first), (4, second)):
        answer = shown(recorded, at, editor)
        assert answer.matches_last_call is True
        assert answer.outgoing.sha256 == digest == answer.last_call_sha256
    assert shown(recorded, 4, editor).key == "s02"


def test_a_run_that_is_resumed_tells_its_later_chunks_what_it_would_have_told_them(recorded: Recorded) -> None:
    first = called(recorded, [0, 1, 2])
    labelled(recorded, [0, 1, 2])
    labelled(recorded, [0], LabelSource.HUMAN)
    with transaction(read_only=True) as session:
        material = reading.read(session, recorded.workflow_id, click_verb="Click", run_id=recorded.run_id)
        unaware = reading.read(session, recorded.workflow_id, click_verb="Click")
    assert outgoing.build(material.chunk(recorded.step_ids[:3])).sha256 == first
    assert material.chunk(recorded.step_ids[3:]).labels_before[:2] == ("Click New contact.", "Click Save.")
    assert unaware.chunk(recorded.step_ids[3:]).labels_before[:2] == ("Do 0.", "Do 1.")
    assert "Do 1." in material.chunk(recorded.step_ids[3:]).labels_elsewhere


def test_a_part_of_a_chunk_is_shown_as_it_was_sent(recorded: Recorded, editor: Actor) -> None:
    called(recorded, [1, 2, 3, 4], [3, 4])
    labelled(recorded, [0, 1, 2])
    answer = shown(recorded, 4, editor)
    assert answer.matches_last_call is True
    assert [step["position"] for step in answer.outgoing.document["steps"]] == [4, 5]


def test_a_call_without_pictures_is_shown_without(recorded: Recorded, editor: Actor) -> None:
    called(recorded, [0, 1], pictures=False)
    answer = shown(recorded, 0, editor)
    assert answer.matches_last_call is True
    assert answer.outgoing.pictures == ()


@pytest.mark.parametrize("change", ["name", "target"])
def test_what_was_changed_since_is_said_to_differ(recorded: Recorded, editor: Actor, change: str) -> None:
    called(recorded, [0, 1])
    with transaction() as session:
        if change == "name":
            session.get_one(Workflow, recorded.workflow_id).name = "Another goal"
        else:
            step = session.get_one(Step, recorded.step_ids[1])
            step.target = {**(step.target or {}), "name": "Store"}
    assert shown(recorded, 0, editor).matches_last_call is False


def test_a_name_that_no_person_gave_is_not_told(recorded: Recorded, editor: Actor) -> None:
    assert shown(recorded, 0, editor).outgoing.document["workflow"] == {"goal": "Create a contact"}
    with transaction() as session:
        session.get_one(Workflow, recorded.workflow_id).name_source = LabelSource.RULES
    assert shown(recorded, 0, editor).outgoing.document["workflow"] == {}
