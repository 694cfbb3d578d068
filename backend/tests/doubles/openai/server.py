"""The endpoints."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.doubles import answers
from tests.doubles.faults import Struck
from tests.doubles.latency import Latency
from tests.doubles.ledger import Call
from tests.doubles.openai.answering import complete, prompt_tokens, texts_of
from tests.doubles.openai.errors import ApiError, invalid
from tests.doubles.openai.flavours import Flavour
from tests.doubles.openai.requests import Request, parse
from tests.doubles.openai.rules import check
from tests.doubles.stage import Reset, Stage


@dataclass(frozen=True)
class Settings:
    """What a reset goes back to."""

    api_key: str
    model: str
    flavour: Flavour
    latency: Latency
    ledger: Path | None


@dataclass
class OpenAIServer:
    """The state of the double and what it does with a request."""

    settings: Settings
    stage: Stage = field(init=False)
    flavour: Flavour = field(init=False)

    def __post_init__(self) -> None:
        self.stage = Stage(self.settings.ledger)
        self.reset()

    def reset(self) -> None:
        self.stage.reset(self.settings.latency)
        self.flavour = self.settings.flavour

    def state(self) -> dict[str, Any]:
        return {}

    async def chat(self, request: web.Request) -> web.Response:
        """`POST /v1/chat/completions`"""
        return await self.stage.play(request, "message", self._chat)

    async def models(self, request: web.Request) -> web.Response:
        """`GET /v1/models`"""
        return await self.stage.play(request, "models", self._models)

    async def nothing(self, request: web.Request) -> web.Response:
        return await self.stage.play(request, "unknown", self._nothing)

    async def _nothing(self, request: web.Request, _: bytes, __: Call) -> web.Response:
        raise ApiError(404, f"Invalid URL ({request.method} {request.path})")

    async def _models(self, request: web.Request, body: bytes, call: Call) -> web.Response:
        self._authenticate(request)
        await self._fail(self.stage.faults.strike("models", body), call)
        model = {"id": self.settings.model, "object": "model", "created": 0, "owned_by": "double"}
        return web.json_response({"object": "list", "data": [model]})

    async def _chat(self, http: web.Request, body: bytes, call: Call) -> web.Response:
        self._authenticate(http)
        struck = self.stage.faults.strike("message", body)
        request = parse(body)
        steps, picture_tokens = self._look_at(request, call)
        await self._fail(struck, call)
        completion = complete(request, steps, self.flavour, struck, picture_tokens)
        await self.stage.pass_gate(struck)
        usage, choice = completion["usage"], completion["choices"][0]
        call.input_tokens, call.output_tokens = usage["prompt_tokens"], usage["completion_tokens"]
        call.stop_reason = choice["finish_reason"]
        await self.stage.think(call.output_tokens, struck)
        call.outcome = ",".join(struck.names())
        return _maybe_broken(completion, struck)

    def _look_at(self, request: Request, call: Call) -> tuple[list[answers.Step], int]:
        call.model, call.max_tokens = request.model, request.room
        pictures = check(request, self.flavour, self.settings.model)
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
        tokens = sum(picture.size.tokens for picture in pictures)
        asked = prompt_tokens(request, tokens)
        if asked >= self.flavour.context:
            message = f"This model's maximum context length is {self.flavour.context} tokens, you asked for {asked}."
            raise invalid(message, "messages", "context_length_exceeded")
        steps = answers.steps_in(texts_of(request))
        call.step_keys = [step.key for step in steps]
        call.step_ids = {step.key: step.step_id for step in steps if step.step_id is not None}
        return steps, tokens

    def _authenticate(self, request: web.Request) -> None:
        if request.headers.get("authorization") != f"Bearer {self.settings.api_key}" and self.flavour.key_wanted:
            raise ApiError(401, "Incorrect API key provided.", code="invalid_api_key")
        if request.method == "POST" and request.content_type != "application/json":
            raise invalid("Content-Type must be application/json")

    async def _fail(self, struck: Struck, call: Call) -> None:
        """The faults that come instead of an answer."""
        for kind in struck.names():
            if kind in {"hang", "reset_before", "rate_limited", "server_error", "overloaded", "status"}:
                call.outcome = kind
                await self.stage.pass_gate(struck)
            if kind == "hang":
                await self.stage.hang()
            if kind == "reset_before":
                raise Reset
            if (error := _error(kind, struck.of(kind) or {})) is not None:
                raise error


def _error(kind: str, details: dict[str, Any]) -> ApiError | None:
    if kind == "rate_limited":
        retry_after = details.get("retry_after")
        return ApiError(
            429, "Rate limit reached.", kind="requests", code="rate_limit_exceeded", retry_after=retry_after
        )
    if kind == "server_error":
        return ApiError(500, "The server had an error while processing your request.", kind="server_error")
    if kind == "overloaded":
        return ApiError(503, "The engine is currently overloaded.", kind="server_error")
    if kind == "status":
        status, message = int(details["status"]), details.get("message", "Scripted by the test.")
        code, retry_after = details.get("error_code"), details.get("retry_after")
        return ApiError(status, message, kind=details.get("type", "error"), code=code, retry_after=retry_after)
    return None


def _maybe_broken(completion: dict[str, Any], struck: Struck) -> web.Response:
    if struck.of("reset_after") is not None:
        raise Reset
    if struck.of("wrong_content_type") is not None:
        return web.Response(text="<html><body>Please sign in to the network.</body></html>", content_type="text/html")
    response = web.json_response(completion)
    if struck.of("broken_body") is not None:
        return web.Response(text=(response.text or "")[:-20], content_type="application/json")
    return response
