"""Runs of the Claude labeler in this process, against the strict double of the API."""

from typing import Any

import pytest
from sqlalchemy import select, update

from app.core.clock import db_now, now
from app.core.db import transaction
from app.labeling import runs, service
from app.labeling.models import LabelingChunk, LabelingRun, ModelCall, RunState
from app.labeling.service import Outcome
from app.workflows.models import LabelSource, LabelState, Step, Workflow
from tests.doubles.claude import ClaudeDouble
from tests.labeling.claude_settings import configure
from tests.labeling.recordings import Recorded, labels_of, record, run_of
from tests.services import Broker

TEN = [f"Button {letter}" for letter in "ABCDEFGHIJ"]


def ledger() -> list[ModelCall]:
    with transaction(read_only=True) as session:
        return list(session.scalars(select(ModelCall).order_by(ModelCall.id)))


def states(run: Recorded) -> list[str]:
    with transaction(read_only=True) as session:
        return [session.get_one(Step, step_id).label_state for step_id in run.step_ids]


def asked(double: ClaudeDouble) -> list[int]:
    """How many steps each call asked for."""
    return [len(call.step_keys) for call in double.calls()]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "not accepted"),
        (401, "ANTHROPIC_API_KEY"),
        (402, "payment"),
        (403, "may not use the model"),
        (404, "CLAUDE_MODEL"),
        (413, "LABEL_CHUNK_STEPS"),
    ],
)
def test_what_trying_again_cannot_mend_is_asked_once_and_parked_with_advice(
    claude: ClaudeDouble, status: int, words: str
) -> None:
    claude.fault("status", status=status, type="invalid_request_error", message="no", times=100)
    run = record(TEN)
    assert service.label_run(run.run_id) is Outcome.PARKED
    parked = run_of(run.run_id)
    assert words in (parked.reason or "")
    assert len(claude.calls()) == 1
    assert [(call.outcome, call.cost_usd) for call in ledger()] == [("rejected", 0.0)]
    assert parked.parked_for is None


def test_a_chunk_that_is_not_taken_leaves_the_others_and_is_asked_for_alone_when_retried(
    claude: ClaudeDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, label_chunk_steps="2")
    claude.fault("status", nth=2, status=413, type="request_too_large", message="no")
    run = record(TEN)
    assert service.label_run(run.run_id) is Outcome.PARKED
    assert asked(claude) == [2] * 5
    parked = run_of(run.run_id)
    assert (parked.steps_labeled, "LABEL_CHUNK_STEPS" in (parked.reason or "")) == (8, True)
    with transaction() as session:
        runs.retry(session, run.run_id)
    assert service.label_run(run.run_id) is Outcome.FINISHED
    assert asked(claude) == [2] * 6
    assert run_of(run.run_id).steps_labeled == 10


def test_when_no_chunk_is_taken_few_are_tried(claude: ClaudeDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, label_chunk_steps="1")
    claude.fault("status", status=400, type="invalid_request_error", message="no", times=100)
    run = record(TEN)
    assert service.label_run(run.run_id) is Outcome.PARKED
    assert asked(claude) == [1] * 3


def test_their_spend_limit_stops_every_run(claude: ClaudeDouble) -> None:
    claude.fault("spend_limit", times=100)
    first, second = record(TEN), record(TEN)
    assert service.label_run(first.run_id) is Outcome.PARKED
    assert service.label_run(second.run_id) is Outcome.PARKED
    assert len(claude.calls()) == 1, "nobody asks again"
    for run in (first, second):
        assert "spend limit" in (run_of(run.run_id).reason or "")
        assert run_of(run.run_id).parked_for == "spend_limit"


def test_a_person_who_retries_lifts_the_spend_limit(claude: ClaudeDouble) -> None:
    claude.fault("spend_limit")
    run = record(TEN)
    service.label_run(run.run_id)
    with transaction() as session:
        runs.retry(session, run.run_id)
    assert service.label_run(run.run_id) is Outcome.FINISHED
    assert run_of(run.run_id).state == RunState.SUCCEEDED


def test_a_truncated_answer_is_asked_for_once_more_with_double_the_room(claude: ClaudeDouble) -> None:
    claude.fault("truncated")
    run = record(TEN)
    assert service.label_run(run.run_id) is Outcome.FINISHED
    first, second = claude.calls()
    assert second.max_tokens == 2 * (first.max_tokens or 0)
    assert run_of(run.run_id).steps_labeled == 10
    assert [call.outcome for call in ledger()] == ["truncated", "answered"]
    assert all(call.cost_usd for call in ledger()), "what was paid is booked"


def test_an_answer_that_stays_truncated_is_asked_for_in_halves(claude: ClaudeDouble) -> None:
    claude.fault("truncated", times=2)
    run = record(TEN)
    assert service.label_run(run.run_id) is Outcome.FINISHED
    assert asked(claude) == [10, 10, 5, 5]
    assert run_of(run.run_id).steps_labeled == 10


