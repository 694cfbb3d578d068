"""Any server that speaks OpenAI's chat completions, over plain HTTP: Ollama, vLLM, llama.cpp, OpenRouter.

How such a server can be held to a form differs: `json_schema`, `json_object`, or not at all. The best way that it does
not refuse is found by trying, once a process, and what it answers is read tolerantly.
"""

import asyncio
import base64
import json
import os
from functools import lru_cache
from typing import Any

import httpx2
import structlog

from app.core.config import Settings
from app.labeling import asking, loop
from app.labeling.prompt.question import TASK, TOOL, VERSION, Question
from app.labeling.protocol import Chunk, ChunkResult, Desk, PermanentLabelError, Reply, Tokens, TransientLabelError
from app.workflows.models import LabelSource

log = structlog.get_logger(__name__)

CONNECT_SECONDS = 5.0
FORMATS = ("json_schema", "json_object", "none")
"""Best first."""
RESULT = f"The result of `{TOOL}`:"

_formats: dict[tuple[str, str], str] = {}
"""What the server with this address knows for this model, as far as was tried."""


class OpenAICompatibleLabeler:
    """Names steps with whatever model the server has."""

    name = "openai"
    source = LabelSource.AI
    prompt_version = VERSION
    limited = True

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.vision = settings.openai_vision
        self.model = settings.openai_model or _first_model(settings)

    def label(self, chunk: Chunk, desk: Desk) -> ChunkResult:
        return asking.label(chunk, desk, self)

    def ask(self, question: Question) -> Reply:
        """One call. Raises TransientLabelError or PermanentLabelError."""
        way = self._format()
        try:
            answer = loop.run(_post(self._settings, "/chat/completions", self._body(question, way)))
        except Refused as refusal:
            raise self._next_format(way, refusal) from refusal
        return _reply(answer)

    def _format(self) -> str:
        asked = self._settings.openai_response_format
        return _formats.get(self._server, FORMATS[0]) if asked == "auto" else asked

    def _next_format(self, way: str, refusal: "Refused") -> TransientLabelError | PermanentLabelError:
        """Servers say in many words that they do not know a form: the next one is tried whatever they say."""
        if self._settings.openai_response_format != "auto" or way == FORMATS[-1]:
            _formats.pop(self._server, None)  # it was not the form that it refused
            return PermanentLabelError(
                f"The server at OPENAI_BASE_URL did not accept the request ({refusal}). Look at its log; "
                "OPENAI_VISION must be false for a model that cannot see."
            )
        _formats[self._server] = FORMATS[FORMATS.index(way) + 1]
        log.warning("response_format_refused", format=way, next=_formats[self._server], status=refusal.status)
        return TransientLabelError(f"The server does not know response_format {way}.", 0, outcome="rejected")

    @property
    def _server(self) -> tuple[str, str]:
        return self._settings.openai_base_url, self.model

    def _body(self, question: Question, way: str) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self.model,
            "messages": [
                {"role": "system", "content": _words(question, way)},
                {"role": "user", "content": _content(question)},
            ],
            "max_tokens": question.room,
            "temperature": 0,
        }
        if way == "json_schema":
            form = {"name": "labels", "strict": True, "schema": dict(question.schema)}
            body["response_format"] = {"type": way, "json_schema": form}
        elif way == "json_object":
            body["response_format"] = {"type": way}
        return body


