"""Sections that open: by buttons and by `<details>`."""

from playwright.sync_api import Page

from tests.browser.torture.steps import ANY, check, click, shows

EXPECTED = [
    click("How do I return a lamp?"),
    click("Who pays the postage?"),
    click("Helpful", near="Who pays the postage?"),
    click("Opening hours", ANY),
    check("Remind me"),
]


def drive(page: Page) -> None:
    page.get_by_role("button", name="How do I return").click()
    page.get_by_role("button", name="Who pays").click()
    page.locator("#a2").get_by_role("button", name="Helpful").click()
    page.get_by_text("Opening hours").click()
    page.get_by_text("Remind me").click()


def done(page: Page) -> None:
    shows(page, "Who pays the postage?, reminder")
