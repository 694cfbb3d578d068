"""How the tests of the doubles ask them."""

from collections.abc import Callable, Iterator
from typing import Any

import anthropic
import httpx2
import pytest

from tests.doubles.claude import ClaudeDouble
from tests.doubles.openai import OpenAIDouble

Post = Callable[..., httpx2.Response]


@pytest.fixture(scope="session")
def http() -> Iterator[httpx2.Client]:
    """One for all, because a client takes long to make."""
    with httpx2.Client(timeout=30) as client:
        yield client


@pytest.fixture
def sdk(claude_double: ClaudeDouble, http: httpx2.Client) -> anthropic.Anthropic:
    """The official client, without retries."""
    double = claude_double
    return anthropic.Anthropic(base_url=double.url, api_key=double.api_key, max_retries=0, http_client=http)


@pytest.fixture
def post(claude_double: ClaudeDouble, http: httpx2.Client) -> Post:
    """Sends a raw message: `post(body, **headers)`, a header that is None is left out."""
    known: dict[str, Any] = {"x-api-key": claude_double.api_key, "anthropic-version": "2023-06-01"}

    def send(body: Any, path: str = "/v1/messages", **headers: str | None) -> httpx2.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        given = {name: value for name, value in (known | named).items() if value is not None}
        url = claude_double.url + path
        if isinstance(body, bytes):
            return http.post(url, content=body, headers={"content-type": "application/json"} | given)
        return http.post(url, json=body, headers=given)

    return send


@pytest.fixture
def chat(openai_double: OpenAIDouble, http: httpx2.Client) -> Post:
    """Sends a raw chat completion: `chat(body, **headers)`."""
    known = {"authorization": f"Bearer {openai_double.api_key}"}

    def send(body: Any, **headers: str) -> httpx2.Response:
        return http.post(f"{openai_double.base_url}/chat/completions", json=body, headers=known | headers)

    return send
