import json

from anthropic import transform_schema
from jsonschema import Draft202012Validator

from app.labeling.answers.schema import answer_schema
from tests.labeling.answers.sent import said

KEYS = ["s01", "s02"]
ALL = {"wants_name": True, "wants_description": True, "wants_headings": True}


def errors(answer: object, **wants: bool) -> list[str]:
    return [error.message for error in Draft202012Validator(answer_schema(KEYS, **wants)).iter_errors(answer)]


def test_a_missing_an_additional_and_a_wrong_key_are_errors() -> None:
    step = said("Click.")
    assert errors({"s01": step})
    assert errors({"s01": step, "s02": step, "s03": step})
    assert errors({"s01": step, "s02": {**step, "why": "x"}})
    assert errors({"s01": step, "s02": {**step, "confidence": "sure"}})
    assert errors({"s01": step, "s02": step, "workflow": {"name": "x"}})
    assert errors({"s01": step, "s02": step}) == []


def test_what_is_wanted_beside_the_labels_is_required() -> None:
    step = said("Click.")
    whole = {"s01": {**step, "heading": None}, "s02": {**step, "heading": "Next"}}
    assert errors({**whole, "workflow": {"name": "x", "description": "y"}}, **ALL) == []
    assert errors(whole, **ALL)
    assert errors({"s01": step, "s02": step}, wants_headings=True)
    assert errors({"s01": step, "s02": step, "workflow": {"name": "x"}}, wants_name=True) == []


def test_evidence_comes_before_the_label_and_the_whole_after_the_steps() -> None:
    schema = answer_schema(KEYS, **ALL)
    assert list(schema["properties"]) == [*KEYS, "workflow"]
    assert next(iter(schema["$defs"]["step"]["properties"])) == "evidence"


def test_the_sdk_takes_nothing_away_but_the_type_beside_a_choice() -> None:
    schema = json.dumps(answer_schema(KEYS, **ALL), sort_keys=True)
    sent = json.dumps(transform_schema(json.loads(schema)), sort_keys=True)
    assert sent == schema.replace('], "type": "string"}', "]}")
