"""Which page changes a person made, by what Chrome tells of them and in whatever order."""

import pytest

from app.browser.navigation import Navigations

LETTER = "http://a.test/letter"


def opened(promised: list[str]) -> Navigations:
    """A tab that has just come and says nothing of what opened it."""
    return Navigations(main="new", unseen=True, promised=promised)


def link_in_new_tab(promised: list[str]) -> None:
    page = Navigations(main="old", promised=promised)
    page.requested({"frameId": "old", "url": LETTER, "disposition": "newTab"})
    assert not page.asked, "it stays where it is"


@pytest.mark.parametrize("is_late", [False, True])
def test_where_a_link_led_in_a_new_tab_nobody_went(is_late: bool) -> None:
    promised: list[str] = []
    link_in_new_tab(promised)
    tab = opened(promised)
    if not is_late:
        tab.started({"frameId": "new", "url": LETTER, "navigationType": "differentDocument"})
    assert tab.arrived({"frame": {"id": "new", "url": LETTER}}) is None


@pytest.mark.parametrize("is_late", [False, True])
def test_an_address_typed_in_a_new_tab_is_where_somebody_went(is_late: bool) -> None:
    promised: list[str] = []
    link_in_new_tab(promised)
    opened(promised).arrived_early(LETTER)  # the promise is kept once
    tab = opened(promised)
    if not is_late:
        tab.started({"frameId": "new", "url": LETTER, "navigationType": "differentDocument"})
    assert tab.arrived({"frame": {"id": "new", "url": LETTER}}) == LETTER
