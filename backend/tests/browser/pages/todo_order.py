"""A list that is sorted by pointer events: the place where the item was dropped is the item that was there."""

from playwright.sync_api import Page

from tests.browser.torture.steps import drag, shows

EXPECTED = [
    drag("Write report", "Water plants"),
    drag("Book train", "Call the bank"),
]


def drive(page: Page) -> None:
    _drag(page, "Write report", "Water plants")
    _drag(page, "Book train", "Call the bank")


def _drag(page: Page, what: str, where: str) -> None:
    end = page.get_by_text(where, exact=True).bounding_box()
    assert end
    page.get_by_text(what, exact=True).hover()
    page.mouse.down()
    page.mouse.move(end["x"] + 40, end["y"] + end["height"] / 2 + 2, steps=6)
    page.mouse.up()


def done(page: Page) -> None:
    shows(page, "Book train, Call the bank, Water plants, Write report")
