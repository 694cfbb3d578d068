"""A code editor that draws its text itself and is told by the browser what is typed: no field holds it."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, enter, shows

EXPECTED = [
    enter("printer.conf", "duplex on\ncopies 2"),
    click("Save"),
]


def drive(page: Page) -> None:
    page.get_by_role("textbox", name="printer.conf").click()
    page.keyboard.type("duplex om")
    page.keyboard.press("Backspace")
    page.keyboard.type("n")
    page.keyboard.press("Enter")
    page.keyboard.type("copies 2")
    page.get_by_role("button", name="Save").click()


def done(page: Page) -> None:
    shows(page, "duplex on | copies 2")
