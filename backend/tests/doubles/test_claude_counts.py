"""What the Claude double counts: tokens, the cache of prompts, and the rates, on a clock that stands still."""

import json
import math
from datetime import datetime

import anthropic
import httpx2
import pytest

from tests.doubles.claude import ClaudeDouble, Rates
from tests.doubles.conftest import Post
from tests.doubles.prompts import MODEL, SYSTEM, image, message, picture, plain, text

MUCH = 1e9


def tokens(words: str) -> int:
    return math.ceil(len(words) / 2.5)


@pytest.mark.parametrize(
    ("size", "kind", "expected"),
    [((1920, 1080), "JPEG", 2691), ((1024, 576), "PNG", 777), ((768, 432), "WEBP", 448), ((640, 400), "JPEG", 345)],
)
def test_pictures_count_by_their_patches(
    size: tuple[int, int], kind: str, expected: int, sdk: anthropic.Anthropic, claude_double: ClaudeDouble
) -> None:
    block = image(picture(*size, kind), f"image/{kind.lower()}")
    usage = sdk.messages.create(**plain(text("12345"), block)).usage
    assert usage.input_tokens == expected + 2
    (seen,) = claude_double.calls()[0].pictures
    assert (seen["width"], seen["height"], seen["tokens"]) == (*size, expected)
    assert (seen["path"], seen["media_type"]) == ("messages.0.content.1", f"image/{kind.lower()}")


def test_a_long_jpeg_header_does_not_hide_the_size(sdk: anthropic.Anthropic) -> None:
    import base64
    import io

    from PIL import Image

    data = io.BytesIO()
    Image.new("RGB", (280, 56)).save(data, "JPEG", icc_profile=b"x" * 200_000)
    usage = sdk.messages.create(**plain(image(base64.b64encode(data.getvalue()).decode()))).usage
    assert usage.input_tokens == 20


def test_output_counts_by_its_characters(sdk: anthropic.Anthropic) -> None:
    answer = sdk.messages.create(**message())
    (block,) = answer.content
    assert block.type == "text"
    assert answer.usage.output_tokens == tokens(block.text)
    assert answer.stop_reason == "end_turn"


def test_an_answer_that_does_not_fit_is_cut(sdk: anthropic.Anthropic) -> None:
    whole = sdk.messages.create(**message()).content[0]
    answer = sdk.messages.create(**message(max_tokens=10))
    (block,) = answer.content
    assert block.type == whole.type == "text"
    assert block.text == whole.text[:25]
    assert (answer.stop_reason, answer.usage.output_tokens) == ("max_tokens", 10)


def test_a_prefix_is_written_once_and_read_for_five_minutes(
    sdk: anthropic.Anthropic, claude_double: ClaudeDouble
) -> None:
    claude_double.stop_clock()

    def cached() -> tuple[int, int]:
        usage = sdk.messages.create(**message()).usage
        return usage.cache_creation_input_tokens or 0, usage.cache_read_input_tokens or 0

    written, read = cached()
    assert written > tokens(SYSTEM)
    assert read == 0
    assert cached() == (0, written)
    claude_double.advance(299)
    assert cached() == (0, written)
    claude_double.advance(299)
    assert cached() == (0, written)  # reading it made it live on
    claude_double.advance(301)
    assert cached() == (written, 0)


@pytest.mark.parametrize(
    "other",
    [
        message(system=[{"type": "text", "text": SYSTEM + ".", "cache_control": {"type": "ephemeral"}}]),
        message(model="claude-sonnet-5-5"),
        message(tools=[{"name": "read", "input_schema": {"type": "object"}}]),
    ],
)
def test_another_prefix_is_not_read(other: dict[str, object], sdk: anthropic.Anthropic) -> None:
    sdk.messages.create(**message())
    assert sdk.messages.create(**other).usage.cache_read_input_tokens == 0  # type: ignore[call-overload]  # made to be sent


