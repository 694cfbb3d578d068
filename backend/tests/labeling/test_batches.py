"""Runs whose calls are made as one batch of the provider's, against the strict double of the API."""

from collections.abc import Sequence

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, select, update

from app.accounts.actor import Actor
from app.cli import main
from app.core.clock import db_now, now
from app.core.config import Settings, get_settings
from app.core.db import transaction
from app.labeling import access, ledger, recovery, repairs, runs, service
from app.labeling.models import LabelingBatch, LabelingRun, ModelCall, RunState, Spend
from app.labeling.prices import cost_usd
from app.labeling.protocol import Reply, Tokens
from app.labeling.service import Outcome
from app.tasks.reconciler import reconcile
from app.workflows import labels
from app.workflows import service as workflows
from app.workflows.labels import NewLabel
from app.workflows.models import LabelSource, LabelState, Step, Visibility, Workflow, WorkflowStatus
from tests.doubles.claude import ClaudeDouble
from tests.labeling.claude_settings import configure
from tests.labeling.recordings import Recorded, labels_of, record, run_of, store
from tests.services import Broker

TEN = [f"Button {letter}" for letter in "ABCDEFGHIJ"]
LONG = [f"Button {number}" for number in range(25)]
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Where what happens at the provider matters, not which database it is written to."""


def calls() -> list[ModelCall]:
    with transaction(read_only=True) as session:
        return list(session.scalars(select(ModelCall).order_by(ModelCall.id)))


def batches() -> list[LabelingBatch]:
    with transaction(read_only=True) as session:
        return list(session.scalars(select(LabelingBatch).order_by(LabelingBatch.id)))


def outcomes() -> list[str]:
    return [call.outcome for call in calls()]


def spent() -> float:
    with transaction(read_only=True) as session:
        return max(session.scalars(select(Spend.usd)), default=0.0)


def submitted(double: ClaudeDouble) -> list[int]:
    """How many requests each batch had that got there."""
    return [len(body["requests"]) for body in double.bodies("batch_create")]


def work(run: Recorded) -> Outcome:
    """As the reconciler has it done when the run has rested."""
    with transaction() as session:
        session.execute(update(LabelingRun).where(LabelingRun.id == run.run_id).values(due_at=db_now()))
    return service.label_run(run.run_id)


def hand_over(names: Sequence[str] = TEN) -> Recorded:
    """A run whose batch is at the provider's."""
    run = record(names, mode="batch")
    assert service.label_run(run.run_id) is Outcome.GIVEN_BACK
    return run


def ended(double: ClaudeDouble, names: Sequence[str] = TEN) -> Recorded:
    """A run whose batch has ended, and that nobody has looked at since."""
    run = hand_over(names)
    double.end_batches()
    return run


def names_of(step_ids: Sequence[int]) -> list[str]:
    return [labels_of(step_id, LabelSource.AI)[0].field_label for step_id in step_ids]


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


def test_a_cancelled_run_has_its_batch_cancelled_and_costs_nothing(claude: ClaudeDouble) -> None:
    run = hand_over(LONG)
    assert spent() > 0
    with transaction() as session:
        runs.cancel(session, run.run_id)
        assert repairs.wanted(session).batches
    assert service.tend_batches() == 1
    assert service.tend_batches() == 1, "it is still being cancelled"
    claude.end_batches()
    assert service.tend_batches() == 0
    assert outcomes() == ["cancelled"] * 3
    assert spent() == pytest.approx(0)
    assert [batch.state for batch in batches()] == ["cancelled"]
    with transaction(read_only=True) as session:
        assert not repairs.wanted(session).batches
        states = {session.get_one(Step, step_id).label_state for step_id in run.step_ids}
    assert states == {LabelState.RULES}


@on_sqlite
def test_what_was_answered_before_it_was_cancelled_is_paid_and_booked(claude: ClaudeDouble) -> None:
    claude.fault("canceled", nth=2)
    run = hand_over(LONG)
    with transaction() as session:
        runs.cancel(session, run.run_id)
    claude.end_batches()
    assert service.tend_batches() == 0
    assert outcomes() == ["answered", "cancelled", "answered"]
    assert calls()[1].cost_usd == 0
    assert spent() == pytest.approx(run_of(run.run_id).cost_usd) == pytest.approx(sum(c.cost_usd or 0 for c in calls()))
    assert labels_of(run.step_ids[0]) == []


