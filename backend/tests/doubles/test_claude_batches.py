"""The batches of the Claude double, through the official client."""

import json
from collections.abc import Callable
from typing import Any

import anthropic
import pytest

from tests.doubles.claude import ClaudeDouble
from tests.doubles.conftest import Post
from tests.doubles.prompts import Json, message, plain

DAY = 24 * 3600


def entries(*ids: str, **params: Any) -> list[Any]:
    """Requests of a batch."""
    return [{"custom_id": custom_id, "params": params or message()} for custom_id in ids or ("one", "two", "three")]


def results(sdk: anthropic.Anthropic, batch_id: str) -> dict[str, Any]:
    """Of a batch that has ended, by custom id, in the order in which they come."""
    return {entry.custom_id: entry.result for entry in sdk.messages.batches.results(batch_id)}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{", "not valid JSON"),
        ({}, "requests: Field required"),
        ({"requests": []}, "between 1 and 100000"),
        ({"requests": [{"params": message()}]}, "requests.0: custom_id and params are required"),
        ({"requests": entries("a b")}, "requests.0.custom_id: String should match pattern"),
        ({"requests": entries("a" * 65)}, "requests.0.custom_id: String should match pattern"),
        ({"requests": entries("")}, "requests.0.custom_id: String should match pattern"),
        ({"requests": entries("a\n")}, "requests.0.custom_id: String should match pattern"),
        ({"requests": entries("same", "same")}, "requests.1.custom_id: must be unique"),
        ({"requests": entries(), "metadata": {}}, "and nothing else"),
    ],
)
def test_a_bad_batch_is_refused(body: Json | bytes, words: str, post: Post, claude_double: ClaudeDouble) -> None:
    answer = post(body, path="/v1/messages/batches")
    assert answer.status_code == 400
    assert words in answer.json()["error"]["message"]
    assert post(plain(), path="/v1/messages/batches", x_api_key=None).status_code == 401
    assert [call.outcome for call in claude_double.calls("batch_create")] == ["refused", "refused"]


def test_an_unknown_batch_is_not_found(sdk: anthropic.Anthropic) -> None:
    batches = sdk.messages.batches
    for ask in (batches.retrieve, batches.cancel, batches.delete):
        with pytest.raises(anthropic.NotFoundError):
            ask("msgbatch_nobody")


def test_a_batch_is_processed_until_it_is_ended(sdk: anthropic.Anthropic, claude_double: ClaudeDouble) -> None:
    batch = sdk.messages.batches.create(requests=entries())
    assert (batch.processing_status, batch.request_counts.processing) == ("in_progress", 3)
    assert batch.results_url is None
    assert (batch.expires_at - batch.created_at).total_seconds() == DAY
    with pytest.raises(anthropic.BadRequestError, match="cannot be deleted"):
        sdk.messages.batches.delete(batch.id)
    claude_double.end_batches()
    ended = sdk.messages.batches.retrieve(batch.id)
    assert (ended.processing_status, ended.request_counts.processing, ended.request_counts.succeeded) == ("ended", 0, 3)
    assert ended.ended_at


def test_results_come_in_another_order_and_at_half_the_price(
    sdk: anthropic.Anthropic, claude_double: ClaudeDouble
) -> None:
    batch = sdk.messages.batches.create(requests=entries())
    claude_double.end_batches()
    found = results(sdk, batch.id)
    assert list(found) != ["one", "two", "three"]
    assert set(found) == {"one", "two", "three"}
    answer = found["two"].message
    assert answer.usage.service_tier == "batch"
    assert list(json.loads(answer.content[0].text)) == ["s01", "s02"]
    items = claude_double.calls("batch_item")
    assert {item.custom_id: item.output_tokens for item in items}["two"] == answer.usage.output_tokens
    assert items[0].step_ids == {"s01": 1, "s02": 2}


@pytest.mark.parametrize("ids", [("a", "b"), tuple("abcdefgh")])
def test_results_are_never_in_order(
    ids: tuple[str, ...], sdk: anthropic.Anthropic, claude_double: ClaudeDouble
) -> None:
    batch = sdk.messages.batches.create(requests=entries(*ids))
    claude_double.end_batches()
    assert tuple(results(sdk, batch.id)) != ids


def test_there_are_no_results_before_the_end(sdk: anthropic.Anthropic, claude_double: ClaudeDouble) -> None:
    batch = sdk.messages.batches.create(requests=entries())
    with pytest.raises(anthropic.AnthropicError):
        sdk.messages.batches.results(batch.id)
    assert claude_double.calls("batch_item") == []


def test_a_bad_request_shows_in_the_results_only(sdk: anthropic.Anthropic, claude_double: ClaudeDouble) -> None:
    bad = entries("bad", **message(temperature=0.5))
    batch = sdk.messages.batches.create(requests=[*entries("good"), *bad])
    claude_double.end_batches()
    found = results(sdk, batch.id)
    assert (found["good"].type, found["bad"].type) == ("succeeded", "errored")
    assert found["bad"].error.error.type == "invalid_request_error"
    assert "temperature" in found["bad"].error.error.message
    assert sdk.messages.batches.retrieve(batch.id).request_counts.errored == 1


