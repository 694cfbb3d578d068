"""Real workers with the Claude labeler: held off by the API, and with a person who waits.

Judged by the ledger of the double: in which order which calls came, whatever the clock says.
"""

import os
import signal
import time
from typing import Any

import pytest
from sqlalchemy import select

from app.core.clock import now
from app.core.db import transaction
from app.labeling import budget
from app.labeling.models import LabelingChunk
from tests.doubles.claude import ClaudeDouble
from tests.faults.asked import REAL, START_SECONDS, asked, labelled_twice, ledger, send, unlabelled
from tests.faults.record import Faulted, Record
from tests.faults.trial import long
from tests.labeling.recordings import labels_of, record, run_of
from tests.services import StartWorker, wait_for_run, wait_until

pytestmark = [
    pytest.mark.usefixtures("queue_settings"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

FIVE = ["First", "Second", "Third", "Fourth", "Fifth"]


def test_an_answer_whose_worker_died_before_its_commit_is_paid_once_more_at_most_and_booked(
    claude: ClaudeDouble, start_worker: StartWorker, faulted: Record
) -> None:
    claude.fault("gate", name="third", nth=3)
    run = record(FIVE)
    send(run)
    worker = start_worker(app=REAL, ready=False)
    claude.wait(gate="third", calls=3, seconds=START_SECONDS)
    children = worker.children()
    for child in children:
        os.kill(child, signal.SIGSTOP)
    claude.open("third")
    claude.wait(ended=3)
    killed = time.monotonic()
    for child in children:
        os.kill(child, signal.SIGKILL)
    done = wait_for_run(run.run_id, "succeeded")
    seconds, names = time.monotonic() - killed, asked(claude)
    lost, doubled, extra = unlabelled(run), labelled_twice(run), len(names) - len(FIVE)
    faulted(Faulted(13, "answered, killed before the commit", 1, lost, doubled, extra, seconds))
    assert names == ["First", "Second", "Third", "Third", "Fourth", "Fifth"]
    assert all(call.output_tokens for call in claude.calls()), "all of them were paid for"
    assert (done.attempts, done.steps_labeled, done.worker_deaths) == (2, 5, 0)
    assert [len(labels_of(step)) for step in run.step_ids] == [1] * 5
    calls = ledger()
    assert [call.step_ids for call in calls] == [[run.step_ids[at]] for at in (0, 1, 2, 2, 3, 4)]
    cut_off = calls.pop(2)
    assert (cut_off.outcome, cut_off.request_id, cut_off.cost_usd) == ("open", None, None)
    assert cut_off.reserved_usd > 0, "it cost something, at most this"
    assert [call.outcome for call in calls] == ["answered"] * 5
    with transaction(read_only=True) as session:
        spent = budget.spent(session, budget.periods(now())["day"])
    assert spent == pytest.approx(cut_off.reserved_usd + sum(call.cost_usd or 0 for call in calls))


def test_one_answer_that_asks_for_a_pause_holds_all_workers_off(
    claude: ClaudeDouble, start_worker: StartWorker, faulted: Record
) -> None:
    for _ in range(2):
        start_worker(app=REAL, ready=False)
    claude.fault("gate", name="held", nth=1)
    claude.fault("rate_limited", nth=2, retry_after=3)
    held, refused = record(["A1", "A2"]), record(["B1", "B2"])
    send(held)
    claude.wait(gate="held", seconds=START_SECONDS)
    send(refused)
    wait_until(lambda: "rate_limited" in [call.outcome for call in ledger()], "the refusal")
    claude.open("held")
    for run in (held, refused):
        assert wait_for_run(run.run_id, "succeeded").steps_labeled == 2
    _, limited, *later = claude.calls()
    assert limited.ended is not None
    pause = min(call.began for call in later) - limited.ended
    both = (held, refused)
    extra = sum(call.status == 200 for call in claude.calls()) - 4
    faulted(Faulted(10, "429 with retry-after", 1, unlabelled(*both), labelled_twice(*both), extra, pause))
    assert limited.status == 429
    assert pause >= 3
    assert sorted(asked(claude)) == ["A1", "A2", "B1", "B1", "B2"], (claude.calls(), ledger())
    with transaction(read_only=True) as session:
        assert session.scalars(select(LabelingChunk.attempts)).all() == [1] * 4, "no attempt is burnt"


@pytest.mark.parametrize("slots", [1, long(2)])
def test_whoever_waits_is_served_by_the_next_call_whatever_the_backlog(
    claude: ClaudeDouble, start_worker: StartWorker, slots: int
) -> None:
    for slot in range(slots):
        claude.fault("gate", name=f"slot-{slot}", nth=slot + 1)
    backlog = [record([f"Old {number}", f"Older {number}"], mode=mode) for number, mode in _backlog()]
    for run, (_, mode) in zip(backlog, _backlog(), strict=True):
        send(run, mode)
    start_worker(f"--concurrency={slots}", app=REAL, ready=False)
    claude.wait(calls=slots, in_flight=slots, seconds=START_SECONDS)
    urgent = record(["Urgent"], mode="interactive")
    send(urgent, "interactive")
    assert run_of(urgent.run_id).state == "queued"
    claude.open("slot-0")
    wait_for_run(urgent.run_id, "succeeded")
    assert asked(claude)[slots] == "Urgent", asked(claude)
    waiting = [run for run in backlog if run_of(run.run_id).state == "queued"]
    assert len(waiting) > 50, "the backlog was still there"
    claude.wait(calls=slots + 2)


def _backlog() -> list[tuple[int, Any]]:
    return [(number, ("bulk", "normal")[number % 2]) for number in range(100)]
