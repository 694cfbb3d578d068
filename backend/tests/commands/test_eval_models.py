"""`workflow-platform eval --labeler claude|openai`, against the doubles of their APIs."""

import json
import re
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.core.config import Settings
from app.labeling.evaluation import sets
from app.labeling.evaluation.sets import EvaluationSet
from tests.doubles.claude import ClaudeDouble
from tests.doubles.openai import OpenAIDouble
from tests.labeling.claude_settings import configure
from tests.servers import free_port


@pytest.fixture(autouse=True)
def few(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Six workflows of different origins instead of all; how many steps each has."""
    whole = sets.load()
    assert settings.label_chunk_steps == 10
    chosen = (
        *[one for one in whole.workflows if one.origin == "miniwob"][:3],
        *[one for one in whole.workflows if one.origin == "sample"][:2],
        *[one for one in whole.workflows if one.origin == "planted"][:1],
    )
    monkeypatch.setattr(sets, "load", lambda: EvaluationSet(format=whole.format, workflows=chosen))
    return [len(workflow.steps) for workflow in chosen]


@pytest.fixture
def claude(claude_double: ClaudeDouble, monkeypatch: pytest.MonkeyPatch) -> ClaudeDouble:
    configure(
        monkeypatch,
        anthropic_api_key=claude_double.api_key,
        anthropic_base_url=claude_double.url,
        label_chunks_at_once="1",
    )
    return claude_double


@pytest.fixture
def openai(openai_double: OpenAIDouble, monkeypatch: pytest.MonkeyPatch) -> OpenAIDouble:
    configure(monkeypatch, openai_base_url=openai_double.base_url, openai_api_key=openai_double.api_key)
    return openai_double


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["eval", *arguments])


def bill_of(done: Result) -> dict[str, Any]:
    (found,) = json.loads(done.stdout)["labelers"]
    bill: dict[str, Any] = found["bill"]
    return bill


def test_without_a_key_it_says_so() -> None:
    done = run("--labeler", "claude")
    assert done.exit_code == 1
    assert "ANTHROPIC_API_KEY" in done.stderr


@pytest.mark.parametrize("model", ["", "some-model"])
def test_a_server_that_is_away_is_said_at_once(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, openai_base_url=f"http://127.0.0.1:{free_port()}/v1", openai_model=model)
    done = run("--labeler", "openai")
    assert done.exit_code == 1
    assert "cannot be reached" in done.stderr


def test_their_spend_limit_stops_it_and_what_was_spent_is_said(claude: ClaudeDouble) -> None:
    claude.fault("spend_limit", nth=2, times=100)
    done = run("--labeler", "claude")
    assert done.exit_code == 1
    assert "spend limit" in done.stderr
    assert "Until then: 1 calls" in done.stderr
    assert len(claude.calls()) == 2, "nobody asks again"


def test_a_kind_of_page_that_does_not_exist_is_refused_with_those_that_do(claude: ClaudeDouble) -> None:
    done = run("--labeler", "claude", "--kind", "nonsense")
    assert done.exit_code == 1
    assert "samples" in done.stderr
    assert claude.calls() == []


def test_a_step_that_the_model_declines_keeps_the_rules_label(claude: ClaudeDouble, few: list[int]) -> None:
    claude.fault("refusal", times=100)
    done = run("--labeler", "claude", "--json")
    assert done.exit_code == 0, done.output
    assert bill_of(done)["left_to_the_rules"] == sum(few)
    (claude_says,) = json.loads(done.stdout)["labelers"]
    (rules_say,) = json.loads(run("--json").stdout)["labelers"]
    assert claude_says["all"] == rules_say["all"]


def test_a_call_that_may_succeed_later_is_made_again(claude: ClaudeDouble) -> None:
    claude.fault("status", status=503, type="api_error", message="no", retry_after=0)
    done = run("--labeler", "claude", "--json", "--kind", "samples")
    assert done.exit_code == 0, done.output
    assert bill_of(done)["failed_calls"] == 1
    assert bill_of(done)["calls"] == len(claude.calls()) - 1


def test_claude_is_asked_as_in_a_run_and_the_cost_is_printed(claude: ClaudeDouble, few: list[int]) -> None:
    done = run("--labeler", "claude")
    assert done.exit_code == 0, done.output
    calls = claude.calls()
    assert [call.error for call in calls if call.outcome == "refused"] == []
    assert sum(len(call.step_keys) for call in calls) >= sum(few)
    assert max(len(call.step_keys) for call in calls) <= 10
    assert any('"type": "image"' in json.dumps(body) for body in claude.bodies())
    assert f"{sum(few)} steps of 6 workflows" in done.stderr
    assert "Left to the rules:" in done.stdout
    assert f"{len(calls)} calls (0 failed, 0 unreadable)" in done.stdout
    assert "cost: $0.0" in done.stdout


def test_no_planted_secret_reaches_the_model(claude: ClaudeDouble) -> None:
    run("--labeler", "claude")
    sent = re.sub(r'"data": "[^"]*"', "", json.dumps(claude.bodies(), ensure_ascii=False))  # pictures say anything
    assert sent.count('"text"') > len(claude.calls())
    planted = [secret for workflow in sets.load().workflows for secret in workflow.planted]
    assert planted
    assert [secret for secret in planted if secret in sent] == []


def test_another_server_is_asked_alike_beside_the_rules(openai: OpenAIDouble, few: list[int]) -> None:
    done = run("--labeler", "rules", "--labeler", "openai", "--json")
    assert done.exit_code == 0, done.output
    rules, model = json.loads(done.stdout)["labelers"]
    assert "bill" not in rules
    assert model["all"]["steps"] == rules["all"]["steps"] == sum(few)
    assert model["bill"]["calls"] == len(openai.calls())
    assert model["bill"]["without_a_price"] == len(openai.calls())
    assert model["bill"]["cost_usd"] == 0
