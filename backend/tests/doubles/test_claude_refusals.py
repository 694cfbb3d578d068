"""What the Claude double refuses, and in which words: status, type, and the place of the fault."""

import base64
from typing import Any

import pytest

from tests.doubles.claude import ClaudeDouble
from tests.doubles.claude.requests import Request
from tests.doubles.conftest import Post
from tests.doubles.prompts import (
    Json,
    answer_schema,
    closed,
    image,
    message,
    picture,
    plain,
    step_schema,
    text,
)

USER = {"role": "user", "content": "Hello."}
ASSISTANT = {"role": "assistant", "content": "Here"}
MARK = {"cache_control": {"type": "ephemeral"}}
TOOL = {"name": "read_steps", "input_schema": {"type": "object"}}


def tool_use(number: int = 1) -> Json:
    return {"type": "tool_use", "id": f"toolu_{number}", "name": "read_steps", "input": {}}


def tool_result(number: int = 1, **more: Any) -> Json:
    return {"type": "tool_result", "tool_use_id": f"toolu_{number}", "content": "[]", **more}


def talk(*contents: Any, **changes: Any) -> Json:
    """Turns of user and assistant."""
    roles = ("user", "assistant") * len(contents)
    turns = [{"role": role, "content": content} for role, content in zip(roles, contents, strict=False)]
    return plain(tools=[TOOL]) | {"messages": turns} | changes


def output(schema: Json, **config: Any) -> Json:
    return plain(output_config={"format": {"type": "json_schema", "schema": schema}, **config})


def _large(width: int, height: int) -> Json:
    return image(picture(width, height, "PNG"), "image/png")


