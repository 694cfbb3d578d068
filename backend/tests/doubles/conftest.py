"""How the tests of the doubles ask them."""

from collections.abc import Callable, Iterator
from typing import Any

import anthropic
import httpx2
import pytest

from tests.doubles.claude import ClaudeDouble
from tests.doubles.openai import OpenAIDouble

Post = Callable[..., httpx2.Response]


@pytest.fixture
def sdk(claude_double: ClaudeDouble) -> Iterator[anthropic.Anthropic]:
    """The official client, without retries."""
    with anthropic.Anthropic(base_url=claude_double.url, api_key=claude_double.api_key, max_retries=0) as client:
        yield client


@pytest.fixture
def post(claude_double: ClaudeDouble) -> Iterator[Post]:
    """Sends a raw message: `post(body, **headers)`, a header that is None is left out."""
    known: dict[str, Any] = {"x-api-key": claude_double.api_key, "anthropic-version": "2023-06-01"}
    with httpx2.Client(base_url=claude_double.url) as client:

        def send(body: Any, path: str = "/v1/messages", **headers: str | None) -> httpx2.Response:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            given = {name: value for name, value in (known | named).items() if value is not None}
            if isinstance(body, bytes):
                return client.post(path, content=body, headers={"content-type": "application/json"} | given)
            return client.post(path, json=body, headers=given)

        yield send


@pytest.fixture
def chat(openai_double: OpenAIDouble) -> Iterator[Post]:
    """Sends a raw chat completion: `chat(body, **headers)`."""
    known = {"authorization": f"Bearer {openai_double.api_key}"}
    with httpx2.Client(base_url=openai_double.base_url) as client:

        def send(body: Any, **headers: str) -> httpx2.Response:
            return client.post("/chat/completions", json=body, headers=known | headers)

        yield send
