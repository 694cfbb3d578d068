"""The endpoints."""

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.doubles.buckets import Limits, Rates
from tests.doubles.claude import errors, images, rules
from tests.doubles.claude.answering import Said, say, steps_of
from tests.doubles.claude.batches import Batches
from tests.doubles.claude.failing import fail, spoil
from tests.doubles.claude.models import MODELS
from tests.doubles.claude.requests import Request, parse
from tests.doubles.claude.tokens import Cache, Count
from tests.doubles.clock import rfc3339
from tests.doubles.faults import Struck
from tests.doubles.latency import Latency
from tests.doubles.ledger import Call
from tests.doubles.stage import Stage

ORGANIZATION = "00000000-0000-4000-8000-000000000000"
VERSIONS = {"2023-01-01", "2023-06-01", "2026-10-21"}
MOST_MESSAGE_BYTES = 32 * 1024 * 1024
MOST_BATCH_BYTES = 256 * 1024 * 1024

Work = Callable[[web.Request, bytes, Call, Struck], Awaitable[web.Response]]


@dataclass(frozen=True)
class Settings:
    """What a reset goes back to."""

    api_key: str
    rates: Rates
    latency: Latency
    batch_seconds: float | None
    ledger: Path | None


@dataclass
class ClaudeServer:
    """The state of the double and what it does with a request."""

    settings: Settings
    stage: Stage = field(init=False)
    cache: Cache = field(default_factory=Cache)
    batches: Batches = field(init=False)
    rates: Rates = field(init=False)
    limits: dict[str, Limits] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stage = Stage(self.settings.ledger)
        self.batches = Batches(self)
        self.reset()

    def reset(self) -> None:
        self.stage.reset(self.settings.latency)
        self.cache.clear()
        self.batches.clear(self.settings.batch_seconds)
        self.set_rates(self.settings.rates)

    def set_rates(self, rates: Rates) -> None:
        """With full buckets."""
        self.rates, self.limits = rates, {}

    def state(self) -> dict[str, Any]:
        now = self.stage.clock.now()
        return {"levels": {model: limits.levels(now) for model, limits in self.limits.items()}}

    def limits_of(self, model: str) -> Limits:
        if model not in self.limits:
            self.limits[model] = Limits(self.rates, self.stage.clock.now())
        return self.limits[model]

    async def answer(self, request: web.Request, kind: str, work: Work) -> web.Response:
        """A call with everything that all endpoints have in common."""

        async def play(http: web.Request, body: bytes, call: Call) -> web.Response:
            call.request_id = errors.new_id("req")
            self._authenticate(http)
            _check_size(body, kind)
            struck = self.stage.faults.strike(kind, body)
            if kind != "message":
                await fail(self.stage, struck, call)
                await self.stage.pass_gate(struck)
            return spoil(await work(http, body, call, struck), struck, call)

        return await self.stage.play(request, kind, play, self._dress)

    def _dress(self, response: web.Response, call: Call) -> None:
        response.headers["request-id"] = call.request_id
        response.headers["anthropic-organization-id"] = ORGANIZATION
        if call.kind == "message":
            now = self.stage.clock.now()
            limits = self.limits_of(call.model) if call.model in MODELS else Limits(self.rates, now)
            response.headers.update(limits.headers(now))

    async def models(self, _: web.Request, __: bytes, ___: Call, ____: Struck) -> web.Response:
        """`GET /v1/models`"""
        data = [{"type": "model", "id": name, "display_name": name, "created_at": rfc3339(0)} for name in MODELS]
        page = {"data": data, "has_more": False, "first_id": data[0]["id"], "last_id": data[-1]["id"]}
        return web.json_response(page)

    async def message(self, _: web.Request, body: bytes, call: Call, struck: Struck) -> web.Response:
        """`POST /v1/messages`"""
        request = parse(body)
        pictures, steps = self.look_at(request, call)
        await fail(self.stage, struck, call)
        count = self.cache.count(request, pictures, self.stage.clock.now())
        said = say(request, steps, struck)
        self._admit(request, count, said, call)
        first = self.stage.latency.first_token
        await self.stage.pass_gate(struck)
        await self.stage.first_token()
        self.cache.keep(count, self.stage.clock.now())
        note(call, count, said)
        await self.stage.think(said.output_tokens, struck, skip_seconds=first)
        call.outcome = ",".join(struck.names())
        return web.json_response(said.message(request, count))

    def look_at(self, request: Request, call: Call) -> tuple[list[images.Picture], list[Any]]:
        """Raises ApiError if the request is bad; writes down what it asks."""
        call.model, call.max_tokens = request.model, request.max_tokens
        pictures = rules.check(request)
        call.pictures = [
            {
                "path": picture.path,
                "media_type": picture.size.media_type,
                "width": picture.size.width,
                "height": picture.size.height,
                "tokens": picture.size.tokens,
                "bytes": picture.sent_bytes,
            }
            for picture in pictures
        ]
        steps = steps_of(request)
        call.step_keys = [step.key for step in steps]
        call.step_ids = {step.key: step.step_id for step in steps if step.step_id is not None}
        return pictures, steps

    def _admit(self, request: Request, count: Count, said: Said, call: Call) -> None:
        wait = self.limits_of(request.model).admit(
            count.plain + count.cache_creation, said.output_tokens, self.stage.clock.now()
        )
        if wait is not None:
            limit, seconds = wait
            call.outcome = "rate_limited"
            raise errors.rate_limited(limit, max(1, math.ceil(seconds)))

    def _authenticate(self, request: web.Request) -> None:
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        key = request.headers.get("x-api-key") or bearer  # the SDK sends its key as a bearer token since its version 2
        if not key:
            raise errors.ApiError("authentication_error", "x-api-key header is required")
        if key != self.settings.api_key:
            raise errors.ApiError("authentication_error", "invalid x-api-key")
        version = request.headers.get("anthropic-version")
        if version is None:
            raise errors.invalid("anthropic-version: header is required")
        if version not in VERSIONS:
            raise errors.invalid(f'anthropic-version: "{version}" is not a valid version')
        if request.method == "POST" and request.can_read_body and request.content_type != "application/json":
            raise errors.invalid("content-type: must be application/json")


def note(call: Call, count: Count, said: Said) -> None:
    """What it cost."""
    call.input_tokens, call.cache_creation_tokens = count.plain, count.cache_creation
    call.cache_read_tokens, call.output_tokens = count.cache_read, said.output_tokens
    call.stop_reason = said.stop_reason


def _check_size(body: bytes, kind: str) -> None:
    if len(body) > (MOST_BATCH_BYTES if kind == "batch_create" else MOST_MESSAGE_BYTES):
        raise errors.ApiError("request_too_large", "Request exceeds the maximum size")
