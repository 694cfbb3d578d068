"""Runs whose calls are made as one batch of the provider's, against the strict double of the API."""

import pytest
from sqlalchemy import delete, update

from app.core.db import transaction
from app.labeling import ledger, runs, service
from app.labeling.models import LabelingBatch, RunState
from app.labeling.prices import cost_usd
from app.labeling.protocol import Reply, Tokens
from app.labeling.service import Outcome
from app.workflows import labels
from app.workflows.labels import NewLabel
from app.workflows.models import LabelSource, Step, Workflow
from tests.doubles.claude import ClaudeDouble
from tests.labeling.batch_runs import (
    LONG,
    TEN,
    batches,
    calls,
    ended,
    hand_over,
    names_of,
    on_sqlite,
    outcomes,
    spent,
    submitted,
    work,
)
from tests.labeling.claude_settings import configure
from tests.labeling.recordings import labels_of, record, run_of


@on_sqlite
def test_a_budget_that_is_too_small_stops_the_batch_before_anything_is_sent(
    claude: ClaudeDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, label_budget_usd_per_day="0.0001")
    run = record(TEN, mode="batch")
    assert service.label_run(run.run_id) is Outcome.PARKED
    assert run_of(run.run_id).parked_for == "budget"
    assert claude.calls(None) == []
    assert (calls(), batches(), spent()) == ([], [], 0.0)


@on_sqlite
def test_a_batch_that_the_provider_does_not_take_is_parked_and_holds_no_money(claude: ClaudeDouble) -> None:
    claude.fault("status", on="batch_create", status=401, type="authentication_error", message="no")
    run = record(TEN, mode="batch")
    assert service.label_run(run.run_id) is Outcome.PARKED
    assert "ANTHROPIC_API_KEY" in (run_of(run.run_id).reason or "")
    assert (outcomes(), batches()) == (["rejected"], [])
    assert spent() == pytest.approx(0)
    with transaction() as session:
        runs.retry(session, run.run_id)
    assert work(run) is Outcome.GIVEN_BACK
    claude.end_batches()
    assert work(run) is Outcome.FINISHED


@on_sqlite
def test_a_batch_that_meets_their_spend_limit_stops_every_run(claude: ClaudeDouble) -> None:
    claude.fault("spend_limit", on="batch_create")
    run, other = record(TEN, mode="batch"), record(TEN)
    assert service.label_run(run.run_id) is Outcome.PARKED
    assert service.label_run(other.run_id) is Outcome.PARKED
    assert run_of(run.run_id).parked_for == run_of(other.run_id).parked_for == "spend_limit"
    assert claude.calls() == []


def test_a_batch_whose_number_got_lost_is_found_again(claude: ClaudeDouble) -> None:
    claude.fault("reset_after", on="batch_create")
    run = record(LONG, mode="batch")
    assert service.label_run(run.run_id) is Outcome.GIVEN_BACK
    (lost,) = batches()
    assert (lost.state, lost.provider_id) == ("submitting", None)
    assert work(run) is Outcome.GIVEN_BACK, "it may be ours: only its answers tell"
    claude.end_batches()
    assert work(run) is Outcome.FINISHED
    assert submitted(claude) == [3], "no second batch"
    assert outcomes() == ["answered"] * 3
    assert run_of(run.run_id).steps_labeled == 25


@on_sqlite
def test_another_batch_of_the_same_size_is_not_taken_for_the_lost_one(claude: ClaudeDouble) -> None:
    claude.fault("reset_before", on="batch_create", nth=1)
    run = record(TEN, mode="batch")
    assert service.label_run(run.run_id) is Outcome.GIVEN_BACK
    other = hand_over()
    with transaction() as session:  # as if somebody else with the same key had made it
        session.execute(update(LabelingBatch).where(LabelingBatch.run_id == other.run_id).values(provider_id="theirs"))
    assert work(run) is Outcome.GIVEN_BACK
    assert len(claude.calls("batch_create")) == 2, "it waits"
    claude.end_batches()
    assert work(run) is Outcome.GIVEN_BACK
    assert len(claude.calls("batch_create")) == 3


def test_a_batch_that_never_got_there_is_submitted_anew(claude: ClaudeDouble) -> None:
    claude.fault("reset_before", on="batch_create", times=4)
    run = record(TEN, mode="batch")
    for _ in range(5):
        assert work(run) is Outcome.GIVEN_BACK
    assert len(batches()) == 1
    assert outcomes() == ["cancelled"] * 4 + ["open"]
    claude.end_batches()
    assert work(run) is Outcome.FINISHED, "what never got there is not counted as tried"
    assert spent() == pytest.approx(run_of(run.run_id).cost_usd)


