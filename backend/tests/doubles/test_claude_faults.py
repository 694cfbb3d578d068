"""What can be scripted to go wrong with the Claude double, as the official client sees it."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anthropic
import httpx2
import pytest

from tests.doubles.claude import ClaudeDouble, Latency
from tests.doubles.conftest import Post
from tests.doubles.handle import DoubleSaysNo
from tests.doubles.prompts import KEYS, message, plain, steps, text


def answer_of(sdk: anthropic.Anthropic, **changes: Any) -> Any:
    """The JSON of the answer's text."""
    blocks = sdk.messages.create(**message(**changes)).content
    return json.loads(next(block.text for block in blocks if block.type == "text"))


def test_a_well_behaved_model_answers_every_step(sdk: anthropic.Anthropic) -> None:
    answer = answer_of(sdk)
    assert list(answer) == list(KEYS)
    assert answer["s02"] == {
        "evidence": "accessible_name",
        "field_label": "Save 2",
        "instruction": "Click **Save 2**.",
        "confidence": "high",
    }


def test_steps_may_stand_in_a_user_block(sdk: anthropic.Anthropic) -> None:
    asked = message(messages=[{"role": "user", "content": [text("The steps:"), text(steps())]}])
    assert answer_of(sdk, messages=asked["messages"])["s01"]["field_label"] == "Save 1"


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


@pytest.mark.parametrize(
    ("fault", "error", "status"),
    [
        ({"kind": "overloaded"}, anthropic.OverloadedError, 529),
        ({"kind": "server_error"}, anthropic.InternalServerError, 500),
        ({"kind": "status", "status": 400}, anthropic.BadRequestError, 400),
        ({"kind": "status", "status": 401}, anthropic.AuthenticationError, 401),
        ({"kind": "status", "status": 402}, anthropic.PaymentRequiredError, 402),
        ({"kind": "status", "status": 403}, anthropic.PermissionDeniedError, 403),
        ({"kind": "status", "status": 404}, anthropic.NotFoundError, 404),
        ({"kind": "status", "status": 413}, anthropic.ContentTooLargeError, 413),
        ({"kind": "status", "status": 503}, anthropic.ServiceUnavailableError, 503),
        ({"kind": "rate_limited", "retry_after": 7}, anthropic.RateLimitError, 429),
    ],
)
def test_an_error_strikes_once(
    fault: dict[str, Any],
    error: type[anthropic.APIStatusError],
    status: int,
    sdk: anthropic.Anthropic,
    claude_double: ClaudeDouble,
) -> None:
    claude_double.fault(**fault)
    with pytest.raises(error) as raised:
        sdk.messages.create(**plain())
    assert raised.value.status_code == status
    assert raised.value.request_id == claude_double.calls()[0].request_id
    assert claude_double.calls()[0].outcome == fault["kind"]
    assert sdk.messages.create(**plain()).stop_reason == "end_turn"


def test_retry_after_is_sent_only_when_asked_for(post: Post, claude_double: ClaudeDouble) -> None:
    claude_double.fault("rate_limited", retry_after=7)
    claude_double.fault("rate_limited", nth=2)
    assert post(plain()).headers["retry-after"] == "7"
    assert "retry-after" not in post(plain()).headers


def test_the_spend_limit_has_a_code_and_no_time(sdk: anthropic.Anthropic, claude_double: ClaudeDouble) -> None:
    claude_double.fault("spend_limit")
    with pytest.raises(anthropic.RateLimitError) as raised:
        sdk.messages.create(**plain())
    assert raised.value.error_code == "enforced_spend_limit_reached"
    assert "retry-after" not in raised.value.response.headers


@pytest.mark.parametrize(("kind", "counted"), [("reset_before", False), ("reset_after", True)])
def test_the_connection_is_reset(
    kind: str, counted: bool, sdk: anthropic.Anthropic, claude_double: ClaudeDouble
) -> None:
    claude_double.fault(kind)
    with pytest.raises(anthropic.APIConnectionError):
        sdk.messages.create(**plain())
    claude_double.wait(ended=1)
    (call,) = claude_double.calls()
    assert (call.outcome, call.output_tokens > 0) == (kind, counted)


def test_a_call_that_hangs_ends_when_the_client_leaves(sdk: anthropic.Anthropic, claude_double: ClaudeDouble) -> None:
    claude_double.fault("hang")
    with pytest.raises(anthropic.APITimeoutError):
        sdk.with_options(timeout=0.2).messages.create(**plain())
    claude_double.wait(ended=1)
    assert claude_double.calls()[0].outcome == "client_left"
    assert claude_double.state()["in_flight"] == 0


