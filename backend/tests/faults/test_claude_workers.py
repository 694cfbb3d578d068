"""Real workers with the Claude labeler: held off by the API, and with a person who waits.

Judged by the ledger of the double: in which order which calls came, whatever the clock says.
"""

from typing import Any

import pytest
from sqlalchemy import select

from app.core.db import transaction
from app.labeling import runs
from app.labeling.models import Mode, ModelCall
from app.tasks.publishing import publish
from tests.doubles.claude import ClaudeDouble
from tests.faults.trial import REAL, names_of
from tests.labeling.recordings import Recorded, record, run_of
from tests.services import StartWorker, wait_for_run, wait_until

pytestmark = [
    pytest.mark.usefixtures("queue_settings"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def send(run: Recorded, mode: Mode = "normal") -> None:
    assert publish(run.run_id, run.workflow_id, runs.PRIORITIES[mode])


def asked(double: ClaudeDouble) -> list[str]:
    """Control by control, in the order of the calls."""
    return [name for body in double.bodies() for name in names_of(body)]


def ledger() -> list[ModelCall]:
    with transaction(read_only=True) as session:
        return list(session.scalars(select(ModelCall).order_by(ModelCall.id)))


def test_one_answer_that_asks_for_a_pause_holds_all_workers_off(
    claude: ClaudeDouble, start_worker: StartWorker
) -> None:
    for _ in range(2):
        start_worker(app=REAL, ready=False)
    claude.fault("gate", name="held", nth=1)
    claude.fault("rate_limited", nth=2, retry_after=3)
    held, refused = record(["A1", "A2"]), record(["B1", "B2"])
    send(held)
    claude.wait(gate="held")
    send(refused)
    wait_until(lambda: "rate_limited" in [call.outcome for call in ledger()], "the refusal")
    claude.open("held")
    for run in (held, refused):
        assert wait_for_run(run.run_id, "succeeded").steps_labeled == 2
    _, limited, *later = claude.calls()
    assert limited.status == 429
    assert limited.ended is not None
    assert min(call.began for call in later) - limited.ended >= 3
    assert sorted(asked(claude)) == ["A1", "A2", "B1", "B1", "B2"]


@pytest.mark.parametrize("slots", [1, 2])
def test_whoever_waits_is_served_by_the_next_call_whatever_the_backlog(
    claude: ClaudeDouble, start_worker: StartWorker, slots: int
) -> None:
    for slot in range(slots):
        claude.fault("gate", name=f"slot-{slot}", nth=slot + 1)
    backlog = [record([f"Old {number}", f"Older {number}"], mode=mode) for number, mode in _backlog()]
    for run, (_, mode) in zip(backlog, _backlog(), strict=True):
        send(run, mode)
    start_worker(f"--concurrency={slots}", app=REAL, ready=False)
    claude.wait(calls=slots, in_flight=slots)
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
