"""A calendar made of divs that is drawn anew with every click."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, shows

EXPECTED = [
    click("Choose a day"),
    click("Next month"),
    click("Next month"),
    click("17", "gridcell", near="April 2027"),
]


def drive(page: Page) -> None:
    page.get_by_role("button", name="Choose a day").click()
    page.get_by_role("button", name="Next month").click()
    page.get_by_role("button", name="Next month").click()
    page.get_by_role("gridcell", name="17", exact=True).click()


def done(page: Page) -> None:
    shows(page, "17 April 2027")
