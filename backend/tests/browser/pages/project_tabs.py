"""Tabs, and a tree whose branches open."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, shows

EXPECTED = [
    click("Folders", "tab"),
    click("Contracts", "treeitem"),
    click("Roofer", "treeitem"),
]


def drive(page: Page) -> None:
    page.get_by_role("tab", name="Folders").click()
    page.get_by_text("▸ Contracts").click()
    page.get_by_text("Roofer").click()


def done(page: Page) -> None:
    shows(page, "Roofer")
