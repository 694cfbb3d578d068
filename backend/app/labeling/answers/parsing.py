"""Finding the JSON object in what a model wrote: servers that know no schema wrap it in prose, fences and commas."""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

LONGEST = 200_000
"""Characters; a longer text is no answer."""
_MOST_STARTS = 20

_TRAILING_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])')
_KEY = re.compile(r"s\d{2,3}")
_STEP = re.compile(rf'"({_KEY.pattern})"\s*:\s*(?=\{{)')
_DECODER = json.JSONDecoder(strict=False)


def parse(text: str) -> dict[str, Any] | None:
    """The answer as an object of steps; None: there is none in it."""
    if len(text) > LONGEST:
        return None
    plain = _without_trailing_commas(text)
    for found in _objects(plain):
        steps = _unwrapped(found)
        if any(map(_KEY.fullmatch, steps)):
            return steps
    return _salvaged(plain)


def _objects(text: str) -> Iterator[dict[str, Any]]:
    for start in islice(re.finditer(r"\{", text), _MOST_STARTS):
        if found := _object_at(text, start.start()):
            yield found


def _object_at(text: str, start: int) -> dict[str, Any] | None:
    try:
        found, _ = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _without_trailing_commas(text: str) -> str:
    return _TRAILING_COMMA.sub(lambda match: match[1] or "", text)


def _unwrapped(found: dict[str, Any]) -> dict[str, Any]:
    """Some servers put the steps into an object of their own, or into a list whose members say their key."""
    inner = found.get("steps")
    if isinstance(inner, dict):
        return {**found, **inner}
    if isinstance(inner, list):
        named = {item["key"]: item for item in inner if isinstance(item, dict) and isinstance(item.get("key"), str)}
        return {**found, **named}
    return found


def _salvaged(text: str) -> dict[str, Any] | None:
    """Whole steps out of an object that breaks off or is broken elsewhere."""
    steps: dict[str, Any] = {}
    for match in _STEP.finditer(text):
        if step := _object_at(text, match.end()):
            steps.setdefault(match[1], step)
    return steps or None
