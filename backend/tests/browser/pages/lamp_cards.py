"""Cards and list items that all have the same button: what stands beside it tells which."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, shows

EXPECTED = [
    click("Add to basket", near="Clover lamp"),
    click("Add to basket", near="Birch lamp"),
    click("Add to basket", near="Heather lamp"),
]


def drive(page: Page) -> None:
    for name in ("Clover", "Birch"):
        page.locator(".card").filter(has_text=name).get_by_role("button").click()
    page.locator("li").filter(has_text="Heather").get_by_role("button").click()


def done(page: Page) -> None:
    shows(page, "Clover, Birch, Heather")
