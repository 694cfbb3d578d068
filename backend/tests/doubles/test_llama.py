"""The real llama.cpp server: that it starts, and is held to a schema as our client will hold it."""

import json
from typing import Any

import httpx2

from tests.doubles.llama import LlamaServer
from tests.doubles.prompts import closed


def ask(server: LlamaServer, **changes: Any) -> httpx2.Response:
    request = {"model": server.model, "messages": [{"role": "user", "content": "Name the steps."}], "max_tokens": 400}
    headers = {"authorization": f"Bearer {server.api_key}"}
    return httpx2.post(f"{server.base_url}/chat/completions", json=request | changes, headers=headers, timeout=60)


def test_an_answer_follows_its_schema(llama_server: LlamaServer) -> None:
    step = closed(
        evidence={"enum": ["name", "crop"]},
        field_label={"type": "string", "maxLength": 20},
        instruction={"type": "string", "maxLength": 40},
    )
    wanted = {"name": "labels", "strict": True, "schema": closed(s01=step, s02=step)}
    answer = ask(llama_server, response_format={"type": "json_schema", "json_schema": wanted}).json()
    labels = json.loads(answer["choices"][0]["message"]["content"])
    assert list(labels) == ["s01", "s02"]
    assert all(label["evidence"] in {"name", "crop"} for label in labels.values())
    assert answer["usage"]["completion_tokens"] > 0


def test_an_answer_that_does_not_fit_is_cut(llama_server: LlamaServer) -> None:
    wanted = {"name": "labels", "schema": closed(s01={"type": "string", "minLength": 100})}
    choice = ask(llama_server, max_tokens=5, response_format={"type": "json_schema", "json_schema": wanted}).json()
    assert choice["choices"][0]["finish_reason"] == "length"


def test_a_wrong_key_is_refused(llama_server: LlamaServer) -> None:
    answer = httpx2.post(f"{llama_server.base_url}/chat/completions", json={}, headers={"authorization": "Bearer no"})
    assert answer.status_code == 401


def test_a_model_that_does_not_see_refuses_pictures(llama_server: LlamaServer) -> None:
    part = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
    answer = ask(llama_server, messages=[{"role": "user", "content": [part]}])
    assert "image input is not supported" in answer.json()["error"]["message"]
