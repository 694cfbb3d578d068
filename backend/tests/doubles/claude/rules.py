"""What a request of the right shape is refused for."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.doubles.claude.errors import invalid, not_found, not_played
from tests.doubles.claude.models import MODELS, Abilities
from tests.doubles.claude.requests import Block, Image, Message, Request, Text, ToolResult, ToolUse
from tests.doubles.claude.schemas import check_schema
from tests.doubles.pictures import NotBase64, Size, UnreadablePicture, measure

MOST_CACHE_BLOCKS = 4
MOST_PICTURES = 100
MOST_PICTURE_BYTES = 10 * 1024 * 1024
MANY_PICTURES = 20
MOST_PIXELS = 8000
MOST_PIXELS_OF_MANY = 2000


@dataclass(frozen=True, slots=True)
class Picture:
    """One of a request; `path` as in errors, `sent_bytes` of base64."""

    path: str
    size: Size
    sent_bytes: int


def check(request: Request) -> list[Picture]:
    """Raises ApiError; else the pictures of the request."""
    if request.model not in MODELS:
        raise not_found(f"model: {request.model}")
    abilities = MODELS[request.model]
    _options(request, abilities)
    _thinking(request, abilities)
    _tools(request)
    _messages(request, abilities)
    _tool_pairs(request)
    _cache_blocks(request)
    if request.schema_of_answer is not None:
        check_schema(request.schema_of_answer, "output_config.format.schema")
    return _pictures(request)


def _options(request: Request, abilities: Abilities) -> None:
    for name in ("temperature", "top_p", "top_k"):
        if getattr(request, name) is not None and not abilities.sampling:
            raise invalid(f"{name}: this parameter is not supported by {request.model}")
    if request.temperature is not None and request.top_p is not None:
        raise invalid("`temperature` and `top_p` cannot both be specified for this model.")
    effort = request.output_config.effort
    if effort is not None and effort not in abilities.efforts:
        raise invalid(f"output_config.effort: {request.model} does not support this parameter")
    if request.max_tokens > abilities.most_output:
        most = f"{abilities.most_output}, which is the maximum allowed number of output tokens for {request.model}"
        raise invalid(f"max_tokens: {request.max_tokens} > {most}")
    if any(not sequence.strip() for sequence in request.stop_sequences):
        raise invalid("stop_sequences: each stop sequence must contain non-whitespace")


def _thinking(request: Request, abilities: Abilities) -> None:
    thinking = request.thinking
    if thinking is None:
        return
    if thinking.type == "enabled":
        if not abilities.manual_thinking:
            raise invalid(f"thinking.type: 'enabled' is not supported by {request.model}; use 'adaptive'")
        if thinking.budget_tokens is None:
            raise invalid("thinking.enabled.budget_tokens: Field required")
        if thinking.budget_tokens >= request.max_tokens:
            raise invalid("`max_tokens` must be greater than `thinking.budget_tokens`.")
    elif thinking.budget_tokens is not None:
        raise invalid(f"thinking.{thinking.type}.budget_tokens: Extra inputs are not permitted")
    if thinking.type == "adaptive" and not abilities.adaptive_thinking:
        raise invalid(f"thinking.type: adaptive thinking is not supported by {request.model}")


def _tools(request: Request) -> None:
    names = [tool.name for tool in request.tools]
    if len(set(names)) < len(names):
        raise invalid("tools: Tool names must be unique.")
    for at, tool in enumerate(request.tools):
        if tool.input_schema.get("type") != "object":
            raise invalid(f"tools.{at}.custom.input_schema.type: Field required to be 'object'")
        if tool.strict:
            check_schema(tool.input_schema, f"tools.{at}.custom.input_schema")
    _tool_choice(request, names)


def _tool_choice(request: Request, names: list[str]) -> None:
    choice = request.tool_choice
    if choice is None:
        return
    if not names:
        raise invalid("tool_choice: tool_choice may only be specified while providing tools")
    if (choice.name is None) == (choice.type == "tool"):
        problem = "Field required" if choice.type == "tool" else "Extra inputs are not permitted"
        raise invalid(f"tool_choice.{choice.type}.name: {problem}")
    if choice.type == "none" and choice.disable_parallel_tool_use is not None:
        raise invalid("tool_choice.none.disable_parallel_tool_use: Extra inputs are not permitted")
    if choice.type == "tool" and choice.name not in names:
        raise invalid(f"tool_choice: Tool '{choice.name}' not found in provided tools")
    if choice.type in {"any", "tool"}:
        raise not_played("a model that is made to use a tool")


def _messages(request: Request, abilities: Abilities) -> None:
    if not request.messages:
        raise invalid("messages: at least one message is required")
    if request.messages[0].role != "user":
        raise invalid('messages: first message must use the "user" role')
    for at, message in enumerate(request.messages):
        if not message.content:
            raise invalid(f"messages.{at}: all messages must have non-empty content")
        for where, block in _walk(message, at):
            _block(where, block, message.role)
    for at, block in enumerate(request.system):
        _block(f"system.{at}", block, "user")
    if request.messages[-1].role == "assistant":
        _prefill(request, abilities)


def _prefill(request: Request, abilities: Abilities) -> None:
    if not abilities.prefill:
        raise invalid(f"{request.model} does not support prefill: the conversation must end with a user message.")
    if request.schema_of_answer is not None:
        raise invalid("output_config.format: prefill cannot be used with structured output")
    last = request.messages[-1].content[-1]
    if isinstance(last, Text) and last.text != last.text.rstrip():
        raise invalid("messages: final assistant content cannot end with trailing whitespace")


def _walk(message: Message, at: int) -> Iterator[tuple[str, Block]]:
    """Every block with its path, those inside tool results too."""
    for index, block in enumerate(message.content):
        path = f"messages.{at}.content.{index}"
        yield path, block
        if isinstance(block, ToolResult):
            yield from ((f"{path}.content.{inner}", part) for inner, part in enumerate(block.content))


def _block(path: str, block: Block, role: str) -> None:
    if isinstance(block, Text) and not block.text.strip():
        what = "must be non-empty" if not block.text else "must contain non-whitespace text"
        raise invalid(f"{path}: text content blocks {what}")
    if isinstance(block, (Image, ToolResult)) and role == "assistant":
        raise invalid(f"{path}: {block.type} blocks are not allowed in assistant messages")
    if isinstance(block, ToolUse) and role == "user":
        raise invalid(f"{path}: `tool_use` blocks can only be in `assistant` messages")


def _turns(request: Request) -> list[tuple[int, str, list[Block]]]:
    """Messages of the same role in a row are one turn; each with the number of its last message."""
    turns: list[tuple[int, str, list[Block]]] = []
    for at, message in enumerate(request.messages):
        before = turns.pop()[2] if turns and turns[-1][1] == message.role else []
        turns.append((at, message.role, [*before, *message.content]))
    return turns


def _tool_pairs(request: Request) -> None:
    asked: list[str] = []
    seen: set[str] = set()
    used = 0
    for at, role, blocks in [*_turns(request), (len(request.messages), "end", [])]:
        results = [block.tool_use_id for block in blocks if isinstance(block, ToolResult)]
        first = [block.tool_use_id for block in blocks[: len(results)] if isinstance(block, ToolResult)]
        if missing := [tool_use for tool_use in asked if tool_use not in first]:
            problem = "`tool_use` ids were found without `tool_result` blocks immediately after"
            raise invalid(f"messages.{at - 1}: {problem}: {', '.join(missing)}")
        if unknown := [result for result in results if result not in asked]:
            problem = "unexpected `tool_use_id` found in `tool_result` blocks"
            raise invalid(f"messages.{at}.content: {problem}: {', '.join(unknown)}")
        if len(set(results)) < len(results):
            raise invalid(f"messages.{at}.content: each tool_use must have a single result")
        asked = [block.id for block in blocks if isinstance(block, ToolUse)] if role == "assistant" else []
        if len(set(asked)) < len(asked) or seen & set(asked):
            raise invalid(f"messages.{at}: `tool_use` ids must be unique")
        seen |= set(asked)
        used += len(asked) + len(results)
    if used and not request.tools:
        raise invalid("Requests which include `tool_use` or `tool_result` blocks must define tools")


def _cache_blocks(request: Request) -> None:
    marks = [tool.cache_control for tool in request.tools] + [block.cache_control for block in request.system]
    for at, message in enumerate(request.messages):
        marks += [block.cache_control for _, block in _walk(message, at)]
    marked = len(marks) - marks.count(None)
    if marked > MOST_CACHE_BLOCKS:
        raise invalid(f"A maximum of {MOST_CACHE_BLOCKS} blocks with cache_control may be provided. Found {marked}.")


def _pictures(request: Request) -> list[Picture]:
    pictures = [
        _picture(path, block)
        for at, message in enumerate(request.messages)
        for path, block in _walk(message, at)
        if isinstance(block, Image)
    ]
    if len(pictures) > MOST_PICTURES:
        raise invalid(f"messages: too many images: {len(pictures)} > {MOST_PICTURES}")
    many = len(pictures) > MANY_PICTURES
    most = MOST_PIXELS_OF_MANY if many else MOST_PIXELS
    if large := [picture.path for picture in pictures if max(picture.size.width, picture.size.height) > most]:
        which = "max allowed size for many-image requests" if many else "max allowed size"
        details = {"error_code": "image_dimensions_too_large", "max_side_length_pixels": most, "paths": large}
        raise invalid(f"{large[0]}.image.source.base64: image dimensions exceed {which}: {most} pixels", details)
    return pictures


def _picture(path: str, block: Image) -> Picture:
    source, place = block.source, f"{path}.image.source.base64"
    if len(source.data) > MOST_PICTURE_BYTES:
        raise invalid(f"{place}: image exceeds 10 MB maximum: {len(source.data)} bytes > {MOST_PICTURE_BYTES} bytes")
    try:
        size = measure(source.data)
    except NotBase64:
        raise invalid(f"{place}.data: invalid base64 data") from None
    except UnreadablePicture:
        raise invalid(f"{place}: Could not process image") from None
    if size.media_type != source.media_type:
        claim = f"Image does not match the provided media type {source.media_type}"
        raise invalid(f"{place}.data: {claim}")
    return Picture(path, size, len(source.data))
