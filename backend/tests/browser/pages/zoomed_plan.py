"""A zoomed and scaled page, so long that the last button is far below: no step for scrolling to what is there."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, enter, shows

EXPECTED = [
    enter("Gardener", "Tova"),
    click("Plant a tree"),
    click("Add a fish"),
]


def drive(page: Page) -> None:
    page.get_by_label("Gardener").click()
    page.keyboard.type("Tova")
    page.get_by_role("button", name="Plant a tree").click()
    page.mouse.wheel(0, 900)
    page.get_by_role("button", name="Add a fish").click()


def done(page: Page) -> None:
    shows(page, "Tova: plant, fish")