def test_the_batch_of_a_deleted_workflow_is_cancelled_and_booked(claude: ClaudeDouble, admin: Actor) -> None:
    run = hand_over()
    with transaction() as session:
        workflows.delete(session, run.workflow_id, admin)
    assert service.label_run(run.run_id) is Outcome.NOT_CLAIMED
    claude.end_batches()
    assert service.tend_batches() == 0
    assert outcomes() == ["answered"]
    assert 0 < spent() == pytest.approx(calls()[0].cost_usd or 0)


@on_sqlite
def test_the_batch_of_a_run_that_waits_for_a_person_waits_too_until_they_have_seen_it(claude: ClaudeDouble) -> None:
    run = hand_over()
    claude.fault("status", on="batch_get", status=401, type="authentication_error", message="no")
    assert work(run) is Outcome.PARKED
    assert service.tend_batches() == 0
    assert [batch.state for batch in batches()] == ["submitted"]
    with transaction() as session:
        runs.acknowledge(session, run.run_id)
    assert service.tend_batches() == 1
    assert len(claude.calls("batch_cancel")) == 1


@on_sqlite
def test_a_batch_that_cannot_be_looked_after_keeps_no_other_from_it(claude: ClaudeDouble) -> None:
    found = [hand_over(), hand_over()]
    with transaction() as session:
        for run in found:
            runs.cancel(session, run.run_id)
    claude.end_batches()
    claude.fault("status", on="batch_get", status=404, type="not_found_error", message="no")
    assert service.tend_batches() == 1
    assert sorted(batch.state for batch in batches()) == ["cancelled", "submitted"]


@on_sqlite
def test_a_lost_batch_of_a_cancelled_run_is_found_and_booked(claude: ClaudeDouble) -> None:
    claude.fault("reset_after", on="batch_create")
    run = record(TEN, mode="batch")
    service.label_run(run.run_id)
    with transaction() as session:
        runs.cancel(session, run.run_id)
        assert not repairs.wanted(session).batches, "somebody may be handing it over right now"
        session.execute(update(LabelingBatch).values(created_at=now() - 2 * recovery.HANDING_OVER))
    assert service.tend_batches() == 1
    claude.end_batches()
    assert service.tend_batches() == 0
    assert outcomes() == ["answered"]


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


@pytest.fixture
def library(settings: Settings, colleague: Actor) -> dict[str, int]:
    """Workflows of `colleague`, one of each kind."""
    assert settings.database_url
    made = {}
    with transaction() as session:
        for name in ("team", "private", "archived", "busy"):
            workflow_id, _ = store(session, ["Save"])
            workflow = session.get_one(Workflow, workflow_id)
            workflow.owner_id, workflow.visibility = colleague.user_id, Visibility.TEAM
            made[name] = workflow_id
        session.get_one(Workflow, made["private"]).visibility = Visibility.PRIVATE
        session.get_one(Workflow, made["archived"]).status = WorkflowStatus.ARCHIVED
        runs.queue(session, made["busy"], total_steps=1)
    return made


def queued() -> dict[int, LabelingRun]:
    """Runs that nobody has sent off yet."""
    with transaction(read_only=True) as session:
        return {
            run.workflow_id: run
            for run in session.scalars(select(LabelingRun).where(LabelingRun.published_at.is_(None)))
        }


def test_everything_that_one_may_see_and_that_is_idle_is_queued(
    library: dict[str, int], editor: Actor, colleague: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "AT_A_TIME", 1)
    assert access.request_all(editor, mode="batch") == 1
    assert {workflow_id: run.mode for workflow_id, run in queued().items()} == {library["team"]: "batch"}
    assert access.request_all(colleague, mode="bulk") == 1
    assert queued()[library["private"]].mode == "bulk"
    assert access.request_all(colleague, mode="bulk") == 0


@on_sqlite
def test_everything_can_be_labelled_anew_from_the_command_line(library: dict[str, int], admin: Actor) -> None:
    assert admin
    refused = CliRunner().invoke(main, ["label", "--all", "1"])
    assert refused.exit_code != 0
    done = CliRunner().invoke(main, ["label", "--all", "--mode", "batch"])
    assert (done.exit_code, done.output) == (0, "2 workflows will be labelled.\n")
    assert set(queued()) == {library["team"], library["private"]}


@on_sqlite
def test_the_reconciler_sends_off_what_was_queued_for_everything(
    broker: Broker, monkeypatch: pytest.MonkeyPatch, admin: Actor
) -> None:
    configure(monkeypatch, redis_url=broker.url)
    with transaction() as session:
        store(session, ["Save"])
    access.request_all(admin, mode="batch")
    (run,) = queued().values()
    with transaction() as session:
        session.execute(update(LabelingRun).values(due_at=db_now()))
    assert reconcile(get_settings()) == 1
    assert run_of(run.id).published_at
