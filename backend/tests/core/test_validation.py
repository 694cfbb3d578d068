"""Errors say where and what, and never repeat what was sent."""

import pytest
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.core.validation import READ, details, explain, fields, printable
from app.recordings.schema import RecordingIn

SECRET = "hunter2-hunter2"


def errors_of(**changes: object) -> list[ErrorDetails]:
    with pytest.raises(ValidationError) as caught:
        RecordingIn.model_validate({"name": "n", "steps": [{"action": "click"}]} | changes)
    return details(caught.value)


def in_step(**changes: object) -> str:
    return explain(errors_of(steps=[{"action": "click"} | changes]))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"action": SECRET}, "steps[0].action: is not one of 'navigate', 'click'"),
        ({"value": 5}, "steps[0].value: is not text"),
        ({"value": "a\x00b"}, "steps[0].value: contains control characters or text-direction overrides"),
        ({"value": "a\u202eb"}, "steps[0].value: contains control characters or text-direction overrides"),
        ({"value": "a" * 5_001}, "steps[0].value: is too long: at most 5000 characters"),
        ({"colour": SECRET}, "steps[0].colour: unknown field"),
        ({"timestamp": SECRET}, "steps[0].timestamp: is not a date and time"),
        ({"timestamp": "2026-11-23T10:00:00"}, "steps[0].timestamp: has no time zone"),
        ({"target": {"box": {"x": "a", "y": 1, "width": 1, "height": 1}}}, "steps[0].target.box.x: is not a number"),
        ({"target": {"box": {"x": 1e9, "y": 1, "width": 1, "height": -1}}}, "x: must be at most 100000; "),
        ({"target": {"box": {}}}, "steps[0].target.box.x: is missing; steps[0].target.box.y: is missing"),
        ({"target": {"selectors": [5]}}, "steps[0].target.selectors[0]: is not text or is not a list"),
        ({"target": {"selectors": [["a", 5]]}}, "steps[0].target.selectors[0][1]: is not text"),
        ({"target": {"attributes": {"\u202e": "a"}}}, "steps[0].target.attributes.�: contains control characters"),
        ({"target": {"frame": [{}]}}, "steps[0].target.frame[0]: is not a whole number or is not text"),
        ({"page": {"viewport": {"width": 1.5, "height": 0}}}, "width: is not a whole number; "),
        ({"page": SECRET}, "steps[0].page: is not an object"),
    ],
)
def test_each_mistake_is_named_with_its_place(changes: dict[str, object], words: str) -> None:
    message = in_step(**changes)
    assert words in message
    assert SECRET not in message


def test_fields_have_dotted_paths() -> None:
    assert fields(errors_of(name="", steps=[{"action": "click", "value": 5}])) == [
        {"field": "name", "problem": "is empty"},
        {"field": "steps.0.value", "problem": "is not text"},
    ]


def test_many_problems_are_counted() -> None:
    unknown = {f"unknown_{number}": number for number in range(25)}
    assert explain(errors_of(**unknown)).endswith("unknown_9: unknown field; and 15 more")


def test_so_many_problems_are_not_even_looked_at() -> None:
    errors = errors_of(**{f"unknown_{number}": number for number in range(READ + 1)})
    assert explain(errors) == "There are 1,001 mistakes in what was sent"
    assert fields(errors)[0]["field"] == ""


def test_an_error_that_is_not_known_is_still_named() -> None:
    assert explain([{"type": "something_new", "loc": ("a",), "msg": SECRET, "input": SECRET}]) == "a: is not valid"


def test_every_pattern_of_a_recording_has_words() -> None:
    assert explain(errors_of(language="not a language")) == "language: has the wrong form"
    assert explain(errors_of(steps=[])) == "steps: is empty"
    assert explain(errors_of(steps=[3])) == "steps[0]: is not an object"


@pytest.mark.parametrize(
    ("name", "shown"), [("a\r\nb", "a��b"), ("\ud800", "�"), ("a" * 61, "a" * 59 + "…"), ("name", "name")]
)
def test_a_name_that_a_client_chose_is_safe_to_repeat(name: str, shown: str) -> None:
    assert printable(name) == shown
