"""A menu that comes a moment after the click, with a submenu that opens by pointing: only that pointing is a step."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, hover, shows

EXPECTED = [
    click("File"),
    click("Duplicate", "menuitem"),
    click("File"),
    hover("Share", "menuitem"),
    click("As a link", "menuitem"),
]


def drive(page: Page) -> None:
    page.get_by_role("button", name="Print").hover()
    page.get_by_role("button", name="File").click()
    page.get_by_role("menuitem", name="Duplicate").click()
    page.get_by_role("button", name="File").click()
    page.get_by_role("menuitem", name="Share").hover()
    page.get_by_role("menuitem", name="As a link").click()


def done(page: Page) -> None:
    shows(page, "Duplicate, As a link")
