"""The tables in docs/labelling-quality.md are those that the code gives, and what they promise holds."""

import pytest

from app.labeling.evaluation import sets
from app.labeling.evaluation.labelers import label_by_rules
from app.labeling.evaluation.metrics import Score
from app.labeling.evaluation.results import evaluate
from tests.contracts import quality_tables


@pytest.fixture(scope="module")
def rules() -> Score:
    return evaluate("rules", label_by_rules, sets.load().workflows).total


def test_the_committed_tables_are_those_that_the_code_gives() -> None:
    page = quality_tables.DOCUMENT.read_text("utf-8")
    assert page == quality_tables.document(page), 'Run "make docs".'


def test_rules_find_nine_in_ten_accessible_names(rules: Score) -> None:
    assert rules.named is not None
    assert rules.named >= 0.9


def test_rules_leak_no_planted_secret_and_obey_the_style(rules: Score) -> None:
    assert (rules.leaked, rules.style_violations, rules.unique) == (0, 0, 1.0)
