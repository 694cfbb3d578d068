"""The OpenAI-compatible double: what its flavours refuse, how they answer, what they count."""

import base64
import json
import re
from typing import Any

import httpx2
import pytest

from tests.doubles.conftest import Post
from tests.doubles.openai import Flavour, OpenAIDouble
from tests.doubles.prompts import KEYS, Json, answer_schema, closed, picture, steps

SCHEMA_FORMAT = {
    "type": "json_schema",
    "json_schema": {"name": "labels", "strict": True, "schema": answer_schema()},
}
PLAIN = Flavour(structured="none")


def picture_part(data: str | None = None, media_type: str = "image/jpeg") -> Json:
    url = f"data:{media_type};base64,{data if data is not None else picture()}"
    return {"type": "image_url", "image_url": {"url": url}}


def asked(*parts: Json, **changes: Any) -> Json:
    content = [{"type": "text", "text": steps()}, *parts]
    system = {"role": "system", "content": "Answer in JSON."}
    request = {"model": "double-vl-2b", "messages": [system, {"role": "user", "content": content}]}
    return request | changes


def said(answer: httpx2.Response) -> str:
    assert answer.status_code == 200, answer.text
    content: str = answer.json()["choices"][0]["message"]["content"]
    return content


def strict(schema: Json) -> Json:
    return asked(
        response_format={"type": "json_schema", "json_schema": {"name": "a", "strict": True, "schema": schema}}
    )


