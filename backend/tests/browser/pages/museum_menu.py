"""A menu that opens by style sheet alone while the pointer is over it."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, hover, shows

EXPECTED = [
    hover("Collection", "link"),
    click("Sea charts", "link"),
]


def drive(page: Page) -> None:
    page.get_by_role("link", name="Visit").hover()
    page.get_by_role("link", name="Collection").hover()
    page.get_by_role("link", name="Sea charts").click()


def done(page: Page) -> None:
    shows(page, "#maps")
