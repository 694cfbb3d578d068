"""An answer as a text, after the faults that make it another one."""

import json
from dataclasses import dataclass
from typing import Any, Literal

from tests.doubles.faults import Struck

Stop = Literal["end", "length", "refusal"]


@dataclass(frozen=True, slots=True)
class Shaped:
    """What the model says, and why it stopped there."""

    text: str
    stop: Stop = "end"


def shape(answer: Any, struck: Struck) -> Shaped:
    """`answer`: what a well-behaved model would answer, as JSON or as a text."""
    if struck.of("refusal") is not None:
        return Shaped("", "refusal")
    if struck.of("empty_text") is not None:
        return Shaped("")
    if (given := struck.of("text")) is not None:
        return Shaped(str(given["text"]))
    if isinstance(answer, dict):
        answer = _edited(answer, struck)
    text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
    if struck.of("malformed_json") is not None:
        return Shaped(text[:-1] + ', "}')
    if struck.of("truncated") is not None:
        return Shaped(text[: len(text) // 2], "length")
    return Shaped(text)


def _edited(answer: dict[str, Any], struck: Struck) -> dict[str, Any]:
    if (missing := struck.of("missing_keys")) is not None:
        keys = missing.get("keys") or list(answer)[-1:]
        answer = {key: value for key, value in answer.items() if key not in keys}
    if (extra := struck.of("extra_keys")) is not None:
        first = next(iter(answer.values()), None)
        answer = answer | dict.fromkeys(extra.get("keys") or ["s99"], first)
    if (said := struck.of("says")) is not None:
        answer = _merged(answer, said["answer"])
    return answer


def _merged(answer: Any, said: Any) -> Any:
    """Objects key by key, anything else replaced."""
    if not isinstance(answer, dict) or not isinstance(said, dict):
        return said
    return answer | {key: _merged(answer.get(key), value) for key, value in said.items()}