def test_each_kind_of_end_can_be_scripted(sdk: anthropic.Anthropic, claude_double: ClaudeDouble) -> None:
    claude_double.fault("errored", type="api_error", matching='"one"')
    claude_double.fault("expired", matching='"two"')
    claude_double.fault("canceled", matching='"three"')
    claude_double.fault("refusal", on="batch_item", matching='"four"')
    claude_double.fault("truncated", on="batch_item", matching='"five"')
    batch = sdk.messages.batches.create(requests=entries("one", "two", "three", "four", "five", "six"))
    claude_double.end_batches()
    found = results(sdk, batch.id)
    kinds = {custom_id: result.type for custom_id, result in found.items()}
    assert kinds == {
        "one": "errored",
        "two": "expired",
        "three": "canceled",
        "four": "succeeded",
        "five": "succeeded",
        "six": "succeeded",
    }
    reasons = [found[custom_id].message.stop_reason for custom_id in ("four", "five", "six")]
    assert reasons == ["refusal", "max_tokens", "end_turn"]
    counts = sdk.messages.batches.retrieve(batch.id).request_counts
    assert (counts.succeeded, counts.errored, counts.expired, counts.canceled) == (3, 1, 1, 1)


def test_a_cancelled_batch_ends_with_nothing_done(sdk: anthropic.Anthropic, claude_double: ClaudeDouble) -> None:
    batch = sdk.messages.batches.create(requests=entries())
    cancelled = sdk.messages.batches.cancel(batch.id)
    assert cancelled.processing_status == "canceling"
    assert cancelled.cancel_initiated_at
    claude_double.end_batches()
    assert sdk.messages.batches.retrieve(batch.id).request_counts.canceled == 3
    assert {result.type for result in results(sdk, batch.id).values()} == {"canceled"}
    assert claude_double.calls("batch_item") == []
    with pytest.raises(anthropic.BadRequestError, match="already ended"):
        sdk.messages.batches.cancel(batch.id)


def test_a_batch_ends_by_itself_after_a_set_time(sdk: anthropic.Anthropic, claude_double: ClaudeDouble) -> None:
    claude_double.stop_clock()
    claude_double.set_batch_seconds(60)
    batch = sdk.messages.batches.create(requests=entries())
    claude_double.advance(59)
    assert sdk.messages.batches.retrieve(batch.id).processing_status == "in_progress"
    claude_double.advance(1)
    assert sdk.messages.batches.retrieve(batch.id).request_counts.succeeded == 3


def test_a_batch_expires_after_a_day(sdk: anthropic.Anthropic, claude_double: ClaudeDouble) -> None:
    claude_double.stop_clock()
    batch = sdk.messages.batches.create(requests=entries())
    claude_double.advance(DAY - 1)
    assert sdk.messages.batches.retrieve(batch.id).processing_status == "in_progress"
    claude_double.advance(1)
    assert sdk.messages.batches.retrieve(batch.id).request_counts.expired == 3


def test_a_batch_can_be_deleted_when_it_has_ended(sdk: anthropic.Anthropic, claude_double: ClaudeDouble) -> None:
    batch = sdk.messages.batches.create(requests=entries())
    claude_double.end_batches()
    assert sdk.messages.batches.delete(batch.id).type == "message_batch_deleted"
    with pytest.raises(anthropic.NotFoundError):
        sdk.messages.batches.retrieve(batch.id)


def test_batches_are_listed_newest_first_by_pages(sdk: anthropic.Anthropic) -> None:
    made = [sdk.messages.batches.create(requests=entries("a")).id for _ in range(5)]
    assert [batch.id for batch in sdk.messages.batches.list(limit=2)] == made[::-1]
    before = sdk.messages.batches.list(before_id=made[2]).data
    assert [batch.id for batch in before] == [made[4], made[3]]
    with pytest.raises(anthropic.BadRequestError, match="limit"):
        sdk.messages.batches.list(limit=0)


@pytest.mark.parametrize("kind", ["batch_create", "batch_get", "batch_results", "batch_cancel"])
def test_the_endpoints_can_fail(kind: str, sdk: anthropic.Anthropic, claude_double: ClaudeDouble) -> None:
    batches = sdk.messages.batches
    ask: dict[str, Callable[[str], object]] = {
        "batch_create": lambda _: batches.create(requests=entries()),
        "batch_get": batches.retrieve,
        "batch_results": batches.results,
        "batch_cancel": batches.cancel,
    }
    batch = batches.create(requests=entries())
    if kind == "batch_results":
        claude_double.end_batches()
    claude_double.fault("overloaded", on=kind)
    with pytest.raises(anthropic.OverloadedError):
        ask[kind](batch.id)
    ask[kind](batch.id)


def test_a_batch_that_was_made_can_lose_its_answer(sdk: anthropic.Anthropic, claude_double: ClaudeDouble) -> None:
    claude_double.fault("reset_after", on="batch_create")
    with pytest.raises(anthropic.APIConnectionError):
        sdk.messages.batches.create(requests=entries())
    assert len(sdk.messages.batches.list().data) == 1
