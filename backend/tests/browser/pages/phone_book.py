"""Fields that are replaced with every key, one of which the page writes in its own way."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, enter, shows

EXPECTED = [
    enter("Person", "Bo"),
    enter("Internal extension", "40-117"),
    click("Save entry"),
]


def drive(page: Page) -> None:
    page.get_by_label("Person").click()
    page.keyboard.type("Bo")
    page.get_by_label("Internal extension").click()
    page.keyboard.type("40117")
    page.get_by_role("button", name="Save entry").click()


def done(page: Page) -> None:
    shows(page, "Bo: 40-117")