def test_a_short_prefix_is_not_cached(sdk: anthropic.Anthropic) -> None:
    def used(characters: int) -> anthropic.types.Usage:
        marked = {"type": "text", "text": "a" * characters, "cache_control": {"type": "ephemeral"}}
        return sdk.messages.create(**plain(system=[marked])).usage

    assert used(511 * 5 // 2).cache_creation_input_tokens == 0
    assert used(512 * 5 // 2).cache_creation_input_tokens == 512


def test_all_input_is_the_sum_of_its_kinds(sdk: anthropic.Anthropic, claude_double: ClaudeDouble) -> None:
    sdk.messages.create(**message())
    sdk.messages.create(**message())
    first, second = claude_double.calls()
    assert first.all_input_tokens == second.all_input_tokens
    assert second.input_tokens == first.input_tokens


def test_requests_per_minute_refill_continuously(post: Post, claude_double: ClaudeDouble) -> None:
    claude_double.stop_clock()
    claude_double.set_rates(Rates(60, MUCH, MUCH, burst_requests=3))
    assert [post(plain()).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    claude_double.advance(0.999)
    assert post(plain()).status_code == 429
    claude_double.advance(0.001)
    assert [post(plain()).status_code for _ in range(2)] == [200, 429]
    claude_double.advance(1000)
    assert [post(plain()).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_a_refusal_says_how_long(post: Post, claude_double: ClaudeDouble) -> None:
    claude_double.stop_clock()
    claude_double.set_rates(Rates(6, MUCH, MUCH, burst_requests=1))
    post(plain())
    answer = post(plain())
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "10")
    assert answer.json()["error"]["type"] == "rate_limit_error"
    assert claude_double.calls()[1].outcome == "rate_limited"
    claude_double.advance(10)
    assert post(plain()).status_code == 200


def test_input_tokens_are_limited_and_cache_reads_do_not_count(
    sdk: anthropic.Anthropic, claude_double: ClaudeDouble
) -> None:
    claude_double.stop_clock()
    first = sdk.messages.create(**message()).usage
    plain_tokens, written = first.input_tokens, first.cache_creation_input_tokens or 0
    claude_double.reset()
    claude_double.stop_clock()
    claude_double.set_rates(Rates(MUCH, plain_tokens * 2 + written, MUCH))
    for _ in range(2):
        sdk.messages.create(**message())
    with pytest.raises(anthropic.RateLimitError, match="input tokens"):
        sdk.messages.create(**message())
    assert claude_double.state()["levels"][MODEL]["input_tokens"] == pytest.approx(0)


def test_output_tokens_are_limited_after_they_were_spoken(
    sdk: anthropic.Anthropic, claude_double: ClaudeDouble
) -> None:
    claude_double.stop_clock()
    claude_double.set_rates(Rates(MUCH, MUCH, 60))
    spoken = sdk.messages.create(**message()).usage.output_tokens
    assert spoken > 60
    claude_double.advance(spoken - 60)
    with pytest.raises(anthropic.RateLimitError, match="output tokens"):
        sdk.messages.create(**message())
    claude_double.advance(1)
    sdk.messages.create(**message())


def test_models_have_buckets_of_their_own(post: Post, claude_double: ClaudeDouble) -> None:
    claude_double.stop_clock()
    claude_double.set_rates(Rates(1, MUCH, MUCH))
    models = ("claude-haiku-5-5", "claude-haiku-5-5", "claude-sonnet-5-5")
    assert [post(plain(model=model)).status_code for model in models] == [200, 429, 200]


def test_bad_requests_take_nothing(post: Post, claude_double: ClaudeDouble) -> None:
    claude_double.stop_clock()
    claude_double.set_rates(Rates(1, MUCH, MUCH))
    post(plain(top_k=1))
    assert post(plain()).status_code == 200


def test_headers_tell_of_the_buckets(post: Post, claude_double: ClaudeDouble) -> None:
    claude_double.stop_clock()
    claude_double.set_rates(Rates(10, 20_000, 50_000))
    answers = [post(plain(text("a" * 12_500))) for _ in range(2)]
    for left, answer in zip((9, 8), answers, strict=True):
        _compare(answer, "requests", "10", str(left))
    _compare(answers[1], "input-tokens", "20000", "10000")
    _compare(answers[1], "output-tokens", "50000", "50000")
    reset = datetime.fromisoformat(answers[1].headers["anthropic-ratelimit-requests-reset"])
    assert reset.timestamp() == math.ceil(claude_double.state()["now"] + 12)


def _compare(answer: httpx2.Response, limit: str, most: str, left: str) -> None:
    prefix = f"anthropic-ratelimit-{limit}"
    assert (answer.headers[f"{prefix}-limit"], answer.headers[f"{prefix}-remaining"]) == (most, left)


@pytest.mark.parametrize("bad", [plain(top_k=1), plain(model="nobody")])
def test_errors_have_the_headers_too(bad: dict[str, object], post: Post) -> None:
    headers = post(bad).headers
    assert headers["anthropic-ratelimit-requests-limit"] == "1000"
    assert headers["request-id"].startswith("req_")


def test_the_schema_of_the_answer_counts_as_input(sdk: anthropic.Anthropic) -> None:
    with_schema, without = message(), message(output_config={"effort": "low"})
    schema = json.dumps(with_schema["output_config"]["format"]["schema"], separators=(",", ":"))
    used = [sdk.messages.create(**request).usage for request in (with_schema, without)]
    sums = [(usage.cache_creation_input_tokens or 0) + usage.input_tokens for usage in used]
    assert sums[0] - sums[1] == pytest.approx(tokens(schema), abs=1)
