"""Where a control is, in words: only where that tells it from others, or where it has no name."""

from typing import Any

import pytest

from app.workflows.content import Box, StepContent
from tests.labeling.rules.sentences import CHECKBOX, sentence, sentences
from tests.labeling.steps import step


def test_one_disambiguator_and_only_where_names_repeat() -> None:
    billing = step("input", "City", tag="input", value="Berlin", section="Billing address")
    shipping = step("input", "City", tag="input", value="Berlin", section="Shipping address")
    assert sentence(billing) == 'Enter "Berlin" in the "City" field.'
    assert sentences(billing, shipping) == [
        'In the "Billing address" section, enter "Berlin" in the "City" field.',
        'In the "Shipping address" section, enter "Berlin" in the "City" field.',
    ]


def test_pages_headings_and_kinds_tell_controls_apart() -> None:
    save = {"tag": "button"}
    assert sentences(step("click", "Save", page="Profile", **save), step("click", "Save", page="Billing", **save)) == [
        'On the "Profile" page, click "Save".',
        'On the "Billing" page, click "Save".',
    ]
    assert sentences(step("click", "Edit", heading="Name", **save), step("click", "Edit", heading="Plan", **save)) == [
        'Click "Edit" under "Name".',
        'Click "Edit" under "Plan".',
    ]
    assert sentences(step("click", "Contacts", tag="a"), step("click", "Contacts", tag="button")) == [
        'Click the "Contacts" link.',
        'Click the "Contacts" button.',
    ]


def test_position_is_the_last_resort_and_said_in_words() -> None:
    top = step("click", "Edit", tag="button", box=Box(x=10, y=10, width=20, height=20), selectors=["#a"])
    low = step("click", "Edit", tag="button", box=Box(x=1200, y=690, width=20, height=20), selectors=["#b"])
    assert sentences(top, low) == [
        'Click "Edit" at the top left of the page.',
        'Click "Edit" at the bottom right of the page.',
    ]
    same = low.model_copy(update={"target": low.target and low.target.model_copy(update={"selectors": ["#a"]})})
    assert sentences(top, same) == ['Click "Edit".', 'Click "Edit" again.']


def on_picture(part: str, **facts: Any) -> dict[str, Any]:
    return {"tag": "canvas", "attributes": {"data-wp-place": part}, **facts}


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        (
            step("click", "Seating plan", **on_picture("upper left")),
            'Click the upper left of the "Seating plan" canvas.',
        ),
        (
            step("double_click", "Floor plan", **on_picture("center", tag="img", role="img")),
            'Double-click the center of the "Floor plan" image.',
        ),
        (step("right_click", "City map", **on_picture("top", tag="div")), 'Right-click the top of "City map".'),
        (step("click", "Harbor", **on_picture("lower right", tag="div")), 'Click the lower right of the "Harbor" map.'),
        (step("click", page=None, **on_picture("left side")), "Click the left side of the canvas."),
        (step("click", "Plan", **on_picture('"><script>')), 'Click the "Plan" canvas.'),
    ],
)
def test_a_click_on_a_picture_says_where(recorded: StepContent, expected: str) -> None:
    assert sentence(recorded) == expected


def test_clicks_on_different_parts_of_a_picture_read_differently() -> None:
    steps = [step("click", "Plan", **on_picture(part)) for part in ("top", "bottom")]
    assert len(set(sentences(*steps))) == 2


def test_a_row_is_not_named_by_the_control_that_names_it() -> None:
    assert sentence(step("click", "Bolt Cutters", tag="a", row="Bolt Cutters 48.41")) == 'Click "Bolt Cutters".'


@pytest.mark.parametrize(
    ("around", "expected"),
    [
        ({"nearby": "Search contacts"}, 'Click the button next to "Search contacts".'),
        ({"row": "Bolt Cutters"}, 'Click the button in the "Bolt Cutters" row.'),
        ({"section": "Toolbar"}, 'Click the button in the "Toolbar" section.'),
        ({"heading": "Contacts"}, 'Click the button under "Contacts".'),
        ({"box": Box(x=1200, y=5, width=20, height=20)}, "Click the button at the top right of the page."),
        ({}, 'Click the button on the "Contacts" page.'),
    ],
)
def test_nameless_controls_are_found_by_what_is_around_them(around: dict[str, Any], expected: str) -> None:
    assert sentence(step("click", tag="button", **around)) == expected


def test_a_number_beside_a_control_says_less_than_words() -> None:
    assert sentence(step("click", tag="button", nearby="[1]", section="Toolbar")) == (
        'Click the button in the "Toolbar" section.'
    )
    assert sentence(step("check", nearby="-5", **CHECKBOX)) == 'Select the checkbox next to "-5".'
