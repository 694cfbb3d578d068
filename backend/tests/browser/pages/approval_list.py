"""Clicks that do nothing are no steps (a disabled button, a disabled link, a plain text); a double click edits."""

from playwright.sync_api import Page

from tests.browser.torture.steps import check, click, double_click, enter, shows

EXPECTED = [
    double_click("Untitled"),
    enter("Title", "New desk"),
    check("I have read the request"),
    click("Approve"),
]


def drive(page: Page) -> None:
    page.get_by_role("button", name="Approve").click(force=True)
    page.get_by_role("link", name="Export").click(force=True)
    page.get_by_text("Asked on Monday").click()
    page.get_by_text("Untitled").dblclick()
    page.keyboard.type("New desk")
    page.get_by_text("I have read").click()
    page.get_by_role("button", name="Approve").click()


def done(page: Page) -> None:
    shows(page, "approved New desk")