BAD: dict[str, tuple[Any, str]] = {
    "no JSON": (b"{", "not valid JSON"),
    "not an object": (b"[]", "should be an object"),
    "no max_tokens": ({"model": "claude-haiku-5-5", "messages": [USER]}, "max_tokens: Field required"),
    "max_tokens of another type": (plain(max_tokens="100"), "max_tokens: Input should be a valid integer"),
    "more output than the model has": (plain(max_tokens=1_000_000), "maximum allowed number of output tokens"),
    "unknown field": (plain(response_format={}), "response_format: Extra inputs are not permitted"),
    "unknown field of a block": (plain(text("a") | {"title": "b"}), "content.0.text.title: Extra inputs"),
    "no messages": (plain() | {"messages": []}, "at least one message"),
    "assistant first": (plain() | {"messages": [ASSISTANT, USER]}, 'must use the "user" role'),
    "unknown role": (plain() | {"messages": [{"role": "tool", "content": "a"}]}, "messages.0.role"),
    "prefill": (plain() | {"messages": [USER, ASSISTANT]}, "does not support prefill"),
    "prefill with structured output": (
        output(answer_schema()) | {"model": "claude-haiku-4-5", "messages": [USER, ASSISTANT]},
        "prefill cannot be used with structured output",
    ),
    "empty content": (plain() | {"messages": [{"role": "user", "content": []}]}, "non-empty content"),
    "empty text": (plain(text("")), "text content blocks must be non-empty"),
    "blank text": (plain(text(" \n")), "must contain non-whitespace text"),
    "empty system": (plain(system=""), "system.0: text content blocks must be non-empty"),
    "picture by the assistant": (talk("a", [image()], "b"), "not allowed in assistant messages"),
    "tool use by the user": (talk([tool_use()]), "only be in `assistant` messages"),
    "temperature": (plain(temperature=0.0), "temperature: this parameter is not supported"),
    "top_p": (plain(top_p=0.5), "top_p: this parameter is not supported"),
    "top_k": (plain(top_k=5), "top_k: this parameter is not supported"),
    "manual thinking": (plain(thinking={"type": "enabled", "budget_tokens": 2000}), "'enabled' is not supported"),
    "unknown effort": (plain(output_config={"effort": "tiny"}), "output_config.effort"),
    "effort of a model without": (
        plain(output_config={"effort": "low"}, model="claude-haiku-4-5"),
        "does not support this parameter",
    ),
    "unknown tool choice": (talk("a", tool_choice={"type": "never"}), "tool_choice.type"),
    "tool choice of another shape": (talk("a", tool_choice="none"), "tool_choice"),
    "tool choice without tools": (plain(tool_choice={"type": "none"}), "only be specified while providing tools"),
    "tool choice none with a name": (
        talk("a", tool_choice={"type": "none", "name": "read_steps"}),
        "tool_choice.none.name: Extra inputs",
    ),
    "tool choice of an unknown tool": (talk("a", tool_choice={"type": "tool", "name": "x"}), "not found in provided"),
    "two tools of a name": (talk("a", tools=[TOOL, TOOL]), "Tool names must be unique"),
    "tool use without tools": (
        talk("a", [tool_use()], [tool_result()], tools=[]),
        "`tool_use` or `tool_result` blocks must define tools",
    ),
    "tool use without a result": (talk("a", [tool_use()], "b"), "without `tool_result` blocks immediately after"),
    "tool result after text": (
        talk("a", [tool_use()], [text("b"), tool_result()]),
        "without `tool_result` blocks immediately after",
    ),
    "tool result without a tool use": (talk([tool_result()]), "unexpected `tool_use_id`"),
    "tool result of an older tool use": (
        talk("a", [tool_use()], [tool_result()], "b", [tool_result()]),
        "unexpected `tool_use_id`",
    ),
    "two results of a tool use": (talk("a", [tool_use()], [tool_result(), tool_result()]), "a single result"),
    "tool use at the end": (
        talk("a", [tool_use()], model="claude-haiku-4-5"),
        "without `tool_result` blocks immediately after",
    ),
    "five cache marks": (plain(*[text("a") | MARK] * 5), "A maximum of 4 blocks with cache_control"),
    "unknown cache kind": (plain(text("a") | {"cache_control": {"type": "forever"}}), "cache_control.type"),
    "not base64": (plain(image("a-b=")), "invalid base64 data"),
    "no picture": (plain(image(base64.b64encode(b"GIF").decode())), "Could not process image"),
    "cut picture": (plain(image(picture()[:400])), "Could not process image"),
    "another media type": (plain(image(media_type="image/png")), "does not match the provided media type image/png"),
    "unknown media type": (plain(image(media_type="image/bmp")), "media_type"),
    "a large picture": (plain(_large(8001, 10)), "image dimensions exceed max allowed size: 8000 pixels"),
    "many pictures, one of them large": (
        plain(*[image()] * 20, _large(2001, 10)),
        "many-image requests: 2000 pixels",
    ),
    "too many pictures": (plain(*[image()] * 101), "too many images"),
    "a heavy picture": (plain(image("A" * (10 * 1024 * 1024 + 4))), "image exceeds 10 MB maximum"),
    "open object": (
        output({"type": "object", "properties": {}}),
        "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false",
    ),
    "open object inside": (output(closed(a={"type": "object"})), "'additionalProperties' must be explicitly"),
    "maxLength": (output(closed(a={"type": "string", "maxLength": 5})), "'maxLength' is not supported"),
    "minimum": (output(closed(a={"type": "integer", "minimum": 5})), "'minimum' is not supported"),
    "pattern": (output(closed(a={"type": "string", "pattern": "a"})), "'pattern' is not supported"),
    "minItems": (output(closed(a={"type": "array", "minItems": 2})), "'minItems' values other than 0 or 1"),
    "oneOf": (output(closed(a={"oneOf": [{"type": "null"}]})), "a schema must have"),
    "required but not there": (output(closed() | {"required": ["a"]}), "properties that do not exist"),
    "recursive schema": (
        output({"$ref": "#/$defs/A", "$defs": {"A": closed(a={"$ref": "#/$defs/A"})}}),
        "Recursive schemas",
    ),
    "foreign reference": (output(closed(a={"$ref": "https://example.com/a"})), "$ref does not point"),
    "too many optional": (
        output(closed(**{f"p{n}": {"type": "null"} for n in range(25)}) | {"required": []}),
        "too many optional parameters",
    ),
    "too many unions": (
        output(closed(**{f"p{n}": {"type": ["string", "null"]} for n in range(17)})),
        "too many parameters with union types",
    ),
    "format of the old name": (
        plain(output_config={"format": {"type": "json", "schema": answer_schema()}}),
        "output_config.format.type",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_request_is_refused_with_its_place(case: str, post: Post, claude_double: ClaudeDouble) -> None:
    body, words = BAD[case]
    answer = post(body)
    assert answer.status_code == 400, answer.text
    problem = answer.json()
    assert problem["type"] == "error"
    assert problem["error"]["type"] == "invalid_request_error"
    assert words in problem["error"]["message"]
    assert problem["request_id"] == answer.headers["request-id"]
    assert claude_double.calls()[0].outcome == "refused"


@pytest.mark.parametrize(
    "body",
    [
        message(),
        message(messages=[USER, USER]),
        message(output_config={"effort": "low"}),
        plain(*[image()] * 20, tools=[]),
        plain(*[image()] * 21),
        plain(*[_large(2001, 10)] * 20),
        plain(temperature=0.0, model="claude-haiku-4-5"),
        plain(thinking={"type": "adaptive"}),
        plain(thinking={"type": "enabled", "budget_tokens": 1024}, model="claude-haiku-4-5", max_tokens=2000),
        plain(image(picture(kind="PNG"), "image/png"), image(picture(kind="WEBP"), "image/webp")),
        plain(image(picture(kind="GIF"), "image/gif")),
        output(closed(a={"anyOf": [step_schema(), {"type": "null"}]}, b={"type": "array", "items": step_schema()})),
        talk("a", [tool_use(1), tool_use(2)], [tool_result(2), tool_result(1), text("b")]),
        talk("a", [tool_use(1)], [tool_result(1)], [tool_use(2)], [tool_result(2)]),
    ],
)
def test_a_good_request_is_answered(body: Json, post: Post) -> None:
    answer = post(body)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("headers", "status", "kind", "words"),
    [
        ({"x_api_key": None}, 401, "authentication_error", "x-api-key header is required"),
        ({"x_api_key": "sk-wrong"}, 401, "authentication_error", "invalid x-api-key"),
        ({"x_api_key": None, "authorization": "Bearer sk-wrong"}, 401, "authentication_error", "invalid x-api-key"),
        ({"anthropic_version": None}, 400, "invalid_request_error", "anthropic-version: header is required"),
        ({"anthropic_version": "2020-01-01"}, 400, "invalid_request_error", "is not a valid version"),
    ],
)
def test_headers_are_looked_at(headers: dict[str, Any], status: int, kind: str, words: str, post: Post) -> None:
    answer = post(plain(), **headers)
    assert (answer.status_code, answer.json()["error"]["type"]) == (status, kind)
    assert words in answer.json()["error"]["message"]


def test_an_unknown_model_is_not_found(post: Post) -> None:
    answer = post(plain(model="claude-haiku-9"))
    assert answer.status_code == 404
    assert answer.json()["error"] == {"type": "not_found_error", "message": "model: claude-haiku-9"}


def test_an_unknown_address_is_not_found(post: Post) -> None:
    assert post(plain(), path="/v1/complete").status_code == 404


def test_more_than_32_megabytes_are_too_large(post: Post) -> None:
    heavy = image("A" * (9 * 1024 * 1024))
    answer = post(plain(*[heavy] * 4))
    assert answer.status_code == 413
    assert answer.json()["error"]["type"] == "request_too_large"


def test_large_pictures_are_named(post: Post) -> None:
    details = post(plain(image(), _large(8001, 10))).json()["error"]["details"]
    assert details == {
        "error_code": "image_dimensions_too_large",
        "max_side_length_pixels": 8000,
        "paths": ["messages.0.content.1"],
    }


@pytest.mark.parametrize("field", [{"stream": True}, {"inference_geo": "eu"}])
def test_what_is_not_played_is_said_to_be_so(field: Json, post: Post) -> None:
    answer = post(plain() | field)
    assert answer.status_code == 501
    assert "does not play" in answer.json()["error"]["message"]


def test_every_field_that_the_sdk_can_send_is_known() -> None:
    from anthropic.types.message_create_params import MessageCreateParamsNonStreaming

    headers = {"user_profile_id", "workspace_id"}
    assert set(MessageCreateParamsNonStreaming.__annotations__) - headers <= set(Request.model_fields)


def test_what_the_sdk_makes_of_a_schema_is_taken(post: Post) -> None:
    from typing import Literal

    from anthropic import transform_schema
    from pydantic import BaseModel, Field

    class Step(BaseModel):
        evidence: Literal["crop", "name"]
        field_label: str = Field(max_length=60)
        section: str | None
        confidence: float = Field(ge=0, le=1)

    class Answer(BaseModel):
        s01: Step
        s02: Step
        headings: list[str] = Field(max_length=3)

    assert post(output(Answer.model_json_schema())).status_code == 400
    assert post(output(transform_schema(Answer))).status_code == 200
