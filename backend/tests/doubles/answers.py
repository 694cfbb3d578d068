"""What a well-behaved model answers: every key that the schema requires, the steps' own rule labels as their labels."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]
DULL = {"none", "unknown", "unclear", "unsure", "nothing", "other", "null", ""}
PREFERRED = ("high", "certain")


@dataclass(frozen=True, slots=True)
class Step:
    """A step that a prompt asks about."""

    key: str
    field_label: str
    instruction: str
    step_id: Any = None


def steps_in(texts: Iterable[str]) -> list[Step]:
    """Those of the first text that is JSON with `steps`."""
    for text in texts:
        start = text.find("{")
        if start < 0 or '"steps"' not in text:
            continue
        try:
            found, _ = json.JSONDecoder().raw_decode(text, start)
        except ValueError:
            continue
        steps = found.get("steps")
        if isinstance(steps, list):
            return [_step(step) for step in steps if isinstance(step, dict) and "key" in step]
    return []


def _step(step: dict[str, Any]) -> Step:
    rule, target = step.get("rule_label") or {}, step.get("target") or {}
    name = target.get("name") or target.get("text") or step.get("action") or "Control"
    label = rule.get("field_label") or name
    sentence = rule.get("instruction") or f"Click **{label}**."
    return Step(str(step["key"]), str(label), str(sentence), step.get("id", step.get("step_id")))


def answer(schema: Schema, steps: Iterable[Step]) -> Any:
    """A value for the whole schema."""
    return _Filler(schema, {step.key: step for step in steps}).fill(schema, "answer", None)


class _Filler:
    def __init__(self, root: Schema, steps: dict[str, Step]) -> None:
        self._definitions: dict[str, Schema] = root.get("$defs") or root.get("definitions") or {}
        self._steps = steps

    def fill(self, schema: Schema, name: str, step: Step | None) -> Any:
        schema = self._resolved(schema)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return _choice(schema["enum"])
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = "null" if "null" in kind and not _of_step(name, step) else next(k for k in kind if k != "null")
        if kind == "object":
            return self._object(schema, name, step)
        if kind == "array":
            return self._array(schema, name, step)
        if kind == "string":
            return _text(name, step)
        return {"integer": 1, "number": 0.5, "boolean": True, "null": None}.get(str(kind))

    def _resolved(self, schema: Schema) -> Schema:
        while True:
            if "$ref" in schema:
                schema = self._definitions[schema["$ref"].rpartition("/")[2]]
            elif "allOf" in schema:
                schema = schema["allOf"][0]
            elif "anyOf" in schema:
                schema = self._option([self._resolved(option) for option in schema["anyOf"]])
            else:
                return schema

    def _option(self, options: list[Schema]) -> Schema:
        """An object rather than nothing, nothing rather than a text."""
        by_kind = {str(option.get("type")): option for option in options}
        return by_kind.get("object") or by_kind.get("null") or options[0]

    def _object(self, schema: Schema, name: str, step: Step | None) -> dict[str, Any]:
        required = schema.get("required", [])
        properties = {key: part for key, part in schema.get("properties", {}).items() if key in required}
        return {
            key: self.fill(part, f"{name} {key}" if step is None else key, self._steps.get(key, step))
            for key, part in properties.items()
        }

    def _array(self, schema: Schema, name: str, step: Step | None) -> list[Any]:
        items = self._resolved(schema.get("items", {"type": "null"}))
        if "key" in items.get("properties", {}):
            return [self.fill(items, name, step) for step in self._steps.values()]
        return [self.fill(items, name, step)] if schema.get("minItems") else []


def _of_step(name: str, step: Step | None) -> bool:
    return step is not None and name in {"key", "field_label", "instruction"}


def _text(name: str, step: Step | None) -> str:
    if step is not None and _of_step(name, step):
        return str(getattr(step, name))
    return name.replace("_", " ").removeprefix("answer ").capitalize()


def _choice(values: list[Any]) -> Any:
    preferred = [value for value in PREFERRED if value in values]
    sensible = [value for value in values if str(value).lower() not in DULL]
    return (preferred or sensible or values)[0]