def test_a_refused_chunk_is_halved_once_and_then_left_to_the_rules(claude: ClaudeDouble) -> None:
    claude.fault("refusal", times=2)
    run = record(TEN, rule_labels=True)
    assert service.label_run(run.run_id) is Outcome.FINISHED
    assert asked(claude) == [10, 5, 5]
    done = run_of(run.run_id)
    assert (done.state, done.steps_labeled, done.steps_failed) == (RunState.PARTIAL, 5, 5)
    assert states(run) == [LabelState.FAILED] * 5 + [LabelState.LABELLED] * 5
    assert [label.source for label in labels_of(run.step_ids[0])] == [LabelSource.RULES]


@pytest.mark.parametrize(
    ("fault", "details"), [("text", {"text": "I would rather not."}), ("text", {"text": "{"}), ("empty_text", {})]
)
def test_an_unreadable_answer_is_asked_for_once_more(claude: ClaudeDouble, fault: str, details: dict[str, Any]) -> None:
    claude.fault(fault, **details)
    run = record(TEN)
    assert service.label_run(run.run_id) is Outcome.FINISHED
    assert asked(claude) == [10, 10]
    assert [call.outcome for call in ledger()] == ["malformed", "answered"]
    assert run_of(run.run_id).steps_labeled == 10


def test_steps_missing_from_an_answer_are_asked_for_alone_and_then_left_to_the_rules(claude: ClaudeDouble) -> None:
    claude.fault("missing_keys", keys=["s03", "s07"])
    claude.fault("missing_keys", keys=["s01"], nth=2)
    run = record(TEN, rule_labels=True)
    assert service.label_run(run.run_id) is Outcome.FINISHED
    assert asked(claude) == [10, 2]
    assert [number for number, state in enumerate(states(run), 1) if state == LabelState.FAILED] == [3]


def test_just_the_failed_steps_can_be_retried(claude: ClaudeDouble) -> None:
    claude.fault("missing_keys", keys=["s03"])
    claude.fault("missing_keys", keys=["s01"], nth=2)
    run = record(TEN)
    service.label_run(run.run_id)
    with transaction() as session:
        again = runs.retry(session, run.run_id)
    assert service.label_run(again.id) is Outcome.FINISHED
    assert asked(claude) == [10, 1, 1]
    assert states(run) == [LabelState.LABELLED] * 10


def test_a_pause_is_kept_and_burns_no_attempt(claude: ClaudeDouble) -> None:
    claude.fault("rate_limited", retry_after=1)
    run = record(TEN)
    assert service.label_run(run.run_id) is Outcome.FINISHED
    with transaction(read_only=True) as session:
        (chunk,) = session.scalars(select(LabelingChunk))
    assert chunk.attempts == 1
    assert [call.outcome for call in ledger()] == ["rate_limited", "answered"]


def test_a_long_pause_gives_the_run_back_until_then(claude: ClaudeDouble) -> None:
    claude.fault("rate_limited", retry_after=120)
    run = record(TEN)
    other = record(TEN)
    assert service.label_run(run.run_id) is Outcome.GIVEN_BACK
    assert service.label_run(run.run_id) is Outcome.NOT_CLAIMED, "it rests"
    assert service.label_run(other.run_id) is Outcome.GIVEN_BACK, "everybody pauses"
    assert len(claude.calls()) == 1
    assert run_of(run.run_id).state == RunState.QUEUED


