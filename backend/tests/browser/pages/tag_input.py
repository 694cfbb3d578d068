"""Tags that Enter makes out of what was typed; the field is empty again each time."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, enter, press, shows

EXPECTED = [
    enter("Tags", "urgent"),
    press("Enter"),
    enter("Tags", "warehouse"),
    press("Enter"),
    click("Remove urgent"),
]


def drive(page: Page) -> None:
    page.get_by_label("Tags").click()
    for tag in ("urgent", "warehouse"):
        page.keyboard.type(tag)
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Remove urgent").click()


def done(page: Page) -> None:
    shows(page, "warehouse")
