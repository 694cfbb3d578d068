"""The shape of a request: the fields of OpenAI's chat completions, and nothing else."""

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from tests.doubles.openai.errors import invalid

DATA_URL = re.compile(r"^data:(image/[a-z]+);base64,(.*)$", re.DOTALL)
NOT_PLAYED = ("stream", "tools", "tool_choice", "logprobs", "top_logprobs", "modalities")


class Strict(BaseModel):
    """Refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Text(Strict):
    type: Literal["text"]
    text: str


class ImageUrl(Strict):
    url: str
    detail: Literal["auto", "low", "high"] = "auto"


class Image(Strict):
    type: Literal["image_url"]
    image_url: ImageUrl


def _as_parts(content: Any) -> Any:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


class Message(Strict):
    role: Literal["system", "developer", "user", "assistant"]
    content: Annotated[
        list[Annotated[Text | Image, Field(discriminator="type")]], BeforeValidator(_as_parts), Field(min_length=1)
    ]
    name: str | None = None


class Schema(Strict):
    name: Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")]
    schema_: Annotated[dict[str, Any], Field(alias="schema")]
    strict: bool | None = None
    description: str | None = None


class ResponseFormat(Strict):
    type: Literal["text", "json_object", "json_schema"]
    json_schema: Schema | None = None


class Request(Strict):
    model: str
    messages: Annotated[list[Message], Field(min_length=1)]
    response_format: ResponseFormat | None = None
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    max_completion_tokens: Annotated[int, Field(ge=1)] | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    top_p: Annotated[float, Field(ge=0, le=1)] | None = None
    presence_penalty: Annotated[float, Field(ge=-2, le=2)] | None = None
    frequency_penalty: Annotated[float, Field(ge=-2, le=2)] | None = None
    seed: int | None = None
    stop: str | list[str] | None = None
    user: str | None = None
    reasoning_effort: Literal["none", "minimal", "low", "medium", "high", "xhigh"] | None = None
    logit_bias: dict[str, float] | None = None
    metadata: dict[str, str] | None = None
    store: bool | None = None
    service_tier: str | None = None
    parallel_tool_calls: bool | None = None
    stream: bool | None = None
    tools: Any = None
    tool_choice: Any = None
    n: int | None = None
    logprobs: bool | None = None
    top_logprobs: int | None = None
    modalities: list[str] | None = None

    @property
    def room(self) -> int | None:
        """Tokens that the answer may have."""
        return self.max_completion_tokens or self.max_tokens

    @property
    def schema_of_answer(self) -> dict[str, Any] | None:
        format_ = self.response_format
        return format_.json_schema.schema_ if format_ and format_.json_schema else None

    def parts(self) -> Iterator[tuple[str, Text | Image]]:
        """Every part with its path."""
        for at, message in enumerate(self.messages):
            for index, part in enumerate(message.content):
                yield f"messages[{at}].content[{index}]", part


def parse(body: bytes) -> Request:
    """Raises ApiError."""
    try:
        request = Request.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        if first["type"] == "json_invalid":
            raise invalid(f"We could not parse the JSON body of your request: {first['ctx']['error']}") from None
        place = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise invalid(f"Unrecognized request argument supplied: {place}", place, "unknown_parameter") from None
        raise invalid(f"Invalid value for '{place}': {first['msg']}", place) from None
    for name in NOT_PLAYED:
        if getattr(request, name):
            raise invalid(f"The double does not play {name}.", name)
    if request.n not in {None, 1}:
        raise invalid("The double does not play n.", "n")
    return request