@pytest.mark.parametrize("fault", ["overloaded", "server_error", "reset_before", "reset_after", "wrong_content_type"])
def test_passing_troubles_are_tried_again(claude: ClaudeDouble, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.labeling.calls.LONGEST_WAIT_HERE_SECONDS", 60)
    claude.fault(fault)
    run = record(TEN)
    assert service.label_run(run.run_id) is Outcome.FINISHED
    assert run_of(run.run_id).steps_labeled == 10
    assert len(claude.calls()) == 2


def test_a_provider_that_stays_away_is_asked_less_and_less_and_then_given_up(
    claude: ClaudeDouble, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.labeling.calls.LONGEST_WAIT_HERE_SECONDS", 0.0)
    claude.fault("server_error", times=1000)
    run, waits = record(TEN), []
    while service.label_run(run.run_id) is Outcome.GIVEN_BACK:
        with transaction() as session:
            rests = run_of(run.run_id).due_at
            waits.append((rests - now()).total_seconds() if rests else 0)
            session.execute(update(LabelingRun).values(due_at=db_now(-1)))
        with broker.client() as client:
            client.flushall()  # the limiter's break is over, too
    most = [min(300, 2.0**calls) for calls in range(1, len(waits) + 1)]
    assert [wait for wait, longest in zip(waits, most, strict=True) if not longest / 2 - 2 <= wait <= longest] == []
    assert len({round(wait / longest, 2) for wait, longest in zip(waits, most, strict=True)}) > 5, "not all at once"
    assert len(claude.calls()) == len(waits) + 1 == 20
    parked = run_of(run.run_id)
    assert parked.state == RunState.NEEDS_ATTENTION
    assert "20 times in vain" in (parked.reason or "")


def test_a_call_that_hangs_ends_at_its_time_and_may_have_cost_something(
    claude: ClaudeDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, label_timeout_seconds="0.5")
    claude.fault("hang")
    run = record(TEN)
    assert service.label_run(run.run_id) in {Outcome.FINISHED, Outcome.GIVEN_BACK}
    hung = ledger()[0]
    assert (hung.outcome, hung.cost_usd) == ("unreachable", None)
    assert hung.reserved_usd > 0


def test_without_the_limiter_no_call_is_made(claude: ClaudeDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, redis_url="redis://127.0.0.1:1/0")
    run = record(TEN)
    assert service.label_run(run.run_id) is Outcome.GIVEN_BACK
    assert claude.calls() == []
    assert "Redis" in (run_of(run.run_id).reason or "")


def test_the_budget_stops_a_call_before_it_is_passed(claude: ClaudeDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, label_budget_usd_per_day="0.0001")
    run = record(TEN)
    assert service.label_run(run.run_id) is Outcome.PARKED
    assert claude.calls() == []
    parked = run_of(run.run_id)
    assert "LABEL_BUDGET_USD_PER_DAY" in (parked.reason or "")
    assert parked.parked_for == "budget"

    configure(monkeypatch, label_budget_usd_per_day="1")
    with transaction() as session:
        runs.retry(session, run.run_id)
    assert service.label_run(run.run_id) is Outcome.FINISHED


def test_ten_steps_take_one_call_whose_cost_is_booked(claude: ClaudeDouble) -> None:
    run = record(TEN)
    assert service.label_run(run.run_id) is Outcome.FINISHED
    (call,) = claude.calls()
    (entry,) = ledger()
    done = run_of(run.run_id)
    assert (done.state, done.steps_labeled, done.calls) == (RunState.SUCCEEDED, 10, 1)
    assert (entry.outcome, entry.request_id) == ("answered", call.request_id)
    assert (entry.input_tokens, entry.output_tokens) == (call.all_input_tokens, call.output_tokens)
    assert entry.cost_usd == pytest.approx(done.cost_usd)
    assert 0 < done.cost_usd < entry.reserved_usd
    for step_id, name in zip(run.step_ids, TEN, strict=True):
        label = labels_of(step_id, LabelSource.AI)[0]
        assert (label.field_label, label.model, label.prompt_version) == (name, "claude-haiku-5-5", "v1")
        assert label.confidence


def test_a_workflow_that_nobody_named_gets_a_name_and_a_description(claude: ClaudeDouble) -> None:
    answer = {"name": "Approve an invoice", "description": "Approves an open invoice, so that it is paid."}
    run = record(["Approve"])
    with transaction() as session:
        session.get_one(Workflow, run.workflow_id).name_source = LabelSource.RULES
    claude.fault("says", answer={"workflow": answer})
    service.label_run(run.run_id)
    with transaction(read_only=True) as session:
        workflow = session.get_one(Workflow, run.workflow_id)
    assert (workflow.name, workflow.name_source) == (answer["name"], LabelSource.AI)
    assert (workflow.description, workflow.description_source) == (answer["description"], LabelSource.AI)


def test_a_persons_name_and_description_stay(claude: ClaudeDouble) -> None:
    run = record(["Approve"])
    with transaction() as session:
        session.get_one(Workflow, run.workflow_id).description = "As told by a person."
    service.label_run(run.run_id)
    (body,) = claude.bodies()
    assert "workflow" not in body["output_config"]["format"]["schema"]["properties"]
    with transaction(read_only=True) as session:
        workflow = session.get_one(Workflow, run.workflow_id)
    assert (workflow.name, workflow.description) == ("Create a contact", "As told by a person.")


def test_the_api_also_takes_the_recording_in_a_plain_block(
    claude: ClaudeDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, claude_data_block="user")
    run = record(TEN)
    assert service.label_run(run.run_id) is Outcome.FINISHED
    (body,) = claude.bodies()
    assert "tools" not in body
    assert run_of(run.run_id).steps_labeled == 10


def test_a_long_workflow_gets_headings_and_a_person_keeps_theirs(claude: ClaudeDouble) -> None:
    names = [f"Button {number}" for number in range(15)]
    run = record(names)
    claude.fault("says", answer={"s03": {"heading": "Choose buttons"}})
    service.label_run(run.run_id)
    with transaction() as session:
        third = session.get_one(Step, run.step_ids[2])
        assert (third.heading, third.heading_source) == ("Choose buttons", LabelSource.AI)
        third.heading, third.heading_source = "Mine", LabelSource.HUMAN
        again = runs.request(session, run.workflow_id)
    claude.fault("says", answer={"s03": {"heading": "Another one"}})
    service.label_run(again.id)
    with transaction(read_only=True) as session:
        assert session.get_one(Step, run.step_ids[2]).heading == "Mine"
