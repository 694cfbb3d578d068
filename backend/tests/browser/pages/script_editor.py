"""A code editor that takes keys in a hidden text area, empties it at once and draws the lines itself."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, enter, shows

EXPECTED = [
    enter("Script", "total = 7\nprint total"),
    click("Run"),
]


def drive(page: Page) -> None:
    page.locator(".editor").click()
    page.keyboard.type("total = 8")
    page.keyboard.press("Backspace")
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    page.keyboard.type("print total")
    page.get_by_role("button", name="Run").click()


def done(page: Page) -> None:
    shows(page, "total = 7 ⏎ print total")