@on_sqlite
def test_what_expired_goes_into_the_next_batch(claude: ClaudeDouble) -> None:
    claude.fault("expired", nth=2)
    run = ended(claude, LONG)
    assert work(run) is Outcome.GIVEN_BACK
    assert run_of(run.run_id).steps_labeled == 15
    claude.end_batches()
    assert work(run) is Outcome.FINISHED
    assert submitted(claude) == [3, 1]
    assert outcomes() == ["answered", "expired", "answered", "answered"]
    assert calls()[1].cost_usd == 0
    assert names_of(run.step_ids) == LONG
    assert spent() == pytest.approx(run_of(run.run_id).cost_usd)


@on_sqlite
def test_what_expires_three_times_is_parked(claude: ClaudeDouble) -> None:
    claude.fault("expired", times=3)
    run = hand_over()
    for expected in (Outcome.GIVEN_BACK, Outcome.GIVEN_BACK, Outcome.PARKED):
        claude.end_batches()
        assert work(run) is expected
    assert len(claude.calls("batch_create")) == 3
    assert "3 batches" in (run_of(run.run_id).reason or "")
    assert spent() == pytest.approx(0)
    with transaction() as session:
        runs.retry(session, run.run_id)
    assert work(run) is Outcome.GIVEN_BACK
    claude.end_batches()
    assert work(run) is Outcome.FINISHED


@on_sqlite
def test_a_request_that_is_no_good_is_parked_after_the_others_are_labelled(claude: ClaudeDouble) -> None:
    claude.fault("errored", type="invalid_request_error", message="It is no good.", nth=1)
    run = ended(claude, LONG)
    assert work(run) is Outcome.PARKED
    assert "It is no good." in (run_of(run.run_id).reason or "")
    assert run_of(run.run_id).steps_labeled == 20, "what is paid for is kept"
    assert outcomes() == ["rejected", "answered", "answered"]
    with transaction() as session:
        runs.retry(session, run.run_id)
    assert work(run) is Outcome.GIVEN_BACK, "a retry asks again"
    claude.end_batches()
    assert work(run) is Outcome.FINISHED
    assert submitted(claude) == [3, 1]


@on_sqlite
def test_a_request_that_failed_at_the_provider_goes_into_the_next_batch(claude: ClaudeDouble) -> None:
    claude.fault("errored", type="api_error")
    run = ended(claude)
    assert work(run) is Outcome.GIVEN_BACK
    claude.end_batches()
    assert work(run) is Outcome.FINISHED
    assert outcomes() == ["rejected", "answered"]


@on_sqlite
@pytest.mark.parametrize(
    ("fault", "outcome", "asked"),
    [("truncated", "truncated", [10]), ("refusal", "refused", [5, 5]), ("empty_text", "malformed", [10])],
)
def test_what_a_batch_did_not_answer_well_is_asked_by_ordinary_calls(
    claude: ClaudeDouble, fault: str, outcome: str, asked: list[int]
) -> None:
    claude.fault(fault, on="batch_item")
    run = ended(claude)
    assert work(run) is Outcome.FINISHED
    assert [len(call.step_keys) for call in claude.calls()] == asked
    assert [(call.batch, call.outcome) for call in calls()] == [
        (True, outcome),
        *[(False, "answered")] * len(asked),
    ]
    assert names_of(run.step_ids) == TEN


def test_a_collection_that_broke_off_goes_on_where_it_was(claude: ClaudeDouble) -> None:
    claude.fault("truncated", on="batch_item", nth=2)
    claude.fault("status", status=400, type="invalid_request_error", message="no")
    run = ended(claude, LONG)
    assert work(run) is Outcome.PARKED
    assert run_of(run.run_id).steps_labeled == 5
    with transaction() as session:
        runs.retry(session, run.run_id)
    assert work(run) is Outcome.FINISHED
    assert submitted(claude) == [3]
    assert [(call.batch, call.outcome) for call in calls()] == [
        (True, "answered"),
        (True, "truncated"),
        (True, "answered"),
        (False, "rejected"),
        (False, "answered"),
    ]
    assert [len(labels_of(step_id, LabelSource.AI)) for step_id in run.step_ids] == [1] * 25
    assert spent() == pytest.approx(run_of(run.run_id).cost_usd), "nothing is booked twice"


@on_sqlite
def test_an_answer_that_was_booked_but_not_labelled_is_labelled_and_booked_once(claude: ClaudeDouble) -> None:
    """As a worker leaves it that dies between the two."""
    run = ended(claude)
    (row,) = calls()
    with transaction() as session:
        ledger.close(session, ledger.entry_of(row), Reply("", "end", Tokens(1000, 100)))
    booked = spent()
    assert work(run) is Outcome.FINISHED
    assert names_of(run.step_ids) == TEN
    assert (spent(), run_of(run.run_id).calls) == (booked, 1)


