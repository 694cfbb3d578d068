"""What a request of the right shape is refused for."""

from tests.doubles.claude.conversation import blocks_of, check_conversation
from tests.doubles.claude.errors import invalid, not_found, not_played
from tests.doubles.claude.images import Picture, check_images
from tests.doubles.claude.models import MODELS, Abilities
from tests.doubles.claude.requests import Request
from tests.doubles.claude.schemas import check_schema

MOST_CACHE_BLOCKS = 4


def check(request: Request) -> list[Picture]:
    """Raises ApiError; else the pictures of the request."""
    if request.model not in MODELS:
        raise not_found(f"model: {request.model}")
    abilities = MODELS[request.model]
    _options(request, abilities)
    _thinking(request, abilities)
    _tools(request)
    check_conversation(request, abilities)
    _cache_blocks(request)
    if request.schema_of_answer is not None:
        check_schema(request.schema_of_answer, "output_config.format.schema")
    return check_images(request)


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


def _cache_blocks(request: Request) -> None:
    marks = [tool.cache_control for tool in request.tools] + [block.cache_control for block in request.system]
    marks += [block.cache_control for _, block in blocks_of(request)]
    marked = len(marks) - marks.count(None)
    if marked > MOST_CACHE_BLOCKS:
        raise invalid(f"A maximum of {MOST_CACHE_BLOCKS} blocks with cache_control may be provided. Found {marked}.")
