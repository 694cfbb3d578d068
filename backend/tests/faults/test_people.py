"""A person cancels, deletes or edits what a real worker is labelling just then."""

import time

import pytest

from app.accounts.actor import Actor
from app.core.db import transaction
from app.labeling import runs
from app.workflows import labels, steps
from app.workflows import service as workflows
from app.workflows.changes import LabelChanges, StepChanges
from app.workflows.models import LabelSource, Workflow
from tests.doubles.claude import ClaudeDouble
from tests.faults.asked import REAL, START_SECONDS, asked, asks_for, labelled_twice, ledger, send
from tests.faults.record import Faulted, Record
from tests.labeling.recordings import labels_of, record
from tests.services import StartWorker, wait_for_run, wait_until

pytestmark = [
    pytest.mark.usefixtures("queue_settings"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

WHAT = ("cancelled", "deleted", "edited")
MINE = "Say it as a person does."


def test_what_a_person_does_to_a_workflow_that_is_being_labelled_holds(
    claude: ClaudeDouble, start_worker: StartWorker, admin: Actor, faulted: Record
) -> None:
    for what in WHAT:
        claude.fault("gate", name="second", matching=asks_for(f"{what}-2", 2))
    cancelled, deleted, edited = (record([f"{what}-{at}" for at in (1, 2, 3, 4)], rule_labels=True) for what in WHAT)
    for run in (cancelled, deleted, edited):
        send(run)
    start_worker("--concurrency=3", app=REAL, ready=False)
    claude.wait(calls=6, in_flight=3, seconds=START_SECONDS)

    with transaction() as session:
        runs.cancel(session, cancelled.run_id)
    with transaction() as session:
        workflows.delete(session, deleted.workflow_id, admin)
    words = StepChanges(label=LabelChanges(instruction=MINE))
    for step_id in edited.step_ids[1:3]:
        with transaction() as session:
            steps.change(session, edited.workflow_id, step_id, admin, version=1, changes=words)
    begun = time.monotonic()
    claude.open("second")
    stopped = wait_for_run(cancelled.run_id, "cancelled")
    done = wait_for_run(edited.run_id, "succeeded")
    wait_until(lambda: all(call.finished_at for call in ledger()), "every call is booked")

    seconds, names = time.monotonic() - begun, asked(claude)
    with transaction(read_only=True) as session:
        shown = labels.shown(session, edited.step_ids)
        gone = session.get(Workflow, deleted.workflow_id) is None
    lost = 4 - done.steps_labeled
    extra = sum(name in names for what in WHAT[:2] for name in (f"{what}-3", f"{what}-4"))
    for what in WHAT:
        faulted(Faulted(21, f"{what} while being labelled", 1, lost, labelled_twice(edited), extra, seconds))
    assert extra == 0, "it stops within a chunk"
    assert len(names) == 4 + 2 + 2
    assert gone
    assert stopped.steps_labeled == 1
    assert [len(labels_of(step, LabelSource.AI)) for step in cancelled.step_ids] == [1, 0, 0, 0]
    assert [len(labels_of(step, LabelSource.AI)) for step in edited.step_ids] == [1] * 4, "proposals"
    assert [shown[step].source for step in edited.step_ids] == ["ai", "human", "human", "ai"]
    assert [shown[step].instruction for step in edited.step_ids[1:3]] == [MINE, MINE]
