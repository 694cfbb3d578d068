"""Claude, through the official SDK: a question in the API's form, its answer and its errors in ours.

No retries of the SDK's own: each attempt goes through the limiter and into the ledger.
"""

import asyncio
import base64
import os
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import anthropic
import httpx2

from app.core.config import Settings
from app.labeling import asking, loop
from app.labeling.prompt.question import TASK, TOOL, TOOL_DESCRIPTION, VERSION, Question
from app.labeling.protocol import Chunk, ChunkResult, Desk, PermanentLabelError, Reply, Tokens, TransientLabelError
from app.labeling.rates import Rates
from app.workflows.models import LabelSource

if TYPE_CHECKING:
    from anthropic.types import Message

CONNECT_SECONDS = 5.0
CHECK_SECONDS = 10.0
SPEND_LIMIT = "enforced_spend_limit_reached"
OVERLOADED = 529
WITHOUT_EFFORT = ("claude-haiku-4", "claude-sonnet-4", "claude-opus-4-1")
"""Models from before there was an effort to set."""

Answer = TypeVar("Answer")
DataBlock = Literal["tool_result", "user"]


class ClaudeLabeler:
    """Names steps with a model of the Claude API."""

    name = "claude"
    source = LabelSource.AI
    prompt_version = VERSION
    limited = True
    vision = True

    def __init__(self, settings: Settings) -> None:
        _connection(settings)
        self._settings = settings
        self.model = settings.claude_model

    def label(self, chunk: Chunk, desk: Desk) -> ChunkResult:
        return asking.label(chunk, desk, self)

    def ask(self, question: Question) -> Reply:
        """One call. Raises TransientLabelError or PermanentLabelError."""
        body = self.body(question)
        return loop.run(self._ask(body))

    def body(self, question: Question) -> dict[str, Any]:
        """The request as the API takes it."""
        return request_body(question, model=self.model, data_block=self._settings.claude_data_block)

    async def _ask(self, body: dict[str, Any]) -> Reply:
        raw = await in_time(lambda client: client.messages.with_raw_response.create(**body), self._settings)
        message: Message = await raw.parse()
        if isinstance(message, str):  # what is no JSON comes back as it is
            raise TransientLabelError("The Claude API answered what is no answer.", outcome="provider_error")
        return reply(message, rates_of(raw.headers))


def request_body(question: Question, *, model: str, data_block: DataBlock = "tool_result") -> dict[str, Any]:
    """Page text stands in one block alone, as JSON; the system block is the same for every call."""
    pictures: list[dict[str, Any]] = []
    for picture in question.pictures:
        pictures.append({"type": "text", "text": f"Image {picture.number}:"})
        data = base64.b64encode(picture.data).decode()
        source = {"type": "base64", "media_type": "image/jpeg", "data": data}
        pictures.append({"type": "image", "source": source})
    recording = [*pictures, {"type": "text", "text": question.document}]
    output: dict[str, Any] = {"format": {"type": "json_schema", "schema": dict(question.schema)}}
    if not model.startswith(WITHOUT_EFFORT):
        output["effort"] = "low"
    body = {
        "model": model,
        "max_tokens": question.room,
        "system": [{"type": "text", "text": question.system, "cache_control": {"type": "ephemeral"}}],
        "output_config": output,
    }
    shape = _in_a_tool_result(recording) if data_block == "tool_result" else _in_a_plain_block(recording)
    return body | shape


def _in_a_tool_result(recording: list[dict[str, Any]]) -> dict[str, Any]:
    """As if a tool had been asked for it: models are taught that this is data, not somebody who speaks to them."""
    tool = {
        "name": TOOL,
        "description": TOOL_DESCRIPTION,
        "input_schema": {"type": "object", "properties": {}, "additionalProperties": False},
    }
    used = {"type": "tool_use", "id": "toolu_recording", "name": TOOL, "input": {}}
    result = {"type": "tool_result", "tool_use_id": used["id"], "content": recording}
    return {
        "tools": [tool],
        "tool_choice": {"type": "none"},
        "messages": [
            {"role": "user", "content": TASK},
            {"role": "assistant", "content": [used]},
            {"role": "user", "content": [result]},
        ],
    }


def _in_a_plain_block(recording: list[dict[str, Any]]) -> dict[str, Any]:
    """The same JSON, should the API not take a tool's result that nobody asked for."""
    introduced = {"type": "text", "text": f"{TASK}\n\nThe result of `{TOOL}`:"}
    return {"messages": [{"role": "user", "content": [introduced, *recording]}]}


def reply(message: "Message", rates: Rates | None = None) -> Reply:
    """An answered message in our words; its text is found by the kind of block, not by its place."""
    usage = message.usage
    read, written = usage.cache_read_input_tokens or 0, usage.cache_creation_input_tokens or 0
    stop = {"max_tokens": "truncated", "model_context_window_exceeded": "truncated", "refusal": "refused"}
    return Reply(
        text="".join(block.text for block in message.content if block.type == "text"),
        stop=stop.get(message.stop_reason or "", "end"),  # type: ignore[arg-type]  # one of three words
        tokens=Tokens(usage.input_tokens + read + written, usage.output_tokens, read, written),
        request_id=getattr(message, "_request_id", None),  # documented as public; an answer in a batch has none
        rates=rates,
    )


