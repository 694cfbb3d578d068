"""Where pictures are painted over, and when nobody can know where they would have to be."""

from collections.abc import Sequence
from typing import Any

import pytest

from app.labeling.outgoing import regions
from app.workflows.content import Action, Box, Page, StepContent, Target, Viewport
from tests.labeling.steps import step

FIELD = Box(x=100, y=200, width=300, height=32)
OTHER = Box(x=100, y=260, width=300, height=32)
MARKED = Box(x=10, y=10, width=50, height=20)
URL = "https://crm.example/contacts/new"


def fill(box: Box | None = FIELD, *, action: str = "input", url: str | None = URL, **facts: Any) -> StepContent:
    known: dict[str, Any] = {"tag": "input", "value": "Ada", "name": "Title"} | facts
    return step(action, url=url, box=box, **known)


def click(*, url: str | None = URL, **facts: Any) -> StepContent:
    box = Box(x=500, y=500, width=80, height=30)
    known: dict[str, Any] = {"tag": "button", "box": box} | facts
    return step("click", "Save", url=url, **known)


def plan(contents: Sequence[StepContent]) -> list[tuple[Box, ...] | None]:
    """Without what is to be checked; steps that name no screenshot have one each."""
    shown = [
        one if one.screenshot_id else one.model_copy(update={"screenshot_id": f"of step {at}"})
        for at, one in enumerate(contents)
    ]
    return [hidden if hidden is None else tuple(one.box for one in hidden) for hidden in regions.plan(shown)]


def last(*contents: StepContent) -> tuple[Box, ...] | None:
    return plan(contents)[-1]


@pytest.mark.parametrize(
    "before",
    [
        [fill(None)],
        [fill(Box(x=1, y=1, width=0, height=32))],
        [fill(None, action="paste")],
        [fill(None, action="select", tag="select", value_kind="option")],
        [fill(None, value=None, value_kind="password")],
        [fill(None, value=None)],
        [step("upload", "Choose file", tag="button", url=URL, value="a.pdf")],
        [step("press", value="a", tag="input", url=URL)],
        [fill(), step("scroll", url=URL)],
        [fill(), step("scroll", "List", url=URL, box=OTHER)],
        [fill().model_copy(update={"page": Page(url=URL, viewport=Viewport(width=800, height=600))})],
        [fill().model_copy(update={"page": Page(url=URL)})],
        [fill(None, url=None)],
        [fill(selectors=["#a"]), fill(Box(x=100, y=80, width=300, height=32), selectors=["#a"])],
    ],
    ids=[
        "no box", "empty box", "pasted, no box", "chosen, no box", "password without box", "value unknown, no box",
        "file beside a button", "key by key, no box", "scrolled", "scrolled within", "other viewport", "no viewport",
        "no box on an unknown page", "field lies elsewhere now",
    ],
)  # fmt: skip
def test_nothing_is_shown_where_it_is_not_known_what_to_paint(before: list[StepContent]) -> None:
    assert last(*before, click()) is None


def test_the_step_itself_is_not_shown_without_its_box() -> None:
    assert last(fill(None)) is None


@pytest.mark.parametrize(
    "filled",
    [
        fill(),
        fill(value=None, value_kind="password"),
        fill(value=""),
        fill(action="paste"),
        fill(action="select", tag="select", value_kind="option"),
        fill(action="upload", attributes={"type": "file"}),
        fill(action="copy"),
        fill(action="click", value=None),
        fill(tag="div", attributes={"contenteditable": "true"}),
        fill(tag="div", role="combobox"),
        fill(tag="button"),
    ],
)
def test_a_field_is_hidden_in_its_own_step_and_in_those_behind_it(filled: StepContent) -> None:
    assert plan([filled, click(), click()]) == [(FIELD,), (FIELD,), (FIELD,)]


@pytest.mark.parametrize(
    "used",
    [
        fill(action="click", tag="button", value=None),
        fill(action="click", tag="a", value=None),
        fill(action="check", attributes={"type": "checkbox"}, value="on"),
        fill(attributes={"type": "checkbox"}, value="on"),
        fill(action="select", attributes={"type": "radio"}),
        fill(attributes={"type": "range"}, value="50"),
        fill(action="click", role="tab", tag="div", value=None),
    ],
)
def test_what_is_only_pressed_stays_visible(used: StepContent) -> None:
    assert plan([used, click()]) == [(), ()]


def test_a_field_stays_hidden_when_its_page_is_come_back_to() -> None:
    elsewhere = click(url="https://crm.example/other")
    assert plan([fill(), elsewhere, click(url=f"{URL}?tab=2#x")]) == [(FIELD,), (), (FIELD,)]


def test_a_page_without_an_address_may_be_any_page() -> None:
    assert last(fill(), click(url=None)) == (FIELD,)
    assert last(fill(url=None), click()) == (FIELD,)


def test_another_page_is_shown_after_one_that_was_lost() -> None:
    assert last(fill(None), click(url="https://crm.example/other")) == ()


def test_scrolling_a_page_without_input_hides_nothing() -> None:
    assert plan([step("scroll", url=URL), click(), fill()]) == [(), (), (FIELD,)]


def test_what_the_recorder_marked_is_hidden_in_every_step_that_shows_the_screenshot() -> None:
    one = click(screenshot_id="a", sensitive_regions=[MARKED])
    other = click(screenshot_id="b")
    assert plan([one, other, click(screenshot_id="a")]) == [(MARKED,), (), (MARKED,)]


def test_a_screenshot_shared_with_a_step_that_is_lost_is_lost() -> None:
    assert plan([click(screenshot_id="a"), fill(None, screenshot_id="a")]) == [None, None]
    assert plan([click(screenshot_id="a"), fill(screenshot_id="a")]) == [(FIELD,), (FIELD,)]


def test_all_fields_of_a_page_are_hidden_once() -> None:
    again = fill(selectors=["#a"])
    assert last(again, fill(OTHER, name="Other"), again, click()) == (FIELD, OTHER)


def test_steps_without_element_or_page_are_no_trouble() -> None:
    assert plan([StepContent(action=Action.NOTE, value="Wait"), StepContent(action=Action.NAVIGATE)]) == [(), ()]
    assert plan([]) == []
    assert Target().box is None


def test_a_field_that_was_filled_before_is_checked_where_it_was_seen_last() -> None:
    contents = [
        fill(selectors=["#a"], screenshot_id="a"),
        click(screenshot_id="b"),
        fill(selectors=["#a"], screenshot_id="c"),
        fill(OTHER, screenshot_id="d"),
        click(screenshot_id="a"),
    ]
    seen = [hidden and [(one.box, one.seen_at) for one in hidden] for hidden in regions.plan(contents)]
    assert seen[1] == [(FIELD, 0)]
    assert seen[2] == [(FIELD, None)]
    assert seen[3] == [(FIELD, 2), (OTHER, None)]
    assert seen[0] == seen[4] == [(FIELD, None), (OTHER, 3)]


def test_a_field_that_no_screenshot_shows_cannot_be_checked() -> None:
    assert regions.plan([fill(), click(screenshot_id="b")])[1] is None
