"""A task over several pages, one of which is left by the page's own "Back"."""

from playwright.sync_api import Page

from tests.browser.torture.steps import ANY, click, enter, shows

EXPECTED = [
    enter("New street", "Mole End"),
    click("Next"),
    click("Back"),
    enter("New street", "Toad Hall"),
    click("Next"),
    enter("Day", "2027-05-01", ANY, kind="date"),
    click("Next"),
]


def drive(page: Page) -> None:
    _street(page, "Mole End")
    page.get_by_role("button", name="Back").click()
    _street(page, "Toad Hall")
    page.get_by_label("Day").click(position={"x": 12, "y": 10})
    page.keyboard.type("05012027")
    page.get_by_role("button", name="Next").click()


def _street(page: Page, name: str) -> None:
    page.get_by_label("New street").click()
    page.keyboard.type(name)
    page.get_by_role("button", name="Next").click()


def done(page: Page) -> None:
    shows(page, "Toad Hall on 2027-05-01")
