"""Pydantic's errors in words: where and what, never the value that was sent, which may be a secret."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypedDict

from pydantic import ValidationError
from pydantic_core import ErrorDetails

SHOWN = 10
"""Problems that one message names before it only counts the rest."""

READ = 1_000
"""Errors beyond which none is looked at: each takes far more memory than the mistake it reports."""

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_UNION_TAGS = re.compile(r"(str|int|float|bool|constrained-\w+|list\[.*\])\Z")


class FieldProblem(TypedDict):
    """One wrong field: its path with dots, and what is wrong with it."""

    field: str
    problem: str


def details(error: ValidationError) -> list[ErrorDetails]:
    """The errors without the values that were sent; of more than `READ`, only their number."""
    if error.error_count() > READ:
        return [{"type": "too_many_errors", "loc": (), "msg": "", "input": None, "ctx": {"count": error.error_count()}}]
    return error.errors(include_url=False, include_input=False)


def fields(errors: Iterable[ErrorDetails]) -> list[FieldProblem]:
    """Each wrong field once, as `steps.3.target.box.x`; the whole input is `""`."""
    return [{"field": ".".join(map(str, path)), "problem": problem} for path, problem in _by_path(errors)]


def explain(errors: Iterable[ErrorDetails]) -> str:
    """One line: `steps[3].target.box.x: is not a number; name: is missing`."""
    problems = [f"{_spelled(path)}: {problem}" if path else problem for path, problem in _by_path(errors)]
    if len(problems) > SHOWN:
        problems[SHOWN:] = [f"and {len(problems) - SHOWN} more"]
    return "; ".join(problems)


def printable(text: str, limit: int = 60) -> str:
    """A name that a client chose, safe to repeat in a message: short, no control characters."""
    text = _UNPRINTABLE.sub("�", text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _by_path(errors: Iterable[ErrorDetails]) -> list[tuple[tuple[int | str, ...], str]]:
    """Problems by place; alternatives at one place, as of a union, are joined."""
    found: dict[tuple[int | str, ...], list[str]] = {}
    for error in errors:
        problems = found.setdefault(_path(error["loc"]), [])
        problem = _problem(error)
        if problem not in problems:
            problems.append(problem)
    return [(path, " or ".join(problems)) for path, problems in found.items()]


def _path(location: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """The way to the field without Pydantic's own words in it (a union's branch, "the key, not the value")."""
    path: list[int | str] = []
    previous: int | str | None = None
    for part in location:
        is_tag = isinstance(part, str) and isinstance(previous, int) and _UNION_TAGS.match(part)
        previous = part
        if not is_tag and part != "[key]":
            path.append(printable(part) if isinstance(part, str) else part)
    return tuple(path)


def _spelled(path: tuple[int | str, ...]) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def _too_long(unit: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda facts: f"is too long: at most {facts['max_length']} {unit}"


def _too_short(unit: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda facts: (
        "is empty" if facts["min_length"] == 1 else f"is too short: at least {facts['min_length']} {unit}"
    )


_WORDS: dict[str, str | Callable[[Mapping[str, Any]], str]] = {
    "missing": "is missing",
    "extra_forbidden": "unknown field",
    "string_type": "is not text",
    "string_unicode": "is not valid Unicode text",
    "string_pattern_mismatch": lambda facts: (
        "contains control characters or text-direction overrides"
        if "\\x00" in facts["pattern"]
        else "has the wrong form"
    ),
    "string_too_long": _too_long("characters"),
    "string_too_short": _too_short("characters"),
    "too_long": _too_long("entries"),
    "too_short": _too_short("entries"),
    "int_type": "is not a whole number",
    "int_parsing": "is not a whole number",
    "int_parsing_size": "is too large a number",
    "int_from_float": "is not a whole number",
    "float_type": "is not a number",
    "float_parsing": "is not a number",
    "finite_number": "is not a finite number",
    "bool_type": "is not true or false",
    "bool_parsing": "is not true or false",
    "list_type": "is not a list",
    "dict_type": "is not an object",
    "model_type": "is not an object",
    "model_attributes_type": "is not an object",
    "timezone_aware": "has no time zone",
    "datetime_type": "is not a date and time",
    "datetime_parsing": "is not a date and time",
    "datetime_from_date_parsing": "is not a date and time",
    "datetime_object_invalid": "is not a date and time",
    "enum": lambda facts: f"is not one of {facts['expected']}",
    "literal_error": lambda facts: f"is not one of {facts['expected']}",
    "greater_than": lambda facts: f"must be greater than {facts['gt']:g}",
    "greater_than_equal": lambda facts: f"must be at least {facts['ge']:g}",
    "less_than": lambda facts: f"must be less than {facts['lt']:g}",
    "less_than_equal": lambda facts: f"must be at most {facts['le']:g}",
    "json_invalid": lambda facts: f"is not valid JSON: {facts['error']}",
    "too_many_errors": lambda facts: f"There are {facts['count']:,} mistakes in what was sent",
    "json_type": "is not JSON",
    "value_error": lambda facts: str(facts["error"]),
    "assertion_error": lambda facts: str(facts["error"]),
}


def _problem(error: ErrorDetails) -> str:
    words = _WORDS.get(error["type"])
    if words is None:
        return "is not valid"
    return words if isinstance(words, str) else words(error.get("ctx") or {})
