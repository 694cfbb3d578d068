"""Real workers while the model's provider fails, refuses, or wants money. Judged by the double's ledger."""

import time
from itertools import pairwise
from typing import Any

import pytest

from app.core.db import transaction
from app.labeling import runs
from app.workflows.models import LabelState, Step
from tests.doubles.claude import ClaudeDouble
from tests.doubles.ledger import Call
from tests.faults.asked import REAL, START_SECONDS, asked, asks_for, labelled_twice, send, unlabelled
from tests.faults.record import Faulted, Record
from tests.labeling.claude_settings import configure
from tests.labeling.recordings import Recorded, record
from tests.services import StartWorker, wait_for_run

pytestmark = [
    pytest.mark.usefixtures("queue_settings"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

BREAK_AFTER, BREAK_SECONDS = 5, 5
KINDS = ("hang", "overloaded", "reset_before")
"""One of each, then errors of the server."""


def recorded(count: int) -> list[Recorded]:
    found = [record([f"Button {number}"]) for number in range(count)]
    for run in found:
        send(run)
    return found


def ended(call: Call) -> float:
    assert call.ended is not None
    return call.ended


def assert_left_alone(calls: list[Call], *, at_once: int) -> None:
    """After five failures hardly anybody called for five seconds, then one at a time, until one was answered."""
    first_answer = next(at for at, call in enumerate(calls) if call.outcome == "answered")
    fifth = sorted(ended(call) for call in calls[:first_answer])[BREAK_AFTER - 1]
    later = [call for call in calls if call.began > fifth]
    under_way = [call for call in later if call.began < fifth + BREAK_SECONDS]
    assert len(under_way) < at_once, "those whose turn had come before"
    probes = [call for call in later if call.began >= fifth + BREAK_SECONDS and call.number <= first_answer + 1]
    assert probes
    for one, other in pairwise(probes):
        assert other.began - ended(one) >= BREAK_SECONDS
    assert all(call.began >= ended(probes[-1]) for call in calls[first_answer + 1 :])


def test_after_failures_of_any_kind_all_workers_leave_the_provider_alone_and_come_back(
    claude: ClaudeDouble, start_worker: StartWorker, monkeypatch: pytest.MonkeyPatch, faulted: Record
) -> None:
    configure(monkeypatch, label_timeout_seconds="1")
    for at, kind in enumerate(KINDS, 1):
        claude.fault(kind, nth=at)
    claude.fault("server_error", times=1000)
    found = recorded(6)
    for _ in range(2):
        start_worker(app=REAL, ready=False)
    claude.wait(ended=BREAK_AFTER, seconds=START_SECONDS)
    claude.clear_faults()
    cleared = time.monotonic()
    for run in found:
        wait_for_run(run.run_id, "succeeded")
    seconds, calls = time.monotonic() - cleared, claude.calls()
    paid = sum(bool(call.output_tokens) for call in calls)
    lost, doubled = unlabelled(*found), labelled_twice(*found)
    faulted(Faulted(11, "529, 500, timeout, reset", 1, lost, doubled, paid - len(found), seconds))
    assert (lost, doubled) == (0, 0)
    assert [call.outcome for call in calls[:5]] == ["client_left", *KINDS[1:], "server_error", "server_error"]
    assert paid == len(found)
    assert_left_alone(calls, at_once=2)


@pytest.mark.long
def test_an_outage_is_sat_out_with_few_calls(claude: ClaudeDouble, start_worker: StartWorker, faulted: Record) -> None:
    claude.fault("server_error", times=1000)
    found = recorded(20)
    for _ in range(2):
        start_worker("--concurrency=2", app=REAL, ready=False)
    claude.wait(ended=BREAK_AFTER + 3, seconds=START_SECONDS)
    in_vain = claude.calls()
    claude.clear_faults()
    cleared = time.monotonic()
    for run in found:
        wait_for_run(run.run_id, "succeeded", seconds=120)
    seconds, calls = time.monotonic() - cleared, claude.calls()
    lost, doubled = unlabelled(*found), labelled_twice(*found)
    extra = sum(bool(call.output_tokens) for call in calls) - len(found)
    faulted(Faulted(11, "an outage of the provider", 1, lost, doubled, extra, seconds))
    assert (lost, doubled, extra) == (0, 0, 0)
    assert ended(in_vain[-1]) - ended(in_vain[0]) > BREAK_SECONDS
    assert_left_alone(calls, at_once=4)


REFUSALS: dict[str, tuple[str, dict[str, Any]]] = {
    "400": ("status", {"status": 400, "type": "invalid_request_error", "message": "no"}),
    "401": ("status", {"status": 401, "type": "authentication_error", "message": "no"}),
    "413": ("status", {"status": 413, "type": "request_too_large", "message": "no"}),
    "malformed": ("text", {"text": "I would rather not."}),
    "refusal": ("refusal", {}),
}


def test_what_cannot_succeed_is_not_tried_blindly_and_the_rest_goes_on(
    claude: ClaudeDouble, start_worker: StartWorker, faulted: Record
) -> None:
    for kind, (fault, details) in REFUSALS.items():
        claude.fault(fault, matching=asks_for(f"{kind}-2", 2), times=1000, **details)
    refused = {kind: record([f"{kind}-{at}" for at in (1, 2, 3)], rule_labels=True) for kind in REFUSALS}
    other = record(["Other"])
    for run in (*refused.values(), other):
        send(run)
    start_worker(app=REAL, ready=False)
    wait_for_run(other.run_id, "succeeded", seconds=START_SECONDS)
    done = {kind: wait_for_run(run.run_id, "needs_attention", "partial") for kind, run in refused.items()}
    names = asked(claude)
    untouched = {kind for kind in REFUSALS if f"{kind}-3" not in names}
    lost = sum(run.total_steps - run.steps_labeled - 1 for kind, run in done.items() if kind != "401")
    extra = len(names) - len(set(names)) - 1
    for kind in REFUSALS:
        faulted(Faulted(12, kind, 1, lost, labelled_twice(refused[kind]), extra))
    assert {kind: names.count(f"{kind}-2") for kind in REFUSALS} == dict.fromkeys(REFUSALS, 1) | {"malformed": 2}
    assert untouched == {"401"}, "no call can succeed with a key that is refused"
    states = {kind: (str(run.state), run.steps_labeled) for kind, run in done.items()}
    parked, partial = ("needs_attention", 2), ("partial", 2)
    assert states == {
        "400": parked,
        "401": ("needs_attention", 1),
        "413": parked,
        "malformed": partial,
        "refusal": partial,
    }
    words = {
        "400": "not accepted",
        "401": "ANTHROPIC_API_KEY",
        "413": "LABEL_CHUNK_STEPS",
        "malformed": "could not be labelled",
        "refusal": "declined",
    }
    assert [kind for kind, word in words.items() if word not in (done[kind].reason or "")] == []
    assert [label_states(run)[1] for run in refused.values()] == [
        *[LabelState.RULES] * 3,
        *[LabelState.FAILED] * 2,
    ], "it keeps the rules' label"


def label_states(run: Recorded) -> list[str]:
    with transaction(read_only=True) as session:
        return [session.get_one(Step, step_id).label_state for step_id in run.step_ids]


def test_their_spend_limit_stops_all_calls_until_it_is_raised(
    claude: ClaudeDouble, start_worker: StartWorker, faulted: Record
) -> None:
    claude.fault("spend_limit", nth=2, times=1)
    first = record(["A1", "A2", "A3"])
    send(first)
    start_worker(app=REAL, ready=False)
    parked = wait_for_run(first.run_id, "needs_attention", seconds=START_SECONDS)
    second = record(["B1", "B2"])
    send(second)
    waits = wait_for_run(second.run_id, "needs_attention")
    refused = asked(claude)
    with transaction() as session:
        runs.retry(session, first.run_id)
    begun = time.monotonic()
    for run in (first, second):
        wait_for_run(run.run_id, "succeeded")
    seconds = time.monotonic() - begun
    lost, doubled = unlabelled(first, second), labelled_twice(first, second)
    extra = sum(bool(call.output_tokens) for call in claude.calls()) - 5
    faulted(Faulted(23, "their spend limit", 1, lost, doubled, extra, seconds))
    assert refused == ["A1", "A2"], "nobody asks again"
    for stopped in (parked, waits):
        assert (stopped.parked_for, "spend limit" in (stopped.reason or "")) == ("spend_limit", True)
    assert asked(claude) == ["A1", "A2", "A2", "A3", "B1", "B2"]
