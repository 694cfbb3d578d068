"""Enter sends a form once, though its button is clicked by the browser; then a mistake that the page refuses."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, enter, shows, submit

EXPECTED = [
    enter("Search books", "tides", "searchbox"),
    submit("Search books", "searchbox"),
    enter("Number of the reader", "12"),
    click("Lend"),
    enter("Number of the reader", "1234"),
    click("Lend"),
]


def drive(page: Page) -> None:
    page.get_by_label("Search books").click()
    page.keyboard.type("tides")
    page.keyboard.press("Enter")
    shows(page, "found tides")
    reader = page.get_by_label("Number of the reader")
    reader.click()
    page.keyboard.type("12")
    page.get_by_role("button", name="Lend").click()
    reader.click()
    page.keyboard.press("End")
    page.keyboard.type("34")
    page.get_by_role("button", name="Lend").click()


def done(page: Page) -> None:
    shows(page, "found tides, lent to 1234")
