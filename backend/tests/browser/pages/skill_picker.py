"""A dropdown inside a component from which several things are chosen, and which is closed by a click that is none."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, select, shows

EXPECTED = [
    select("Skills", "Carpentry, Welding"),
    click("Save profile"),
]


def drive(page: Page) -> None:
    page.get_by_role("combobox", name="Skills").click()
    page.get_by_role("option", name="Carpentry").click()
    page.get_by_role("option", name="Welding").click()
    page.get_by_role("combobox", name="Skills").click()
    page.get_by_role("button", name="Save profile").click()


def done(page: Page) -> None:
    shows(page, "Carpentry + Welding")