@on_sqlite
def test_keys_still_mean_the_same_steps_when_some_are_deleted(claude: ClaudeDouble) -> None:
    run = hand_over()
    with transaction() as session:
        session.execute(delete(Step).where(Step.id.in_(run.step_ids[:2])))
    claude.end_batches()
    assert work(run) is Outcome.FINISHED
    assert names_of(run.step_ids[2:]) == TEN[2:]
    assert claude.calls() == [], "the answer will do"
    assert (run_of(run.run_id).total_steps, run_of(run.run_id).steps_labeled) == (8, 8)


@on_sqlite
def test_keys_mean_the_steps_that_the_last_batch_asked_for(claude: ClaudeDouble) -> None:
    claude.fault("expired")
    run = hand_over()
    with transaction() as session:
        session.execute(delete(Step).where(Step.id == run.step_ids[0]))
    claude.end_batches()
    assert work(run) is Outcome.GIVEN_BACK
    with transaction() as session:
        session.execute(delete(Step).where(Step.id == run.step_ids[3]))
    claude.end_batches()
    assert work(run) is Outcome.FINISHED
    assert claude.calls() == [], "the answer will do"
    left = [place for place in range(10) if place not in (0, 3)]
    assert names_of([run.step_ids[place] for place in left]) == [TEN[place] for place in left]


@on_sqlite
def test_steps_that_were_moved_keep_their_own_labels_and_the_workflow_its_name(claude: ClaudeDouble) -> None:
    run = record(TEN, mode="batch")
    with transaction() as session:
        session.get_one(Workflow, run.workflow_id).name_source = LabelSource.RULES
    claude.fault("says", on="batch_item", answer={"workflow": {"name": "Send a letter", "description": "It is sent."}})
    service.label_run(run.run_id)
    with transaction() as session:
        session.execute(update(Step).where(Step.id == run.step_ids[0]).values(position=99))
    claude.end_batches()
    assert work(run) is Outcome.FINISHED
    assert names_of(run.step_ids) == TEN
    with transaction(read_only=True) as session:
        assert session.get_one(Workflow, run.workflow_id).name == "Send a letter"


@on_sqlite
def test_a_batch_about_steps_that_are_all_gone_is_booked_and_that_is_it(claude: ClaudeDouble) -> None:
    run = hand_over()
    with transaction() as session:
        session.execute(delete(Step).where(Step.id.in_(run.step_ids)))
    claude.end_batches()
    assert work(run) is Outcome.FINISHED
    assert claude.calls() == []
    assert outcomes() == ["answered"]


def test_what_a_person_wrote_meanwhile_stays(claude: ClaudeDouble) -> None:
    run = hand_over()
    mine = NewLabel("Mine", "Press my button.", 1.0, source=LabelSource.HUMAN)
    with transaction() as session:
        labels.add(session, {run.step_ids[0]: mine})
    claude.end_batches()
    assert work(run) is Outcome.FINISHED
    with transaction(read_only=True) as session:
        assert labels.shown(session, [run.step_ids[0]])[run.step_ids[0]].instruction == "Press my button."
    assert names_of(run.step_ids[:1]) == TEN[:1], "the model's words are a proposal"


@on_sqlite
def test_without_batches_it_is_an_ordinary_run(claude: ClaudeDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, labeler="rules")
    run = record(TEN, mode="batch")
    assert service.label_run(run.run_id) is Outcome.FINISHED
    assert run_of(run.run_id).state == RunState.SUCCEEDED
    assert (batches(), claude.calls(None), service.tend_batches()) == ([], [], 0)


def test_a_batch_is_handed_over_waited_for_and_collected_at_half_the_price(claude: ClaudeDouble) -> None:
    run = hand_over(LONG)
    resting = run_of(run.run_id)
    assert (resting.state, resting.published_at, resting.mode) == (RunState.QUEUED, None, "batch")
    assert "half the price" in (resting.reason or "")
    assert work(run) is Outcome.GIVEN_BACK, "it is in progress"
    assert submitted(claude) == [3]
    assert [(call.batch, call.outcome) for call in calls()] == [(True, "open")] * 3
    claude.end_batches()
    assert work(run) is Outcome.FINISHED
    done = run_of(run.run_id)
    assert (done.state, done.steps_labeled, done.calls, done.reason) == (RunState.SUCCEEDED, 25, 3, None)
    assert names_of(run.step_ids) == LONG, "the answers come in another order"
    assert [batch.state for batch in batches()] == ["collected"]
    assert len(claude.calls("batch_create")) == 1
    assert claude.calls() == []
    assert all(call.outcome == "answered" and call.finished_at for call in calls())
    for call in calls():
        ordinary = cost_usd(
            call.model,
            Tokens(call.input_tokens, call.output_tokens, call.cache_read_tokens, call.cache_write_tokens),
            provider="anthropic",
        )
        assert call.cost_usd == pytest.approx((ordinary or 0) / 2)
    assert 0 < done.cost_usd == pytest.approx(spent())
