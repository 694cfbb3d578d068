"""Thirty clicks on one button, as quick as they come: each counts."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, shows

EXPECTED = [click("One more")] * 30


def drive(page: Page) -> None:
    page.get_by_role("button", name="One more").hover()
    for _ in range(30):
        page.mouse.down()
        page.mouse.up()


def done(page: Page) -> None:
    shows(page, "30")
