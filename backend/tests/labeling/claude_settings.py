"""The Claude labeler of this process, pointed at the strict double of the API."""

from collections.abc import Iterator

import pytest

from app.core.config import Settings, get_settings
from tests.doubles.claude import ClaudeDouble
from tests.services import Broker


@pytest.fixture
def claude(
    settings: Settings, broker: Broker, claude_double: ClaudeDouble, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ClaudeDouble]:
    """The double; settings with a broker, its key and its address. One call at a time, of ten steps at the most."""
    assert settings.labeler == "auto"
    configure(
        monkeypatch,
        redis_url=broker.url,
        anthropic_api_key=claude_double.api_key,
        anthropic_base_url=claude_double.url,
        label_quick_chunk_steps="10",
        label_chunks_at_once="1",
        label_runs_at_once="1",
    )
    yield claude_double
    refused = [call.error for call in claude_double.calls() if call.outcome == "refused"]
    assert refused == [], "the API would not have taken these requests"


def configure(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    """Change settings of this process until the test ends."""
    for name, value in values.items():
        monkeypatch.setenv(name.upper(), value)
    get_settings.cache_clear()