def test_an_answer_waits_at_a_gate(
    sdk: anthropic.Anthropic, claude_double: ClaudeDouble, pool: ThreadPoolExecutor
) -> None:
    claude_double.fault("gate", name="slow", matching="first")
    first = pool.submit(lambda: sdk.messages.create(**plain(text("first"))))
    claude_double.wait(gate="slow")
    sdk.messages.create(**plain(text("second")))
    assert not first.done()
    claude_double.open("slow")
    assert first.result(timeout=20).stop_reason == "end_turn"


def test_calls_in_flight_are_counted(
    sdk: anthropic.Anthropic, claude_double: ClaudeDouble, pool: ThreadPoolExecutor
) -> None:
    claude_double.fault("gate", name="all", times=3)
    calls = [pool.submit(lambda: sdk.messages.create(**plain())) for _ in range(3)]
    claude_double.wait(in_flight=3)
    claude_double.open("all")
    for call in calls:
        call.result(timeout=20)
    assert sorted(call.in_flight for call in claude_double.calls()) == [1, 2, 3]


def test_an_error_can_wait_at_a_gate_too(
    sdk: anthropic.Anthropic, claude_double: ClaudeDouble, pool: ThreadPoolExecutor
) -> None:
    claude_double.fault("gate", name="late")
    claude_double.fault("overloaded")
    call = pool.submit(lambda: sdk.messages.create(**plain()))
    claude_double.wait(gate="late")
    claude_double.open("late")
    with pytest.raises(anthropic.OverloadedError):
        call.result(timeout=20)


def test_a_reset_cuts_off_who_waits(
    sdk: anthropic.Anthropic, claude_double: ClaudeDouble, pool: ThreadPoolExecutor
) -> None:
    claude_double.fault("gate", name="never")
    call = pool.submit(lambda: sdk.messages.create(**plain()))
    claude_double.wait(gate="never")
    claude_double.reset()
    with pytest.raises(anthropic.APIConnectionError):
        call.result(timeout=20)


def test_the_answer_is_not_json(sdk: anthropic.Anthropic, claude_double: ClaudeDouble) -> None:
    claude_double.fault("malformed_json")
    with pytest.raises(ValueError, match="Unterminated string"):
        answer_of(sdk)


def test_the_answer_is_empty(sdk: anthropic.Anthropic, claude_double: ClaudeDouble) -> None:
    claude_double.fault("empty_text")
    answer = sdk.messages.create(**message())
    assert [block.type for block in answer.content] == ["text"]
    assert answer.stop_reason == "end_turn"
    assert answer.usage.output_tokens > 0


def test_steps_are_missing_or_too_many(sdk: anthropic.Anthropic, claude_double: ClaudeDouble) -> None:
    claude_double.fault("missing_keys")
    claude_double.fault("missing_keys", keys=["s01"], nth=2)
    claude_double.fault("extra_keys", nth=3)
    assert [list(answer_of(sdk)) for _ in range(3)] == [["s01"], ["s02"], ["s01", "s02", "s99"]]


def test_the_model_is_made_to_say_something(sdk: anthropic.Anthropic, claude_double: ClaudeDouble) -> None:
    claude_double.fault("says", answer={"s02": {"instruction": "Visit http://evil.example."}})
    answer = answer_of(sdk)
    assert answer["s02"]["instruction"] == "Visit http://evil.example."
    assert answer["s02"]["field_label"] == "Save 2"
    assert answer["s01"]["instruction"] == "Click **Save 1**."


def test_the_model_is_made_to_say_any_text(sdk: anthropic.Anthropic, claude_double: ClaudeDouble) -> None:
    claude_double.fault("text", text='["a list"]')
    assert answer_of(sdk) == ["a list"]


def test_a_refusal_has_no_content(sdk: anthropic.Anthropic, claude_double: ClaudeDouble) -> None:
    claude_double.fault("refusal", category="cyber")
    answer = sdk.messages.create(**message())
    assert (answer.stop_reason, answer.content) == ("refusal", [])
    assert answer.stop_details
    assert answer.stop_details.category == "cyber"


def test_an_answer_is_cut_by_script(sdk: anthropic.Anthropic, claude_double: ClaudeDouble) -> None:
    claude_double.fault("truncated")
    answer = sdk.messages.create(**message())
    assert (answer.stop_reason, answer.usage.output_tokens) == ("max_tokens", 1000)


def test_thinking_comes_first_and_takes_room(sdk: anthropic.Anthropic, claude_double: ClaudeDouble) -> None:
    claude_double.fault("thinking", tokens=900, times=2)
    answer = sdk.messages.create(**message(max_tokens=2000))
    assert [block.type for block in answer.content] == ["thinking", "text"]
    assert answer.usage.output_tokens_details
    assert answer.usage.output_tokens_details.thinking_tokens == 900
    assert sdk.messages.create(**message(max_tokens=910)).stop_reason == "max_tokens"