def check(settings: Settings) -> None:
    """Whether the key is taken and the account has the model. Raises TransientLabelError or PermanentLabelError."""
    known = loop.run(_models(settings))
    if not any(name.startswith(settings.claude_model) for name in known):
        raise PermanentLabelError(f"The key works, but the account does not list the model {settings.claude_model}.")


async def _models(settings: Settings) -> list[str]:
    page = await in_time(lambda client: client.models.list(limit=1000), settings, CHECK_SECONDS)
    return [model.id for model in page.data]


async def in_time(
    call: Callable[[anthropic.AsyncAnthropic], Awaitable[Answer]], settings: Settings, seconds: float | None = None
) -> Answer:
    """What `call` brings within its time; the SDK's errors become ours."""
    try:
        async with asyncio.timeout(seconds or settings.label_timeout_seconds):
            return await call(_client(*_connection(settings)))
    except (TimeoutError, anthropic.APITimeoutError) as error:
        raise TransientLabelError("Claude did not answer in time.") from error
    except anthropic.APIConnectionError as error:
        raise TransientLabelError("The Claude API cannot be reached.") from error
    except anthropic.APIStatusError as error:
        raise _in_our_words(error) from error
    except anthropic.APIError as error:
        raise TransientLabelError(f"The Claude API answered what is no answer ({type(error).__name__}).") from error


def rates_of(headers: httpx2.Headers) -> Rates:
    """Limits and what is left of them, as the answer's headers say."""

    def said(kind: str, what: str) -> float | None:
        text = headers.get(f"anthropic-ratelimit-{kind}-{what}")
        try:
            return None if text is None else float(text)
        except ValueError:
            return None

    kinds = ("requests", "input-tokens", "output-tokens")
    return Rates(*(said(kind, what) for kind in kinds for what in ("limit", "remaining")))


def _in_our_words(error: anthropic.APIStatusError) -> TransientLabelError | PermanentLabelError:
    status, number = error.status_code, error.request_id
    if error.error_code == SPEND_LIMIT:
        return PermanentLabelError(
            "The spend limit of your Claude account is reached. Raise it in the Claude Console, then retry.",
            outcome="spend_limit",
            request_id=number,
            parked_for="spend_limit",
        )
    if status == httpx2.codes.TOO_MANY_REQUESTS:
        return TransientLabelError(
            "Claude asks for a pause (rate limit).",
            _retry_after(error),
            outcome="rate_limited",
            request_id=number,
            rates=rates_of(error.response.headers),
        )
    if status == OVERLOADED:
        return TransientLabelError(
            "Claude is overloaded.", _retry_after(error), outcome="overloaded", request_id=number
        )
    if status >= httpx2.codes.INTERNAL_SERVER_ERROR or status in _PASSING:
        return TransientLabelError(
            f"Claude failed ({status}).", _retry_after(error), outcome="provider_error", request_id=number
        )
    words = _ADVICE.get(status, "This request was not accepted; please report it")
    said = (error.api_message or "")[:300]
    reason = f"{words} (Claude API: {status}{', ' + said if said else ''})."
    return PermanentLabelError(reason, request_id=number, of_chunk=status in _OF_CHUNK)


_PASSING = frozenset({408, 409, 425})
_OF_CHUNK = frozenset({400, 413, 422})
_ADVICE = {
    401: "Claude refused the key. Set a valid ANTHROPIC_API_KEY, restart the workers, then retry",
    402: "Your Claude account has a problem with its payment. Mend it in the Claude Console, then retry",
    403: "This key may not use the model. Give it the right in the Claude Console or set another key, then retry",
    404: "There is no such model. Set CLAUDE_MODEL to one that your account has, restart the workers, then retry",
    413: "The request was too large. Lower LABEL_CHUNK_STEPS, restart the workers, then retry",
}


def _retry_after(error: anthropic.APIStatusError) -> float | None:
    try:
        return max(0.0, float(error.response.headers["retry-after"]))
    except (KeyError, ValueError):
        return None


def _connection(settings: Settings) -> tuple[str, str | None]:
    key = settings.anthropic_api_key
    if key is None:
        raise PermanentLabelError("There is no ANTHROPIC_API_KEY. Set it, restart the workers, then retry.")
    return key.get_secret_value(), settings.anthropic_base_url


@lru_cache(maxsize=1)
def _client(key: str, base_url: str | None) -> anthropic.AsyncAnthropic:
    """To be made and used in `loop` alone. Over aiohttp, which takes two thirds of the usual transport's time."""
    timeout = httpx2.Timeout(None, connect=CONNECT_SECONDS)  # `in_time` bounds the whole
    client = anthropic.AsyncAnthropic(
        api_key=key,
        base_url=base_url,
        max_retries=0,
        timeout=timeout,
        http_client=anthropic.DefaultAioHttpClient(timeout=timeout),
    )
    loop.close_at_exit(client.close)
    return client


os.register_at_fork(after_in_child=_client.cache_clear)
