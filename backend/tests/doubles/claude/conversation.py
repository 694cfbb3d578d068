"""What the messages of a request are refused for: who says what, and which tool use has its result where."""

from collections.abc import Iterator

from tests.doubles.claude.errors import invalid
from tests.doubles.claude.models import Abilities
from tests.doubles.claude.requests import Block, Image, Message, Request, Text, ToolResult, ToolUse


def check_conversation(request: Request, abilities: Abilities) -> None:
    """Raises ApiError."""
    _messages(request, abilities)
    _tool_pairs(request)


def blocks_of(request: Request) -> Iterator[tuple[str, Block]]:
    """Every block of the messages with its path, those inside tool results too."""
    for at, message in enumerate(request.messages):
        yield from _walk(message, at)


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