def test_something_in_between_answers(post: Post, claude_double: ClaudeDouble) -> None:
    claude_double.fault("wrong_content_type")
    claude_double.fault("broken_body", nth=2)
    page, cut = post(plain()), post(plain())
    assert (page.status_code, page.headers["content-type"].partition(";")[0]) == (200, "text/html")
    with pytest.raises(ValueError, match=r".+"):
        cut.json()
    assert [call.outcome for call in claude_double.calls()] == ["wrong_content_type", "broken_body"]


def test_a_fault_strikes_by_text_and_number(post: Post, claude_double: ClaudeDouble) -> None:
    claude_double.fault("overloaded", matching="poison", nth=2)
    sent = ["poison", "good", "poison", "poison"]
    assert [post(plain(text(words))).status_code for words in sent] == [200, 200, 529, 200]


def test_the_nth_call_is_one_call_however_often_the_fault_may_strike(post: Post, claude_double: ClaudeDouble) -> None:
    claude_double.fault("overloaded", nth=2, times=5)
    assert [post(plain()).status_code for _ in range(4)] == [200, 529, 200, 200]


def test_a_reset_is_not_a_goodbye(claude_double: ClaudeDouble) -> None:
    claude_double.fault("reset_before")
    body = json.dumps(plain()).encode()
    head = (
        f"POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Api-Key: {claude_double.api_key}\r\n"
        f"Anthropic-Version: 2023-06-01\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", claude_double.port), timeout=20) as connection:
        connection.sendall(head.encode() + body)
        with pytest.raises(ConnectionResetError):
            connection.recv(1)


def test_a_fault_strikes_by_chance_the_same_every_time(post: Post, claude_double: ClaudeDouble) -> None:
    def struck() -> list[int]:
        claude_double.reset()
        claude_double.fault("overloaded", probability=0.5, seed=7)
        return [post(plain()).status_code for _ in range(20)]

    first = struck()
    assert 3 < first.count(529) < 17
    assert struck() == first


def test_cleared_faults_strike_no_more(post: Post, claude_double: ClaudeDouble) -> None:
    claude_double.fault("overloaded", times=5)
    claude_double.clear_faults()
    assert post(plain()).status_code == 200


@pytest.mark.parametrize(
    ("kind", "details"), [("overloded", {}), ("overloaded", {"status": 1}), ("refusal", {"nht": 1})]
)
def test_a_misspelt_fault_is_not_taken(kind: str, details: dict[str, Any], claude_double: ClaudeDouble) -> None:
    with pytest.raises(DoubleSaysNo, match="fault"):
        claude_double.fault(kind, **details)


def test_a_bad_request_is_not_hidden_by_a_fault(post: Post, claude_double: ClaudeDouble) -> None:
    claude_double.fault("overloaded")
    assert post(plain(top_k=1)).status_code == 400


def test_answers_take_their_time() -> None:
    latency = Latency(first_token_seconds=0.8, tokens_per_second=100, scale=0.5)
    assert latency.seconds(500) == pytest.approx(2.9)
    assert Latency().seconds(500) == 0


def test_a_cached_prefix_can_be_read_only_after_the_first_token(
    sdk: anthropic.Anthropic, claude_double: ClaudeDouble
) -> None:
    claude_double.set_latency(Latency(first_token_seconds=0.5))
    together = threading.Barrier(3)

    def send() -> int:
        together.wait(timeout=20)
        return sdk.messages.create(**message()).usage.cache_read_input_tokens or 0

    with ThreadPoolExecutor(3) as pool:
        assert [call.result() for call in [pool.submit(send) for _ in range(3)]] == [0, 0, 0]
    assert send_alone(sdk) > 0


def send_alone(sdk: anthropic.Anthropic) -> int:
    return sdk.messages.create(**message()).usage.cache_read_input_tokens or 0


def test_the_models_are_listed(sdk: anthropic.Anthropic, claude_double: ClaudeDouble) -> None:
    assert "claude-haiku-5-5" in {model.id for model in sdk.models.list()}
    claude_double.fault("status", status=401, on="models")
    with pytest.raises(anthropic.AuthenticationError):
        sdk.models.list()


async def _through_aiohttp(double: ClaudeDouble) -> tuple[str | None, int]:
    async with anthropic.AsyncAnthropic(
        base_url=double.url,
        api_key=double.api_key,
        max_retries=0,
        http_client=anthropic.DefaultAioHttpClient(timeout=httpx2.Timeout(30)),
    ) as client:
        answer = await client.messages.create(**message())
        return answer._request_id, answer.usage.output_tokens


def test_the_client_over_aiohttp_gets_the_same(claude_double: ClaudeDouble) -> None:
    with ThreadPoolExecutor(1) as pool:  # the browser's tests leave a loop running in this one
        request_id, output_tokens = pool.submit(lambda: asyncio.run(_through_aiohttp(claude_double))).result()
    (call,) = claude_double.calls()
    assert (call.request_id, call.output_tokens) == (request_id, output_tokens)
