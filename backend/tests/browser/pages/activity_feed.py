"""A page that grows while one scrolls to its end."""

from playwright.sync_api import Page, expect

from tests.browser.torture.steps import click, scroll, shows

EXPECTED = [
    scroll(),
    click("Pin", near="Entry 25"),
]


def drive(page: Page) -> None:
    page.get_by_role("feed").hover()
    entry = page.get_by_role("article").filter(has_text="Entry 25")
    for shown in (20, 30):
        page.mouse.wheel(0, 20_000)
        expect(page.get_by_role("article").nth(shown - 1)).to_be_attached()
    entry.get_by_role("button").click()


def done(page: Page) -> None:
    shows(page, "Entry 25")
