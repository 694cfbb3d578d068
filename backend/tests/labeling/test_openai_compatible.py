"""Runs of the labeler for OpenAI-compatible servers: against a strict double in every flavour, and a real llama.cpp."""

from typing import Any

import pytest
from sqlalchemy import select

from app.core.config import Settings
from app.core.db import transaction
from app.labeling import openai_compatible, service
from app.labeling.models import ModelCall, RunState
from app.labeling.protocol import TransientLabelError
from app.labeling.service import Outcome
from app.storage import service as storage
from app.storage.store import get_store
from app.workflows.models import LabelSource, LabelState, Step, Workflow
from tests.doubles.llama import LlamaServer
from tests.doubles.openai import Flavour, OpenAIDouble
from tests.labeling.claude_settings import configure
from tests.labeling.recordings import Recorded, labels_of, record, run_of
from tests.services import Broker
from tests.storage.pictures import encoded, page

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

THREE = ["Save", "Send", "Print"]


@pytest.fixture
def openai(
    settings: Settings, broker: Broker, openai_double: OpenAIDouble, monkeypatch: pytest.MonkeyPatch
) -> OpenAIDouble:
    """The double, as a server of which this process knows nothing yet."""
    assert settings.labeler == "auto"
    monkeypatch.setattr(openai_compatible, "_formats", {})
    monkeypatch.setattr("app.labeling.calls.LONGEST_WAIT_HERE_SECONDS", 0.5)
    configure(
        monkeypatch,
        redis_url=broker.url,
        labeler="openai",
        openai_base_url=openai_double.base_url,
        openai_api_key=openai_double.api_key,
        openai_model=openai_double.model,
        label_chunks_at_once="1",
        label_runs_at_once="1",
    )
    return openai_double


def ledger() -> list[ModelCall]:
    with transaction(read_only=True) as session:
        return list(session.scalars(select(ModelCall).order_by(ModelCall.id)))


def outcomes() -> list[str]:
    return [str(call.outcome) for call in ledger()]


def forms(double: OpenAIDouble) -> list[str | None]:
    """How each request asked to be answered."""
    return [(body.get("response_format") or {}).get("type") for body in double.bodies()]


def assert_all_named(run: Recorded) -> None:
    done = run_of(run.run_id)
    assert (done.state, done.steps_labeled, done.reason) == (RunState.SUCCEEDED, len(THREE), None)
    assert [labels_of(step, LabelSource.AI)[0].field_label for step in run.step_ids] == THREE


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "OPENAI_API_KEY"),
        (402, "credit"),
        (403, "may not use the model"),
        (404, "OPENAI_MODEL"),
        (413, "LABEL_CHUNK_STEPS"),
    ],
)
def test_what_trying_again_cannot_mend_is_asked_once_and_parked_with_advice(
    openai: OpenAIDouble, status: int, words: str
) -> None:
    openai.fault("status", status=status, message="no", times=100)
    run = record(THREE)
    assert service.label_run(run.run_id) is Outcome.PARKED
    assert words in (run_of(run.run_id).reason or "")
    assert len(openai.calls()) == 1
    assert outcomes() == ["rejected"]


