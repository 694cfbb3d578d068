"""A context menu of a row."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, right_click, shows

EXPECTED = [
    right_click("minutes.docx", "cell"),
    click("Move to bin", "menuitem"),
]


def drive(page: Page) -> None:
    page.get_by_role("cell", name="minutes.docx").click(button="right")
    page.get_by_role("menuitem", name="Move to bin").click()


def done(page: Page) -> None:
    shows(page, "Move to bin: minutes.docx")
