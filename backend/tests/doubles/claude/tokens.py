"""What a request and an answer count for, and the cache of prompts."""

import hashlib
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.doubles.claude.images import Picture
from tests.doubles.claude.models import MODELS
from tests.doubles.claude.requests import CacheControl, Request

CHARACTERS_PER_TOKEN = 2.5
TTL_SECONDS = {"5m": 300.0, "1h": 3600.0}


def of_text(characters: int) -> int:
    return math.ceil(characters / CHARACTERS_PER_TOKEN)


def characters_of(tokens: int) -> int:
    """That fit into so many tokens."""
    return math.floor(tokens * CHARACTERS_PER_TOKEN)


@dataclass(frozen=True, slots=True)
class Count:
    """A request's input tokens; `prefixes`: what it would leave in the cache, each with seconds to live."""

    plain: int
    cache_read: int = 0
    written_5m: int = 0
    written_1h: int = 0
    prefixes: tuple[tuple[str, float], ...] = ()

    @property
    def cache_creation(self) -> int:
        return self.written_5m + self.written_1h

    def usage(self, output_tokens: int, thinking_tokens: int, service_tier: str) -> dict[str, Any]:
        """As an answer tells it."""
        return {
            "input_tokens": self.plain,
            "cache_creation_input_tokens": self.cache_creation,
            "cache_read_input_tokens": self.cache_read,
            "cache_creation": {
                "ephemeral_5m_input_tokens": self.written_5m,
                "ephemeral_1h_input_tokens": self.written_1h,
            },
            "output_tokens": output_tokens,
            "output_tokens_details": {"thinking_tokens": thinking_tokens},
            "server_tool_use": None,
            "service_tier": service_tier,
            "inference_geo": "global",
        }


@dataclass(frozen=True, slots=True)
class _Part:
    """A block in the order of the prompt."""

    identity: bytes
    characters: int
    picture_tokens: int
    mark: CacheControl | None


class Cache:
    """Prefixes that were sent before, until when they live."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def count(self, request: Request, pictures: list[Picture], now: float) -> Count:
        """Reads the longest known prefix, would write the longest marked one."""
        sizes = {picture.path: picture.size.tokens for picture in pictures}
        digest, characters, picture_tokens = hashlib.sha256(_context(request)), 0, 0
        read = written = 0
        ttl, prefixes = "5m", []
        parts = list(_parts(request, sizes))
        last_mark = max((at for at, part in enumerate(parts) if part.mark), default=-1)
        for at, part in enumerate(parts):
            characters += part.characters
            picture_tokens += part.picture_tokens
            if at > last_mark:
                continue
            digest.update(part.identity)
            tokens = of_text(characters) + picture_tokens
            if part.mark is None or tokens < MODELS[request.model].least_cached:
                continue
            if self._until.get(digest.hexdigest(), 0.0) > now:
                read, written = tokens, 0
            else:
                written, ttl = tokens - read, part.mark.ttl
            prefixes.append((digest.hexdigest(), TTL_SECONDS[part.mark.ttl]))
        plain = of_text(characters) + picture_tokens - read - written
        hour = ttl == "1h"
        return Count(plain, read, 0 if hour else written, written if hour else 0, tuple(prefixes))

    def keep(self, count: Count, now: float) -> None:
        """From here on others may read it; reading makes it live on."""
        for digest, seconds in count.prefixes:
            self._until[digest] = now + seconds

    def clear(self) -> None:
        self._until.clear()


def _context(request: Request) -> bytes:
    return _json([request.model, request.schema_of_answer])


def _parts(request: Request, sizes: dict[str, int]) -> Iterator[_Part]:
    """Tools, then the schema of the answer, system, messages."""
    for tool in request.tools:
        text = _json(tool.model_dump(exclude={"cache_control"}, exclude_defaults=True))
        yield _Part(text, len(text), 0, tool.cache_control)
    if request.schema_of_answer is not None:
        text = _json(request.schema_of_answer)
        yield _Part(text, len(text), 0, None)
    for block in request.system:
        yield _Part(b"system" + block.text.encode(), len(block.text), 0, block.cache_control)
    for at, message in enumerate(request.messages):
        for index, part in enumerate(message.content):
            yield from _of_block(f"messages.{at}.content.{index}", part, sizes)


def _of_block(path: str, block: Any, sizes: dict[str, int]) -> Iterator[_Part]:
    if block.type == "text":
        yield _Part(b"text" + block.text.encode(), len(block.text), 0, block.cache_control)
    elif block.type == "image":
        yield _Part(b"image" + block.source.data.encode(), 0, sizes[path], block.cache_control)
    elif block.type == "tool_use":
        text = _json([block.name, block.input])
        yield _Part(text, len(text), 0, block.cache_control)
    else:
        for index, part in enumerate(block.content):
            yield from _of_block(f"{path}.content.{index}", part, sizes)
        yield _Part(b"tool_result", 0, 0, block.cache_control)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
