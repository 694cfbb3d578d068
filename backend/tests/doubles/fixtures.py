"""Fixtures: one server process a double for the whole run, as new for every test."""

from collections.abc import Iterator

import pytest

from tests.doubles.claude import ClaudeDouble
from tests.doubles.llama import LlamaServer
from tests.doubles.openai import OpenAIDouble


@pytest.fixture(scope="session")
def claude_process() -> Iterator[ClaudeDouble]:
    """Started with the first test that wants it."""
    with ClaudeDouble() as double:
        yield double


@pytest.fixture
def claude_double(claude_process: ClaudeDouble) -> Iterator[ClaudeDouble]:
    """A strict double of the Anthropic API, see `ClaudeDouble`."""
    claude_process.reset()
    yield claude_process
    claude_process.reset()


@pytest.fixture(scope="session")
def llama_server() -> Iterator[LlamaServer]:
    """A real llama.cpp."""
    with LlamaServer() as server:
        yield server


@pytest.fixture(scope="session")
def openai_process() -> Iterator[OpenAIDouble]:
    """Started with the first test that wants it."""
    with OpenAIDouble() as double:
        yield double


@pytest.fixture
def openai_double(openai_process: OpenAIDouble) -> Iterator[OpenAIDouble]:
    """A strict double of an OpenAI-compatible server, see `OpenAIDouble`."""
    openai_process.reset()
    yield openai_process
    openai_process.reset()
