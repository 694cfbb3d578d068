"""Fixtures: one server process a double for the whole run, as new for every test."""

from collections.abc import Iterator

import pytest

from tests.doubles.claude import ClaudeDouble


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
