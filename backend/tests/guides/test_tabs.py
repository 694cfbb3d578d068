"""Which tab a step was done in, and what opened it, out of what the recorder told."""

from app.guides.model import GuideStep
from app.guides.tabs import Tab, tabs
from app.workflows.content import Action, Page, StepContent, Target
from tests.guides.rows import view, workflow
from tests.guides.sources import source

SHOP, CART, HELP = (Page(url=f"https://shop.example/{name}") for name in ("", "cart", "help"))


def at(page: Page, tab: str | None = None) -> StepContent:
    attributes: dict[str, str | None] = {} if tab is None else {"data-wp-tab": tab}
    return StepContent(action=Action.CLICK, target=Target(tag="b", selectors=["#b"], attributes=attributes), page=page)


def visit(page: Page) -> StepContent:
    return StepContent(action=Action.NAVIGATE, page=page)


def press(page: Page) -> StepContent:
    return StepContent(action=Action.PRESS, value="Enter", page=page)


def found(*contents: StepContent) -> list[Tab]:
    views = [view(f"Step {n}.", position=n, content=c) for n, c in enumerate(contents, 1)]
    steps: tuple[GuideStep, ...] = source(views, workflow()).guide.steps
    return tabs(steps)


def numbers(*contents: StepContent) -> list[int]:
    return [tab.number for tab in found(*contents)]


def test_nothing_was_done() -> None:
    assert found() == []


def test_without_a_word_of_tabs_all_is_in_one() -> None:
    assert found(visit(SHOP), at(SHOP), visit(CART), press(CART), at(CART)) == [Tab(0)] * 5


def test_the_step_before_a_new_tab_opened_it() -> None:
    assert found(visit(SHOP), at(SHOP), at(CART, "2"), press(CART), at(HELP, "x'); exit(); ('")) == [
        Tab(0),
        Tab(0, opens=1),
        Tab(1),
        Tab(1, opens=2),
        Tab(2),
    ]


def test_a_recording_that_begins_in_its_second_tab_begins_in_the_first_of_a_replay() -> None:
    assert numbers(at(SHOP, "2"), at(SHOP, "2"), at(CART)) == [0, 0, 1]
    assert numbers(visit(SHOP), at(SHOP, "2")) == [0, 0]


def test_going_back_to_a_tab_loads_nothing() -> None:
    back = found(visit(SHOP), at(SHOP), at(CART, "2"), visit(SHOP), at(SHOP), at(CART, "2"))
    assert [(tab.number, tab.only_goes_there) for tab in back[3:]] == [(0, True), (0, False), (1, False)]
    assert [tab.opens for tab in back] == [None, 1, None, None, None, None]


def test_going_to_another_page_there_loads_it() -> None:
    elsewhere = found(visit(SHOP), at(SHOP), at(CART, "2"), visit(HELP), at(HELP))
    assert not elsewhere[3].only_goes_there


def test_a_tab_that_was_opened_by_hand_goes_on_in_the_same() -> None:
    assert numbers(visit(SHOP), at(SHOP), visit(HELP), at(HELP, "2"), visit(SHOP), at(SHOP)) == [0] * 6