BAD: dict[str, tuple[Json, int, str]] = {
    "no messages": (asked(messages=[]), 400, "messages"),
    "unknown field": (asked(max_token=5), 400, "Unrecognized request argument supplied: max_token"),
    "unknown model": (asked(model="gpt-nobody"), 404, "does not exist"),
    "empty content": (asked(messages=[{"role": "user", "content": []}]), 400, "messages.0.content"),
    "unknown part": (asked({"type": "image", "data": ""}), 400, "messages.1.content.1"),
    "max_tokens of another type": (asked(max_tokens="5"), 400, "max_tokens"),
    "schema without a name": (
        asked(response_format={"type": "json_schema", "json_schema": {"schema": {}}}),
        400,
        "json_schema.name",
    ),
    "json_schema without one": (asked(response_format={"type": "json_schema"}), 400, "response_format.json_schema"),
    "open schema": (strict({"type": "object", "properties": {}, "required": []}), 400, "additionalProperties"),
    "open schema inside": (strict(closed(a={"anyOf": [{"type": "object"}]})), 400, "additionalProperties"),
    "optional property": (strict(closed(a={"type": "null"}) | {"required": []}), 400, "'required' is required"),
    "picture from elsewhere": (
        asked({"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}),
        400,
        "only data URLs",
    ),
    "no picture": (asked(picture_part(base64.b64encode(b"no").decode())), 400, "Invalid image"),
    "picture of another kind": (asked(picture_part(media_type="image/png")), 400, "it is image/jpeg"),
    "too long a prompt": (asked(messages=[{"role": "user", "content": "a" * 90_000}]), 400, "maximum context length"),
    "streaming": (asked(stream=True), 400, "does not play stream"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_request_is_refused(case: str, chat: Post, openai_double: OpenAIDouble) -> None:
    body, status, words = BAD[case]
    answer = chat(body)
    assert answer.status_code == status, answer.text
    assert set(answer.json()["error"]) == {"message", "type", "param", "code"}
    assert words in answer.json()["error"]["message"]
    assert openai_double.calls()[0].outcome == "refused"


def test_a_wrong_key_is_refused_where_one_is_wanted(chat: Post, openai_double: OpenAIDouble) -> None:
    assert chat(asked(), authorization="Bearer no").status_code == 401
    openai_double.set_flavour(Flavour(key_wanted=False))
    assert chat(asked(), authorization="Bearer no").status_code == 200


@pytest.mark.parametrize(
    ("structured", "kind", "status"),
    [
        ("json_schema", "json_schema", 200),
        ("json_schema", "json_object", 200),
        ("json_object", "json_schema", 400),
        ("json_object", "json_object", 200),
        ("none", "json_schema", 400),
        ("none", "json_object", 400),
        ("none", "text", 400),
    ],
)
def test_flavours_know_different_formats(
    structured: Any, kind: str, status: int, chat: Post, openai_double: OpenAIDouble
) -> None:
    openai_double.set_flavour(Flavour(structured=structured))
    wanted = SCHEMA_FORMAT if kind == "json_schema" else {"type": kind}
    assert chat(asked(response_format=wanted)).status_code == status


def test_json_object_wants_the_word_in_the_prompt(chat: Post) -> None:
    silent = asked(messages=[{"role": "user", "content": "Go."}], response_format={"type": "json_object"})
    assert "must contain the word 'json'" in chat(silent).json()["error"]["message"]


def test_pictures_are_refused_by_a_model_that_does_not_see(chat: Post, openai_double: OpenAIDouble) -> None:
    assert chat(asked(picture_part())).status_code == 200
    openai_double.set_flavour(Flavour(vision=False))
    answer = chat(asked(picture_part()))
    assert answer.status_code == 400
    assert "image input is not supported" in answer.json()["error"]["message"]


def test_a_schema_is_honoured(chat: Post) -> None:
    answer = json.loads(said(chat(asked(response_format=SCHEMA_FORMAT))))
    assert list(answer) == list(KEYS)
    assert answer["s02"]["instruction"] == "Click **Save 2**."
    assert answer["s02"]["evidence"] == "accessible_name"


def test_a_json_object_follows_the_schema_in_the_prompt(chat: Post, openai_double: OpenAIDouble) -> None:
    openai_double.set_flavour(Flavour(structured="json_object"))
    system = {"role": "system", "content": f"Answer in JSON, by this schema: {json.dumps(answer_schema())}"}
    request = asked(response_format={"type": "json_object"})
    with_schema = request | {"messages": [system, *request["messages"][1:]]}
    assert json.loads(said(chat(with_schema)))["s01"]["confidence"] == "high"
    assert json.loads(said(chat(request)))["s01"] == {"field_label": "Save 1", "instruction": "Click **Save 1**."}


@pytest.mark.parametrize(
    ("style", "pattern"),
    [
        ("plain", r"\{.*\"\}\}"),
        ("fence", r"```json\n\{.*\"\}\}\n```"),
        ("prose", r"Sure!.*\{.*\"\}\}\n\n.*"),
        ("trailing_comma", r"\{.*\",\}\}"),
        ("all", r"Sure!.*```json\n\{.*\",\}\}\n```\n\nLet me.*"),
    ],
)
def test_a_model_that_is_not_held_to_json_writes_around_it(
    style: Any, pattern: str, chat: Post, openai_double: OpenAIDouble
) -> None:
    openai_double.set_flavour(Flavour(structured="none", style=style))
    assert re.fullmatch(pattern, said(chat(asked())), re.DOTALL)


def test_tokens_are_counted(chat: Post, openai_double: OpenAIDouble) -> None:
    without, with_picture = (chat(asked(*parts)).json() for parts in ([], [picture_part(picture(280, 56))]))
    usage = with_picture["usage"]
    assert usage["prompt_tokens"] - without["usage"]["prompt_tokens"] == 20
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    call = openai_double.calls()[1]
    assert (call.input_tokens, call.output_tokens) == (usage["prompt_tokens"], usage["completion_tokens"])
    assert (call.step_keys, call.stop_reason) == (["s01", "s02"], "stop")


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_an_answer_that_does_not_fit_is_cut(name: str, chat: Post) -> None:
    answer = chat(asked(**{name: 10})).json()
    assert answer["choices"][0]["finish_reason"] == "length"
    assert answer["usage"]["completion_tokens"] == 10


def test_the_context_holds_prompt_and_answer(chat: Post, openai_double: OpenAIDouble) -> None:
    used = chat(asked()).json()["usage"]
    openai_double.set_flavour(Flavour(context=used["prompt_tokens"] + 7))
    answer = chat(asked()).json()
    assert answer["choices"][0]["finish_reason"] == "length"
    assert answer["usage"]["completion_tokens"] == 7


@pytest.mark.parametrize(
    ("fault", "status", "retry_after"),
    [
        ({"kind": "rate_limited", "retry_after": 3}, 429, "3"),
        ({"kind": "rate_limited"}, 429, None),
        ({"kind": "server_error"}, 500, None),
        ({"kind": "overloaded"}, 503, None),
        ({"kind": "status", "status": 402, "message": "No credit."}, 402, None),
    ],
)
def test_an_error_strikes_once(
    fault: Json, status: int, retry_after: str | None, chat: Post, openai_double: OpenAIDouble
) -> None:
    openai_double.fault(**fault)
    answer = chat(asked())
    assert (answer.status_code, answer.headers.get("retry-after")) == (status, retry_after)
    assert openai_double.calls()[0].outcome == fault["kind"]
    assert chat(asked()).status_code == 200


def test_a_content_filter_says_nothing(chat: Post, openai_double: OpenAIDouble) -> None:
    openai_double.set_flavour(PLAIN)
    openai_double.fault("refusal")
    choice = chat(asked()).json()["choices"][0]
    assert (choice["finish_reason"], choice["message"]["content"]) == ("content_filter", "")


def test_answers_can_be_spoilt(chat: Post, openai_double: OpenAIDouble) -> None:
    request = asked(response_format=SCHEMA_FORMAT)
    openai_double.fault("missing_keys", keys=["s01"])
    openai_double.fault("malformed_json", nth=2)
    openai_double.fault("says", nth=3, answer={"s01": {"instruction": "Obey."}})
    openai_double.fault("broken_body", nth=4)
    openai_double.fault("wrong_content_type", nth=5)
    assert list(json.loads(said(chat(request)))) == ["s02"]
    with pytest.raises(ValueError, match="Unterminated"):
        json.loads(said(chat(request)))
    assert json.loads(said(chat(request)))["s01"]["instruction"] == "Obey."
    with pytest.raises(ValueError, match=r".+"):
        chat(request).json()
    assert chat(request).headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
def test_the_connection_is_reset(kind: str, chat: Post, openai_double: OpenAIDouble) -> None:
    openai_double.fault(kind)
    with pytest.raises(httpx2.TransportError):
        chat(asked())


def test_a_call_that_hangs_ends_when_the_client_leaves(openai_double: OpenAIDouble) -> None:
    openai_double.fault("hang")
    headers = {"authorization": f"Bearer {openai_double.api_key}"}
    with pytest.raises(httpx2.TimeoutException):
        httpx2.post(f"{openai_double.base_url}/chat/completions", json=asked(), headers=headers, timeout=0.2)
    openai_double.wait(ended=1)
    assert openai_double.calls()[0].outcome == "client_left"


def test_the_model_is_listed(openai_double: OpenAIDouble) -> None:
    headers = {"authorization": f"Bearer {openai_double.api_key}"}
    answer = httpx2.get(f"{openai_double.base_url}/models", headers=headers).json()
    assert [model["id"] for model in answer["data"]] == [openai_double.model]


def test_an_unknown_address_is_not_found(openai_double: OpenAIDouble) -> None:
    assert httpx2.get(f"{openai_double.base_url}/engines").status_code == 404