class Refused(Exception):
    """400 or 422: the server does not like the request's form."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(f"{status}: {words}" if words else str(status))
        self.status = status


def _words(question: Question, way: str) -> str:
    if way == "json_schema":
        return question.system
    return f"{question.system}\n\nAnswer with JSON alone, by this schema:\n{json.dumps(dict(question.schema))}"


def _content(question: Question) -> str | list[dict[str, Any]]:
    """Pictures first, each introduced; then the recording as JSON, in a part of its own."""
    if not question.pictures:
        return f"{TASK}\n\n{RESULT}\n{question.document}"
    parts: list[dict[str, Any]] = [{"type": "text", "text": TASK}]
    for picture in question.pictures:
        address = f"data:image/jpeg;base64,{base64.b64encode(picture.data).decode()}"
        parts.append({"type": "text", "text": f"Image {picture.number}:"})
        parts.append({"type": "image_url", "image_url": {"url": address}})
    return [*parts, {"type": "text", "text": RESULT}, {"type": "text", "text": question.document}]


def _reply(answer: dict[str, Any]) -> Reply:
    try:
        choice = answer["choices"][0]
        text = choice["message"].get("content") or ""
        finish = choice.get("finish_reason")
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise TransientLabelError(
            "The server answered what is no chat completion.", outcome="provider_error"
        ) from error
    usage = _object(answer.get("usage"))
    cost = usage.get("cost")
    return Reply(
        text=text if isinstance(text, str) else "",
        stop={"length": "truncated", "content_filter": "refused"}.get(str(finish), "end"),  # type: ignore[arg-type]
        tokens=Tokens(
            _count(usage.get("prompt_tokens")),
            _count(usage.get("completion_tokens")),
            _count(_object(usage.get("prompt_tokens_details")).get("cached_tokens")),
        ),
        request_id=answer.get("id") if isinstance(answer.get("id"), str) else None,
        cost_usd=float(cost) if isinstance(cost, int | float) else None,
    )


def _object(said: object) -> dict[str, Any]:
    return said if isinstance(said, dict) else {}


def _count(said: object) -> int:
    return int(said) if isinstance(said, int | float) else 0


def check(settings: Settings) -> None:
    """Whether the server answers and takes the key. Raises TransientLabelError or PermanentLabelError."""
    _first_model(settings)


def _first_model(settings: Settings) -> str:
    try:
        answer = loop.run(_get(settings, "/models"))
    except Refused as refusal:
        raise PermanentLabelError(
            f"The server at OPENAI_BASE_URL does not list its models ({refusal}). Name one in OPENAI_MODEL, then retry."
        ) from refusal
    models = answer.get("data")
    if not isinstance(models, list) or not models or not isinstance(models[0], dict) or not models[0].get("id"):
        raise PermanentLabelError(
            "The server at OPENAI_BASE_URL lists no model. Load one, or name it in OPENAI_MODEL, then retry."
        )
    return str(models[0]["id"])


async def _get(settings: Settings, path: str) -> dict[str, Any]:
    return await _send(settings, "GET", path, None)


async def _post(settings: Settings, path: str, body: dict[str, Any]) -> dict[str, Any]:
    return await _send(settings, "POST", path, body)


async def _send(settings: Settings, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
    url = settings.openai_base_url.rstrip("/") + path
    key = settings.openai_api_key
    headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}
    try:
        async with asyncio.timeout(settings.label_timeout_seconds):
            response = await _client().request(method, url, json=body, headers=headers)
    except TimeoutError as error:
        raise TransientLabelError("The model server did not answer in time.") from error
    except httpx2.HTTPError as error:
        raise TransientLabelError(f"The model server at {url} cannot be reached.") from error
    _check(response)
    try:
        answer = response.json()
    except ValueError as error:
        raise TransientLabelError("The model server did not answer with JSON.", outcome="provider_error") from error
    if not isinstance(answer, dict):
        raise TransientLabelError("The model server did not answer with an object.", outcome="provider_error")
    return answer


def _check(response: httpx2.Response) -> None:
    status = response.status_code
    if status < httpx2.codes.BAD_REQUEST:
        return
    words = response.text[:200].replace("\n", " ")
    if status in {400, 415, 422}:
        raise Refused(status, words)
    if status == httpx2.codes.TOO_MANY_REQUESTS:
        raise TransientLabelError("The model server asks for a pause.", _retry_after(response), outcome="rate_limited")
    if status >= httpx2.codes.INTERNAL_SERVER_ERROR or status in {408, 409, 425}:
        raise TransientLabelError(
            f"The model server failed ({status}).", _retry_after(response), outcome="provider_error"
        )
    advice = {
        401: "The model server refused the key: set OPENAI_API_KEY",
        402: "Your account at the model server has no credit left",
        403: "This key may not use the model",
        404: "The model server knows no such model, or no /chat/completions: look at OPENAI_MODEL and OPENAI_BASE_URL",
        413: "The request was too large: lower LABEL_CHUNK_STEPS",
    }
    reason = f"{advice.get(status, 'The request was not accepted')}, then retry ({status}: {words})."
    raise PermanentLabelError(reason, of_chunk=status == httpx2.codes.CONTENT_TOO_LARGE)


def _retry_after(response: httpx2.Response) -> float | None:
    try:
        return max(0.0, float(response.headers["retry-after"]))
    except (KeyError, ValueError):
        return None


@lru_cache(maxsize=1)
def _client() -> httpx2.AsyncClient:
    """To be made and used in `loop` alone."""
    client = httpx2.AsyncClient(timeout=httpx2.Timeout(None, connect=CONNECT_SECONDS))
    loop.close_at_exit(client.aclose)
    return client


os.register_at_fork(after_in_child=_client.cache_clear)
