"""The shape that a model's answer is to have, as a strict JSON schema."""

from collections.abc import Sequence
from typing import Any, Literal, get_args

SeenIn = Literal["name", "text", "picture", "guess"]
"""Where the model read the control's name: its accessible name or label, the words around it, the picture, nowhere."""
Sureness = Literal["high", "medium", "low"]

_TEXT = {"type": "string"}
_TEXT_OR_NOTHING = {"anyOf": [{"type": "string"}, {"type": "null"}]}


def answer_schema(
    keys: Sequence[str], *, wants_name: bool = False, wants_description: bool = False, wants_headings: bool = False
) -> dict[str, Any]:
    """An object with every key, so that no step can be missing or doubled; what is said of the whole comes last.

    A step's evidence comes first, so that the model looks before it names. Its shape is said once for all steps.
    """
    step = {
        "evidence": {"type": "string", "enum": list(get_args(SeenIn))},
        "field_label": _TEXT,
        "instruction": _TEXT,
        "confidence": {"type": "string", "enum": list(get_args(Sureness))},
    }
    if wants_headings:
        step["heading"] = _TEXT_OR_NOTHING
    answer: dict[str, Any] = {key: {"$ref": "#/$defs/step"} for key in keys}
    whole = {"name": wants_name, "description": wants_description}
    if wants_name or wants_description:
        answer["workflow"] = _strict({field: _TEXT for field, wanted in whole.items() if wanted})
    return {"$defs": {"step": _strict(step)}, **_strict(answer)}


def _strict(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
