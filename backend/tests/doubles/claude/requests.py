"""The shape of a request: every field that the API knows, and nothing else."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from tests.doubles.claude.errors import ApiError, invalid, not_played

NOT_PLAYED_BLOCKS = {
    "document", "search_result", "thinking", "redacted_thinking", "server_tool_use", "web_search_tool_result",
    "web_fetch_tool_result", "code_execution_tool_result", "bash_code_execution_tool_result", "tool_reference",
    "text_editor_code_execution_tool_result", "tool_search_tool_result", "container_upload", "browser_state",
}  # fmt: skip
NOT_PLAYED_FIELDS = ("container", "diagnostics", "inference_geo", "speed", "cache_control")
NAME = r"^[a-zA-Z0-9_-]{1,128}$"


class Strict(BaseModel):
    """Refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", strict=True)


def _played(block: Any) -> Any:
    """Stops at what the real API would take."""
    if isinstance(block, dict):
        source = block.get("source")
        if block.get("type") in NOT_PLAYED_BLOCKS:
            raise PydanticCustomError("not_played", "{what}", {"what": f"{block['type']} blocks"})
        if isinstance(source, dict) and source.get("type") in {"url", "file"}:
            raise PydanticCustomError("not_played", "{what}", {"what": f"pictures from a {source['type']}"})
    return block


def _as_blocks(content: Any) -> Any:
    """A string is short for one block of text."""
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


class CacheControl(Strict):
    type: Literal["ephemeral"]
    ttl: Literal["5m", "1h"] = "5m"


class Text(Strict):
    type: Literal["text"]
    text: str
    cache_control: CacheControl | None = None
    citations: None = None


class Source(Strict):
    type: Literal["base64"]
    media_type: Literal["image/jpeg", "image/png", "image/gif", "image/webp"]
    data: str


class Transformations(Strict):
    oversized_image: Literal["downsize", "error"] = "downsize"


class Image(Strict):
    type: Literal["image"]
    source: Source
    cache_control: CacheControl | None = None
    transformations: Transformations | None = None


class ToolUse(Strict):
    type: Literal["tool_use"]
    id: Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]+$")]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    input: dict[str, Any]
    cache_control: CacheControl | None = None
    caller: dict[str, Any] | None = None
    toolset_name: str | None = None


_ResultBlock = Annotated[Text | Image, Field(discriminator="type"), BeforeValidator(_played)]


class ToolResult(Strict):
    type: Literal["tool_result"]
    tool_use_id: Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]+$")]
    content: Annotated[list[_ResultBlock], BeforeValidator(_as_blocks)] = []
    is_error: bool = False
    cache_control: CacheControl | None = None
    toolset_name: str | None = None


Block = Annotated[Text | Image | ToolUse | ToolResult, Field(discriminator="type"), BeforeValidator(_played)]


class Message(Strict):
    role: Literal["user", "assistant"]
    content: Annotated[list[Block], BeforeValidator(_as_blocks)]


class Tool(Strict):
    name: Annotated[str, Field(pattern=NAME)]
    input_schema: dict[str, Any]
    type: Literal["custom"] | None = None
    description: str | None = None
    cache_control: CacheControl | None = None
    strict: bool = False
    input_examples: list[dict[str, Any]] = []
    defer_loading: bool = False
    eager_input_streaming: bool | None = None
    allowed_callers: list[str] = []


class ToolChoice(Strict):
    """`none` takes nothing, `tool` a name; checked in `rules`."""

    type: Literal["auto", "any", "tool", "none"]
    name: str | None = None
    disable_parallel_tool_use: bool | None = None


class JsonFormat(Strict):
    type: Literal["json_schema"]
    schema_: Annotated[dict[str, Any], Field(alias="schema")]


class OutputConfig(Strict):
    effort: Literal["low", "medium", "high", "xhigh", "max"] | None = None
    format: JsonFormat | None = None


class Thinking(Strict):
    type: Literal["enabled", "disabled", "adaptive", "between_tools"]
    budget_tokens: Annotated[int, Field(ge=1024)] | None = None
    display: Literal["summarized", "omitted"] | None = None


class Metadata(Strict):
    user_id: Annotated[str, Field(max_length=256)] | None = None


class Request(Strict):
    model: Annotated[str, Field(min_length=1, max_length=256)]
    max_tokens: Annotated[int, Field(ge=0)]
    messages: list[Message]
    system: Annotated[list[Text], BeforeValidator(_as_blocks)] = []
    tools: list[Tool] = []
    tool_choice: ToolChoice | None = None
    output_config: OutputConfig = OutputConfig()
    thinking: Thinking | None = None
    metadata: Metadata | None = None
    stop_sequences: list[str] = []
    stream: bool = False
    service_tier: Literal["auto", "standard_only"] = "auto"
    temperature: Annotated[float, Field(ge=0, le=1)] | None = None
    top_p: Annotated[float, Field(ge=0, le=1)] | None = None
    top_k: Annotated[int, Field(ge=0)] | None = None
    cache_control: CacheControl | None = None
    container: Any = None
    diagnostics: Any = None
    inference_geo: str | None = None
    speed: Literal["standard", "fast"] | None = None

    @property
    def schema_of_answer(self) -> dict[str, Any] | None:
        return self.output_config.format.schema_ if self.output_config.format else None


def parse(body: bytes | dict[str, Any]) -> Request:
    """Raises ApiError, worded as the API words it: where, and what is wrong there."""
    try:
        request = Request.model_validate_json(body) if isinstance(body, bytes) else Request.model_validate(body)
    except ValidationError as error:
        raise _worded(error) from None
    for name in NOT_PLAYED_FIELDS:
        if getattr(request, name) is not None:
            raise not_played(name)
    if request.stream:
        raise not_played("streaming")
    return request


def _worded(error: ValidationError) -> ApiError:
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "not_played":
        return not_played(first["msg"])
    if first["type"] == "json_invalid":
        return invalid(f"The request body is not valid JSON: {first['ctx']['error']}")
    place = ".".join(str(part) for part in first["loc"])
    return invalid(f"{place}: {first['msg']}" if place else first["msg"])
