"""The completion that answers a request."""

import json
import math
import re
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from tests.doubles import answers
from tests.doubles.faults import Struck
from tests.doubles.openai.flavours import Flavour, Style
from tests.doubles.openai.requests import Request, Text
from tests.doubles.shaping import Shaped, shape

CHARACTERS_PER_TOKEN = 2.5
FINISH = {"end": "stop", "length": "length", "refusal": "content_filter"}
FIELDS = ("field_label", "instruction")


def texts_of(request: Request) -> Iterator[str]:
    """The newest first."""
    for message in reversed(request.messages):
        yield from (part.text for part in reversed(message.content) if isinstance(part, Text))


def prompt_tokens(request: Request, picture_tokens: int) -> int:
    schema = json.dumps(request.schema_of_answer, ensure_ascii=False) if request.schema_of_answer else ""
    characters = sum(map(len, texts_of(request))) + len(schema)
    return math.ceil(characters / CHARACTERS_PER_TOKEN) + picture_tokens


def complete(
    request: Request, steps: list[answers.Step], flavour: Flavour, struck: Struck, picture_tokens: int
) -> dict[str, Any]:
    """Raises nothing: whether there is room for it was checked."""
    asked = prompt_tokens(request, picture_tokens)
    shaped = shape(_good(request, steps), struck)
    held = request.response_format is not None and request.response_format.type != "text"
    text = shaped.text if held or shaped.stop == "refusal" else _written(shaped.text, flavour.style)
    shaped = Shaped(text, shaped.stop)
    room = min(request.room or flavour.context, flavour.context - asked)
    if math.ceil(len(text) / CHARACTERS_PER_TOKEN) > room:
        shaped = Shaped(text[: math.floor(room * CHARACTERS_PER_TOKEN)], "length")
    spoken = max(1, math.ceil(len(shaped.text) / CHARACTERS_PER_TOKEN))
    return {
        "id": f"chatcmpl-{uuid4().hex}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": request.model,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": shaped.text, "refusal": None},
                "logprobs": None,
                "finish_reason": FINISH[shaped.stop],
            }
        ],
        "usage": {"prompt_tokens": asked, "completion_tokens": spoken, "total_tokens": asked + spoken},
    }


def _good(request: Request, steps: list[answers.Step]) -> Any:
    schema = request.schema_of_answer or _schema_in(texts_of(request))
    if schema is not None:
        return answers.answer(schema, steps)
    return {step.key: {"field_label": step.field_label, "instruction": step.instruction} for step in steps}


def _schema_in(texts: Iterator[str]) -> dict[str, Any] | None:
    """A JSON schema that stands in the prompt, where the server takes none."""
    for text in texts:
        for start in re.finditer(r"\{", text):
            try:
                found, _ = json.JSONDecoder().raw_decode(text, start.start())
            except ValueError:
                continue
            if isinstance(found, dict) and found.get("type") == "object" and "properties" in found:
                return found
            break
    return None


def _written(text: str, style: Style) -> str:
    """As models write that nothing holds to JSON."""
    if style in {"trailing_comma", "all"} and text.endswith("}"):
        text = re.sub(r'(")(\}+)$', r"\1,\2", text)
    if style in {"fence", "all"}:
        text = f"```json\n{text}\n```"
    if style in {"prose", "all"}:
        text = f"Sure! Here are the labels {{as asked}}:\n\n{text}\n\nLet me know if you need anything else."
    return text
