"""Ten buttons with one name: only the row tells them apart, and the row is gone once the button was clicked."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, shows

EXPECTED = [
    click("Delete", row="Bolt cutters"),
    click("Delete", row="Step ladder"),
    click("Delete", row="Claw hammer"),
]


def drive(page: Page) -> None:
    for article in ("Bolt cutters", "Step ladder", "Claw hammer"):
        page.get_by_role("row", name=article).get_by_role("button").click()


def done(page: Page) -> None:
    shows(page, "Bolt cutters, Step ladder, Claw hammer")
