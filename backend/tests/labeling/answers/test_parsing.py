"""What servers without a schema wrap around an answer."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.labeling.answers.parsing import LONGEST, parse

STEP = {"evidence": "name", "field_label": "Save, all", "instruction": 'Click "Save, all".', "confidence": "high"}
GOOD = json.dumps({"s01": STEP})


@pytest.mark.parametrize(
    "text",
    ["", " ", "null", "[]", "42", '"s01"', "Sorry, I cannot do that.", "{", "{}", '{"labels": 3}', "[" * 100_000,
     '{"s01":' * 50_000, "x" * (LONGEST + 1) + GOOD],
)  # fmt: skip
def test_what_holds_no_answer_gives_none(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        f"  \n{GOOD}\n ",
        f"```json\n{GOOD}\n```",
        f"Here you are:\n```\n{GOOD}\n```\nAnything else?",
        f"Here you are: {GOOD} I hope {{that}} helps.",
        f"<think>a {{b}} c</think>{GOOD}",
        GOOD.replace("}}", ",},}"),
        f'{{"steps": {GOOD}}}',
        json.dumps({"steps": [{"key": "s01", **STEP}]}),
        GOOD[:-1],
        f'{GOOD[:-1]}, "s02": {{"evidence": "na',
        f'{{"s00": broken, {GOOD[1:]}',
    ],
)
def test_the_answer_is_found(text: str) -> None:
    found = parse(text)
    assert found is not None
    assert {field: found["s01"][field] for field in STEP} == STEP


def test_an_answer_that_breaks_off_gives_its_whole_steps_alone() -> None:
    found = parse(f'{GOOD[:-1]}, "workflow": {{"name": "x"}}, "s02": {{"evidence": "na')
    assert found == {"s01": STEP}
    assert parse(f'{GOOD[:-1]}, "workflow": {{"name": "x"}}}} and so on') == {"s01": STEP, "workflow": {"name": "x"}}


def test_commas_in_texts_stay() -> None:
    found = parse('{"s01": {"instruction": "Click \\"a,}\\".",},}')
    assert found == {"s01": {"instruction": 'Click "a,}".'}}


@given(st.text(alphabet=st.sampled_from('{}[]",:s01 \\\n`aé'), max_size=60))
def test_no_text_makes_it_fail(text: str) -> None:
    parse(text)
    parse(text + GOOD)
