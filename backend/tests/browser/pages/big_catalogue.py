"""A page of 20,000 elements with 4,000 equal buttons."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, enter, shows

EXPECTED = [
    click("Choose", near="Part 3"),
    click("Choose", near="Part 9"),
    enter("Remark", "Before Friday"),
    click("Order"),
]


def drive(page: Page) -> None:
    page.locator(".part:nth-child(3) button").click()
    page.locator(".part:nth-child(9) button").click()
    page.locator("input").click()
    page.keyboard.type("Before Friday")
    page.locator("#order").click()


def done(page: Page) -> None:
    shows(page, "Part 3, Part 9: Before Friday")
