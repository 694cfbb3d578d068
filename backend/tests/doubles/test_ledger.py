"""What the doubles write down, and how their processes live."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.doubles.claude import ClaudeDouble, Rates
from tests.doubles.conftest import Post
from tests.doubles.handle import BACKEND, DoubleSaysNo
from tests.doubles.ledger import KEEP_BYTES, Ledger
from tests.doubles.prompts import message, plain, text


def test_a_call_is_written_down(post: Post, claude_double: ClaudeDouble) -> None:
    body = json.dumps(message()).encode()
    answer = post(body, x_run="17")
    (call,) = claude_double.calls()
    assert call.ended
    assert call.ended >= call.began
    assert (call.kind, call.status, call.outcome, call.in_flight) == ("message", 200, "answered", 1)
    assert (call.model, call.max_tokens, call.stop_reason) == ("claude-haiku-5-5", 1000, "end_turn")
    assert (call.step_keys, call.step_ids) == (["s01", "s02"], {"s01": 1, "s02": 2})
    assert (call.sha256, call.body_bytes) == (hashlib.sha256(body).hexdigest(), len(body))
    assert call.request_id == answer.headers["request-id"]
    assert call.output_tokens == answer.json()["usage"]["output_tokens"]


def test_headers_are_written_down_but_for_the_key(post: Post, claude_double: ClaudeDouble) -> None:
    post(plain(), x_run="17", authorization="Bearer sk-secret")
    (call,) = claude_double.calls()
    assert call.headers["x-run"] == "17"
    assert not {"x-api-key", "authorization"} & set(call.headers)


def test_bodies_can_be_searched(post: Post, claude_double: ClaudeDouble) -> None:
    post(plain(text("CANARY-ä")))
    assert claude_double.calls()[0].body is None
    assert "CANARY-ä" in json.dumps(claude_double.bodies(), ensure_ascii=False)


def test_only_what_is_new_can_be_read(post: Post, claude_double: ClaudeDouble) -> None:
    post(plain())
    seen = len(claude_double.calls())
    post(plain())
    assert [call.number for call in claude_double.calls(since=seen)] == [2]


def test_a_reset_forgets_everything(post: Post, claude_double: ClaudeDouble) -> None:
    claude_double.set_rates(Rates(requests=1))
    claude_double.fault("overloaded", nth=2)
    post(message())
    claude_double.reset()
    assert claude_double.calls(None) == []
    answers = [post(message()) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json()["usage"]["cache_read_input_tokens"] == 0


def test_old_bodies_are_let_go() -> None:
    ledger = Ledger()
    half = bytes(KEEP_BYTES // 2)
    for _ in range(3):
        ledger.keep_body(ledger.begin("message", {}, 0), half)
    assert sorted(ledger._bodies) == [2, 3]


def test_waiting_in_vain_is_said(claude_double: ClaudeDouble) -> None:
    with pytest.raises(DoubleSaysNo, match="408"):
        claude_double.wait(calls=1, seconds=0.05)


def test_a_file_gets_a_line_a_call(tmp_path: Path) -> None:
    import httpx2

    path = tmp_path / "ledger.jsonl"
    with ClaudeDouble(ledger=path, api_key="sk-other", batch_seconds=5) as double:
        headers = {"x-api-key": double.api_key, "anthropic-version": "2023-06-01"}
        httpx2.post(f"{double.url}/v1/messages", json=plain(), headers=headers)
        double.wait(ended=1)
    (line,) = path.read_text().splitlines()
    assert json.loads(line)["outcome"] == "answered"


@pytest.mark.parametrize("module", ["tests.doubles.claude", "tests.doubles.openai"])
def test_a_double_ends_with_the_one_who_started_it(module: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", module, "--until-stdin-closes"],
        cwd=BACKEND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    assert json.loads(process.stdout.readline())["url"].startswith("http://127.0.0.1:")
    process.stdin.close()
    assert process.wait(timeout=20) == 0
    process.stdout.close()


def test_a_double_that_cannot_start_is_not_waited_for(tmp_path: Path) -> None:
    with pytest.raises(DoubleSaysNo, match="did not start"):
        ClaudeDouble(port=-1, log=tmp_path / "log").start()
