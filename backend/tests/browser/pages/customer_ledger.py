"""A list of 10,000 rows of which only the visible ones exist: without scrolling there is nothing to click."""

from playwright.sync_api import Page, expect

from tests.browser.torture.steps import click, scroll, shows

EXPECTED = [
    click("Open", near="Customer 2"),
    scroll(),
    click("Open", near="Customer 4005"),
]


def drive(page: Page) -> None:
    pane = page.get_by_role("list", name="Customers")
    pane.get_by_role("listitem").nth(1).get_by_role("button").click()
    pane.hover()
    for _ in range(4):
        page.mouse.wheel(0, 30_000)
    row = pane.get_by_role("listitem").filter(has_text="Customer 4005")
    expect(row).to_be_visible()
    row.get_by_role("button").click()


def done(page: Page) -> None:
    shows(page, "customer 4005")
