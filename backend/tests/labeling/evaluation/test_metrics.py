"""The yardstick itself: what is wrong must count as wrong."""

from collections.abc import Sequence

import pytest

from app.labeling.evaluation.metrics import has_verb, judge, names, score, token_f1
from app.labeling.evaluation.results import evaluate
from app.labeling.evaluation.sets import Gold, GoldStep, GoldWorkflow
from app.labeling.protocol import StepLabel
from app.workflows.content import StepContent
from tests.labeling.steps import step


def workflow(*names_: str | None, planted: tuple[str, ...] = (), accessible: bool = True) -> GoldWorkflow:
    steps = tuple(
        GoldStep(
            content=step("click", name),
            gold=Gold(verb="Click", control="button", name=name, accessible=accessible, instruction=f'Click "{name}".'),
        )
        for name in names_
    )
    return GoldWorkflow(name="w", kind="k", origin="sample", utterance="", planted=planted, steps=steps)


def saying(*labels: tuple[str, str]) -> "Labels":
    return Labels([StepLabel(*label) for label in labels])


class Labels:
    """A labeler that says what it was told."""

    def __init__(self, labels: list[StepLabel]) -> None:
        self.labels = labels

    def __call__(self, _: Sequence[StepContent]) -> list[StepLabel]:
        return self.labels


def test_a_labeler_that_loses_a_step_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        judge(workflow("Save", "Close"), saying(("Save", 'Click "Save".')))


@pytest.mark.parametrize(
    "secret_place", [("hunter22", "Click the button."), ("Save", 'Enter "HUNTER22" in the "Save" field.')]
)
def test_a_secret_is_found_wherever_it_stands(secret_place: tuple[str, str]) -> None:
    (one,) = judge(workflow("Save", planted=("hunter22",)), saying(secret_place))
    assert one.leaked == ("hunter22",)
    assert score([one]).leaked == 1


def test_a_name_that_differs_by_a_letter_is_not_exact() -> None:
    gold = workflow("Save As").steps[0].gold
    assert names(StepLabel("Save as", 'Click "Save as".'), gold) is False
    assert names(StepLabel("Save", 'Click "Save As".'), gold) is True
    assert names(StepLabel("Save As", "Click the button."), gold) is True


def test_marks_at_the_end_are_no_part_of_a_name() -> None:
    gold = workflow("More…").steps[0].gold
    assert names(StepLabel("More", 'Click "More".'), gold) is True


def test_a_control_without_a_name_is_not_counted_as_missed() -> None:
    (one,) = judge(workflow(None), saying(("Icon", "Click the icon.")))
    assert one.named is None
    assert score([one]).named is None


def test_names_that_only_the_screen_shows_are_counted_apart() -> None:
    found = score(judge(workflow("Genre", accessible=False), saying(("Field", "Click the field."))))
    assert (found.named, found.named_otherwise) == (None, 0.0)


@pytest.mark.parametrize(
    ("sentence", "verb", "right"),
    [
        ('Click "Save".', "Click", True),
        ('Clicks "Save".', "Click", False),
        ('On the "Design, 2" tab, select "Header row".', "Select", True),
        ('Turn off "Wi-Fi".', "Turn on", False),
        ('Turn on "Wi-Fi".', "Turn on", True),
        ('Double-click "Save".', "Click", False),
    ],
)
def test_the_verb_is_the_first_word_behind_the_place(sentence: str, verb: str, right: bool) -> None:
    assert has_verb(sentence, verb) is right


def test_f1_weighs_what_is_missing_and_what_is_too_much() -> None:
    assert token_f1('Click "Save".', "click SAVE") == 1.0
    assert token_f1("Click", "Open") == 0.0
    assert token_f1("Click Save now", "Click Save") == pytest.approx(0.8)
    assert token_f1("a a", "a") == pytest.approx(2 / 3)


def test_sentences_that_repeat_are_not_unique() -> None:
    same = ("Save", 'Click "Save".')
    assert score(judge(workflow("Save", "Save"), saying(same, same))).unique == 0.0


def test_style_problems_are_counted_and_advice_is_not() -> None:
    long = 'Click "Save" to save the report that you have just written for everybody here.'
    (one,) = judge(workflow("Save"), saying(("Save", long)))
    assert one.problems == ()
    (one,) = judge(workflow("Save"), saying(("Save", "click here")))
    assert {"full_stop", "case"} <= set(one.problems)


def test_scores_are_given_by_kind_and_together() -> None:
    result = evaluate("mine", saying(("Save", 'Click "Save".')), [workflow("Save")])
    assert result.by_kind() == {"k": result.total}
    assert (result.total.same, result.total.f1, result.total.verb) == (1.0, 1.0, 1.0)
