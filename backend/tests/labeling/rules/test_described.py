"""Controls that the page gives no name: told by the words beside them, by their sign, by their use."""

from typing import Any

import pytest

from app.labeling.rules.derive import derive_labels
from app.workflows.content import StepContent
from tests.labeling.steps import step


def said(*steps: StepContent) -> list[str]:
    return [label.instruction for label in derive_labels(list(steps))]


def field(value: str = "Hale", **facts: Any) -> StepContent:
    return step("input", tag="input", value=value, **facts)


@pytest.mark.parametrize(
    ("identifier", "nearby", "expected"),
    [
        ("datepicker", "Date", 'Enter "Hale" in the "Date" field.'),
        ("verify", "Verify the code", 'Enter "Hale" in the "Verify the code" field.'),
        ("director_name", "Director", 'Enter "Hale" in the "Director" field.'),
        ("director", "Genre", 'Enter "Hale" in the "Director" field.'),
        ("tag", "Table of contents", 'Enter "Hale" in the "Tag" field.'),
        ("text", "Text that explains at length what to enter here", None),
    ],
)
def test_words_beside_a_field_are_its_name_if_an_identifier_says_the_same(
    identifier: str, nearby: str, expected: str | None
) -> None:
    (sentence,) = said(field(attributes={"id": identifier}, nearby=nearby))
    if expected:
        assert sentence == expected
    else:
        assert "next to" in sentence


@pytest.mark.parametrize("unspoken", ["tt", "tt1", "fld", "ttt-4", "qx"])
def test_letters_that_nobody_can_say_are_no_name(unspoken: str) -> None:
    assert said(field(attributes={"id": unspoken}, nearby="Gender")) == ['Enter "Hale" in the field next to "Gender".']


@pytest.mark.parametrize(("spoken", "name"), [("qty", "Qty"), ("src-url", "Src url"), ("CSV", "CSV")])
def test_abbreviations_that_people_say_are_names(spoken: str, name: str) -> None:
    assert said(field("7", attributes={"id": spoken})) == [f'Enter "7" in the "{name}" field.']


def test_a_nameless_field_in_a_form_laid_out_as_a_table_has_the_name_of_its_row() -> None:
    assert said(field(row="Director")) == ['Enter "Hale" in the "Director" field.']
    in_a_grid = field(row="Bolt Cutters", column="Quantity")
    assert said(in_a_grid) == ['In the "Bolt Cutters" row, enter "Hale" in the "Quantity" field.']


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("+", 'Click the plus sign next to "Ice cream".'),
        ("×", 'Click the X next to "Ice cream".'),
        ("⋮", 'Click the three dots next to "Ice cream".'),
        ("⚙\ufe0f", 'Click the gear next to "Ice cream".'),
        ("++", 'Click the button next to "Ice cream".'),
    ],
)
def test_a_sign_that_stands_alone_is_said_in_words(shown: str, expected: str) -> None:
    assert said(step("click", tag="button", text=shown, nearby="Ice cream")) == [expected]


def test_a_sign_is_the_short_name_too() -> None:
    assert derive_labels([step("click", tag="button", name="+")])[0].field_label == "Plus sign"


def test_a_sign_gives_way_to_a_name() -> None:
    assert said(step("click", tag="button", text="×", attributes={"title": "Dismiss"})) == ['Click "Dismiss".']


@pytest.mark.parametrize(
    ("shown", "name"),
    [
        ("Sign out noor@example.org", "Sign out"),
        ("Call +49 30 901820 11", "Call"),
        ("Call (212) 555-0187", "Call"),
        ("Visa 4111 1111 1111 1111", "Visa"),
        ("Order 2026-11-24", "Order 2026-11-24"),
        ("Room 101-102", "Room 101-102"),
    ],
)
def test_somebody_s_address_or_number_is_left_out_of_names(shown: str, name: str) -> None:
    assert said(step("click", tag="button", name=shown)) == [f'Click "{name}".']


def test_a_name_that_is_only_an_address_is_none() -> None:
    assert said(step("click", tag="a", name="noor@example.org", nearby="Email")) == ['Click the link next to "Email".']


def test_a_heading_that_is_a_tab_opens_a_section() -> None:
    assert said(step("click", "Shipping", tag="h3", role="tab")) == ['Open the "Shipping" section.']
    assert said(step("click", "Shipping", tag="li", role="tab")) == ['Open the "Shipping" tab.']


def test_a_day_of_a_calendar_is_not_told_by_the_first_day_of_its_week() -> None:
    assert said(step("click", "19", tag="a", role="link", row="13")) == ['Click "19".']
    assert said(step("click", "Delete", tag="a", role="link", row="1042")) == ['Click "Delete" in the "1042" row.']


def test_what_takes_a_number_and_cannot_be_typed_into_is_a_slider() -> None:
    slider = step("input", "Volume", tag="span", value="5", value_kind="number")
    assert said(slider) == ['Set the "Volume" slider to "5".']
    assert said(field("5", value_kind="number", name="Volume")) == ['Enter "5" in the "Volume" field.']


def test_a_suggestion_that_holds_what_was_typed_is_selected() -> None:
    typed, other = field("Egy", name="Country"), step("click", tag="div", text="Norway")
    suggestion = step("click", tag="div", text="Egypt")
    assert said(typed, suggestion)[1] == 'Select "Egypt".'
    assert said(typed, other)[1] == 'Click "Norway".'
    assert said(typed, other, suggestion)[2] == 'Click "Egypt".'
    assert said(typed, step("click", tag="button", text="Search for Egy"))[1] == 'Click "Search for Egy".'


def test_a_thing_of_unknown_kind_is_a_field_if_it_is_written_into_later() -> None:
    """DevTools records no elements, only ways to find them."""
    found: dict[str, Any] = {"selectors": ["aria/Search reports", "#search"]}
    assert said(step("click", **found), step("input", value="Lisbon", **found)) == [
        'Click the "Search reports" field.',
        'Enter "Lisbon" in the "Search reports" field.',
    ]
    assert (
        said(step("click", selectors=["aria/Approve"]), step("input", value="Lisbon", **found))[0] == 'Click "Approve".'
    )


@pytest.mark.parametrize(("kind", "noun"), [("date", "date field"), ("search", "search field"), ("text", "field")])
def test_a_nameless_field_is_told_by_what_it_takes(kind: str, noun: str) -> None:
    assert said(field(attributes={"type": kind}, nearby="Filters")) == [
        f'Enter "Hale" in the {noun} next to "Filters".'
    ]
