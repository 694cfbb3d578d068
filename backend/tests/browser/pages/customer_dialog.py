"""A dialog that keeps the focus and takes it at once, Escape, the browser's own dialog, and a toast with an undo."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, enter, press, shows

EXPECTED = [
    click("Add customer"),
    enter("Company", "Aurora Bakery"),
    click("Save", near="Add customer"),
    click("Add customer"),
    press("Escape"),
    click("Clean up"),
    click("Remove"),
    click("Undo"),
]


def drive(page: Page) -> None:
    page.get_by_role("button", name="Add customer").click()
    page.keyboard.type("Aurora Bakery")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Add customer").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Clean up").click()
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Undo").click()


def done(page: Page) -> None:
    shows(page, "Aurora Bakery")
