"""What somebody else's stand-in for the API says about our manners: `llmock` judges how a client takes refusals."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from llmock.pytest_plugin import LLMock
from llmock.testing import LLMockServer
from sqlalchemy import select

from app.core.config import Settings
from app.core.db import transaction
from app.labeling import service
from app.labeling.models import ModelCall, RunState
from app.labeling.service import Outcome
from app.workflows.models import Workflow
from tests.labeling.claude_settings import configure
from tests.labeling.recordings import Recorded, record, run_of
from tests.services import Broker

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

KEY = "sk-llmock"
ANSWER = (
    '{"s01": {"evidence": "name", "field_label": "Save", "instruction": "Click \\"Save\\".", "confidence": "high"},'
    ' "s02": {"evidence": "name", "field_label": "Send", "instruction": "Click \\"Send\\".", "confidence": "high"}}'
)


@pytest.fixture
def judge(settings: Settings, broker: Broker, llmock: LLMock, monkeypatch: pytest.MonkeyPatch) -> LLMock:
    """Its server in the place of the Claude API; it answers in our form."""
    assert settings.labeler == "auto"
    configure(
        monkeypatch,
        redis_url=broker.url,
        anthropic_base_url=llmock.base_url("anthropic"),
        anthropic_api_key=KEY,
        labeler="claude",
        label_runs_at_once="1",
    )
    return llmock.reply(ANSWER, times=None)


def twenty() -> list[Recorded]:
    """Workflows with a goal of their own each: the judge knows a call that is tried again by its body."""
    recorded = [record(["Save", "Send"]) for _ in range(20)]
    with transaction() as session:
        for number, run in enumerate(recorded):
            session.get_one(Workflow, run.workflow_id).name = f"Send letter {number}"
    return recorded


def label_all(recorded: list[Recorded]) -> None:
    """Eight at a time, until none is left: whoever is given back comes again."""

    def until_done(run: Recorded) -> None:
        while service.label_run(run.run_id) is not Outcome.FINISHED:
            assert run_of(run.run_id).state == RunState.QUEUED

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(until_done, recorded))


def outcomes() -> list[str]:
    with transaction(read_only=True) as session:
        return [str(outcome) for outcome in session.scalars(select(ModelCall.outcome))]


def assert_done(recorded: list[Recorded], judge: LLMock) -> None:
    for run in recorded:
        done = run_of(run.run_id)
        assert (done.state, done.steps_labeled) == (RunState.SUCCEEDED, 2)
    verdict = judge.verdict()
    assert not verdict.findings, verdict.render()


def test_twenty_workflows_behind_pauses_overload_and_slow_answers(judge: LLMock) -> None:
    judge.delay(0.3, times=5)
    judge.rate_limit(times=2, retry_after=1).fail(529, times=1).fail(429, times=1, retry_after=2)
    recorded = twenty()
    label_all(recorded)
    assert_done(recorded, judge)
    assert judge.verdict().faults == 4
    assert sorted(set(outcomes())) == ["answered", "overloaded", "rate_limited"]


def test_twenty_workflows_under_a_limit_of_requests_that_others_have_used_up(
    judge: LLMock, llmock_server: LLMockServer
) -> None:
    judge.limits(rpm=240)
    recorded = twenty()

    def use_up() -> None:
        while "rate_limited" not in outcomes():
            llmock_server.state.limiter.admit("anthropic", f"Bearer {KEY}", 0)

    with ThreadPoolExecutor(1) as others:
        used_up = others.submit(use_up)
        label_all(recorded)
        used_up.result()
    assert_done(recorded, judge)
    assert outcomes().count("rate_limited") in range(1, 9), "only those that were under way together"