def test_a_wrong_key_and_an_unknown_model_are_told_apart(openai: OpenAIDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    reasons = []
    for wrong in ({"openai_api_key": "no"}, {"openai_api_key": openai.api_key, "openai_model": "gpt-nobody"}):
        configure(monkeypatch, **wrong)
        run = record(THREE)
        assert service.label_run(run.run_id) is Outcome.PARKED
        reasons.append(run_of(run.run_id).reason or "")
    assert "set OPENAI_API_KEY" in reasons[0]
    assert "look at OPENAI_MODEL" in reasons[1]


def test_a_short_pause_is_kept_and_a_long_one_gives_the_run_back(
    openai: OpenAIDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.labeling.calls.LONGEST_WAIT_HERE_SECONDS", 2)
    openai.fault("rate_limited", retry_after=1)
    run = record(THREE)
    assert service.label_run(run.run_id) is Outcome.FINISHED
    refused, answered = openai.calls()
    assert answered.began - (refused.ended or 0) >= 0.99
    openai.fault("rate_limited", retry_after=120)
    patient, other = record(THREE), record(THREE)
    assert service.label_run(patient.run_id) is Outcome.GIVEN_BACK
    assert service.label_run(other.run_id) is Outcome.GIVEN_BACK, "everybody pauses"
    assert len(openai.calls()) == 3
    assert "limits" in (run_of(patient.run_id).reason or "")


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ("server_error", "provider_error"),
        ("overloaded", "provider_error"),
        ("reset_before", "unreachable"),
        ("reset_after", "unreachable"),
        ("wrong_content_type", "provider_error"),
        ("broken_body", "provider_error"),
    ],
)
def test_passing_troubles_are_tried_again(
    openai: OpenAIDouble, fault: str, outcome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.labeling.calls.random.uniform", lambda *_: 0.0)
    openai.fault(fault)
    run = record(THREE)
    assert service.label_run(run.run_id) is Outcome.FINISHED
    assert outcomes() == [outcome, "answered"]
    assert_all_named(run)


def test_a_call_that_hangs_ends_at_its_time(openai: OpenAIDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, label_timeout_seconds="0.3")
    openai.fault("hang")
    run = record(THREE)
    assert service.label_run(run.run_id) is Outcome.GIVEN_BACK
    assert outcomes() == ["unreachable"]
    assert "in time" in (run_of(run.run_id).reason or "")


@pytest.mark.parametrize("model", ["double-vl-2b", ""])
def test_a_server_that_is_away_gives_the_run_back(
    openai: OpenAIDouble, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, openai_base_url="http://127.0.0.1:1/v1", openai_model=model)
    run = record(THREE)
    assert service.label_run(run.run_id) is Outcome.GIVEN_BACK
    assert "http://127.0.0.1:1/v1" in (run_of(run.run_id).reason or "")
    assert run_of(run.run_id).state == RunState.QUEUED
    assert openai.calls(None) == []


def test_a_truncated_answer_gets_double_the_room_and_is_then_halved(openai: OpenAIDouble) -> None:
    openai.fault("truncated", times=2)
    run = record(THREE)
    assert service.label_run(run.run_id) is Outcome.FINISHED
    assert [len(call.step_keys) for call in openai.calls()] == [3, 3, 2, 1]
    first, second, *_ = openai.calls()
    assert second.max_tokens == 2 * (first.max_tokens or 0)
    assert outcomes() == ["truncated", "truncated", "answered", "answered"]
    assert_all_named(run)


def test_what_a_filter_stops_is_halved_once_and_left_to_the_rules(openai: OpenAIDouble) -> None:
    openai.fault("refusal", times=2)
    run = record(THREE, rule_labels=True)
    assert service.label_run(run.run_id) is Outcome.FINISHED
    assert [len(call.step_keys) for call in openai.calls()] == [3, 2, 1]
    done = run_of(run.run_id)
    assert (done.state, done.steps_labeled, done.steps_failed) == (RunState.PARTIAL, 1, 2)
    assert [label.source for label in labels_of(run.step_ids[0])] == [LabelSource.RULES]


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("answer", [{"choices": []}, {"choices": [{"message": None}]}, {"error": {"message": "no"}}])
def test_what_is_no_completion_may_pass(answer: dict[str, Any]) -> None:
    with pytest.raises(TransientLabelError, match="no chat completion") as caught:
        openai_compatible._reply(answer)
    assert caught.value.outcome == "provider_error"


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize(
    "answer",
    [
        {"choices": [{"message": {"content": "{}"}, "finish_reason": ["stop"]}], "usage": ["much"]},
        {"choices": [{"message": {"content": "{}"}, "finish_reason": None}], "usage": {"prompt_tokens": "many"}},
        {"choices": [{"message": {"content": "{}"}}], "usage": {"prompt_tokens_details": 5}},
    ],
)
def test_counts_that_are_none_are_zero(answer: dict[str, Any]) -> None:
    reply = openai_compatible._reply(answer)
    assert (reply.text, reply.stop, reply.tokens.input, reply.tokens.output) == ("{}", "end", 0, 0)


@pytest.mark.parametrize(
    ("structured", "tried"),
    [
        ("json_schema", ["json_schema"]),
        ("json_object", ["json_schema", "json_object"]),
        ("none", ["json_schema", "json_object", None]),
    ],
)
def test_how_a_server_is_held_to_the_form_is_tried_once_and_remembered(
    openai: OpenAIDouble, structured: Any, tried: list[str | None]
) -> None:
    openai.set_flavour(Flavour(structured=structured))
    first, second = record(THREE), record(THREE)
    for run in (first, second):
        assert service.label_run(run.run_id) is Outcome.FINISHED
        assert_all_named(run)
    assert forms(openai) == [*tried, tried[-1]]
    assert outcomes() == ["rejected"] * (len(tried) - 1) + ["answered"] * 2
    assert all(call.cost_usd == 0 for call in ledger() if call.outcome == "rejected")


@pytest.mark.parametrize("style", ["plain", "prose", "fence", "trailing_comma", "all"])
def test_answers_that_nothing_holds_to_the_form_are_read_tolerantly(
    openai: OpenAIDouble, style: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, openai_response_format="none")
    openai.set_flavour(Flavour(structured="none", style=style))
    run = record(THREE)
    assert service.label_run(run.run_id) is Outcome.FINISHED
    assert len(openai.calls()) == 1
    assert_all_named(run)


def test_a_form_that_a_person_chose_is_not_given_up(openai: OpenAIDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, openai_response_format="json_schema")
    openai.set_flavour(Flavour(structured="none"))
    run = record(THREE)
    assert service.label_run(run.run_id) is Outcome.PARKED
    assert "did not accept the request" in (run_of(run.run_id).reason or "")
    assert forms(openai) == ["json_schema"]


def test_a_request_that_is_refused_in_every_form_says_nothing_about_forms(openai: OpenAIDouble) -> None:
    openai.set_flavour(Flavour(context=300))
    too_long = record(THREE)
    assert service.label_run(too_long.run_id) is Outcome.PARKED
    assert "maximum context length" in (run_of(too_long.run_id).reason or "")
    openai.set_flavour(Flavour())
    run = record(THREE)
    assert service.label_run(run.run_id) is Outcome.FINISHED
    assert forms(openai) == ["json_schema", "json_object", None, "json_schema"]


def shown(run: Recorded) -> None:
    """Give every step a picture."""
    with transaction() as session:
        owner = session.get_one(Workflow, run.workflow_id).owner_id
        data = encoded(page(1280, 720), "PNG")
        shot, _ = storage.store(session, get_store(), owner_id=owner, data=data, max_bytes=10**7, max_pixels=10**7)
        for step_id in run.step_ids:
            step = session.get_one(Step, step_id)
            step.screenshot_id = shot.id
            step.target = {**(step.target or {}), "box": {"x": 100, "y": 100, "width": 80, "height": 30}}
            step.page = {**step.page, "viewport": {"width": 1280, "height": 720}}


@pytest.mark.parametrize("vision", [True, False])
def test_pictures_are_sent_only_to_who_can_see(
    openai: OpenAIDouble, vision: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, openai_vision=str(vision))
    openai.set_flavour(Flavour(vision=vision))
    run = record(THREE)
    shown(run)
    assert service.label_run(run.run_id) is Outcome.FINISHED
    (call,) = openai.calls()
    assert len(call.pictures) == (6 if vision else 0)
    assert_all_named(run)


def test_a_model_that_turns_out_not_to_see_is_said_to(openai: OpenAIDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, openai_vision="true")
    openai.set_flavour(Flavour(vision=False))
    run = record(THREE)
    shown(run)
    assert service.label_run(run.run_id) is Outcome.PARKED
    assert "OPENAI_VISION must be false" in (run_of(run.run_id).reason or "")


def test_without_a_name_the_first_model_that_is_listed_is_used(
    openai: OpenAIDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, openai_model="")
    run = record(THREE)
    assert service.label_run(run.run_id) is Outcome.FINISHED
    assert {label.model for step in run.step_ids for label in labels_of(step, LabelSource.AI)} == {openai.model}
    assert [call.kind for call in openai.calls(None)] == ["models", "message"]


@pytest.mark.parametrize(
    ("status", "outcome"), [(400, Outcome.PARKED), (404, Outcome.PARKED), (503, Outcome.GIVEN_BACK)]
)
def test_a_server_that_lists_no_models_is_no_crash(
    openai: OpenAIDouble, status: int, outcome: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, openai_model="")
    openai.fault("status", on="models", status=status, message="no such thing")
    run = record(THREE)
    assert service.label_run(run.run_id) is outcome
    assert run_of(run.run_id).worker_deaths == 0
    assert run_of(run.run_id).reason


def test_a_real_server_with_a_model_that_means_nothing(
    settings: Settings, broker: Broker, llama_server: LlamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settings.labeler == "auto"
    monkeypatch.setattr(openai_compatible, "_formats", {})
    configure(
        monkeypatch,
        redis_url=broker.url,
        labeler="openai",
        openai_base_url=llama_server.base_url,
        openai_api_key=llama_server.api_key,
    )
    run = record(THREE, rule_labels=True)
    assert service.label_run(run.run_id) is Outcome.FINISHED
    done = run_of(run.run_id)
    assert done.state in {RunState.SUCCEEDED, RunState.PARTIAL, RunState.FAILED}
    assert done.steps_labeled + done.steps_failed == len(THREE)
    assert {call.model for call in ledger()} == {llama_server.model}
    assert set(outcomes()) <= {"answered", "malformed", "truncated"}
    with transaction(read_only=True) as session:
        states = {session.get_one(Step, step_id).label_state for step_id in run.step_ids}
    assert states <= {LabelState.LABELLED, LabelState.FAILED}
    assert all(labels_of(step_id) for step_id in run.step_ids), "the rules' label stays at least"
