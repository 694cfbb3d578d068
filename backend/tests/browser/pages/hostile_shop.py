"""A page that overrides what a recorder would like to call, and stops events before anybody else sees them."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, enter, select, shows

EXPECTED = [
    enter("Coupon", "LAMP5"),
    select("Pay with", "Cash"),
    click("Pay"),
]


def drive(page: Page) -> None:
    page.locator("[name=closest]").click()
    page.keyboard.type("LAMP5")
    page.keyboard.press("Tab")
    page.keyboard.type("Cash")
    page.locator("[name=submit]").click()


def done(page: Page) -> None:
    shows(page, "LAMP5 Cash")
