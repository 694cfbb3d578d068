"""Suggestions below a field: what was typed to get them, then the choice, which the page takes on mousedown."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, enter, select, shows

EXPECTED = [
    enter("Destination", "Ber", "combobox"),
    select("Destination", "Berlin"),
    click("Plan"),
]


def drive(page: Page) -> None:
    page.get_by_label("Destination", exact=True).click()
    page.keyboard.type("Ber")
    page.get_by_role("option", name="Berlin").click()
    page.get_by_role("button", name="Plan").click()


def done(page: Page) -> None:
    shows(page, "Berlin")
