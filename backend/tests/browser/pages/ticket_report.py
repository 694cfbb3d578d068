"""A table that is sorted, filtered by a drawn checkbox, paged, and whose rows are chosen with Ctrl."""

from playwright.sync_api import Page

from tests.browser.torture.steps import ANY, Step, check, click, shows

EXPECTED = [
    check("Only open"),
    click("Subject", "columnheader"),
    click("Next page"),
    Step(action="click", name="Printer H jams", row=ANY),
    Step(action="click", name="Printer L jams", row=ANY),
    click("Close chosen"),
]


def drive(page: Page) -> None:
    page.get_by_text("Only open").click()
    page.get_by_role("columnheader", name="Subject").click()
    page.get_by_role("button", name="Next page").click()
    page.get_by_role("cell", name="Printer H jams").click()
    page.get_by_role("cell", name="Printer L jams").click(modifiers=["Control"])
    page.get_by_role("button", name="Close chosen").click()


def done(page: Page) -> None:
    shows(page, "Printer H jams, Printer L jams")
