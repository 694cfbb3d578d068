"""A list that is drawn anew on mousedown, or loses the clicked row, and lets no event pass."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, shows

EXPECTED = [
    click("Ship", near="Order 32"),
    click("Cancel", near="Order 33"),
    click("Refresh"),
]


def drive(page: Page) -> None:
    page.get_by_role("listitem").filter(has_text="Order 32").get_by_role("button", name="Ship").click()
    page.get_by_role("listitem").filter(has_text="Order 33").get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Refresh").click()


def done(page: Page) -> None:
    shows(page, "ship Order 32, cancel Order 33")
