"""A page that asks before it is left: the question is the browser's, the link is the step; so is the text."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, enter, shows

EXPECTED = [
    enter("Text", "Dear neighbours"),
    click("Leave without saving", "link"),
]


def drive(page: Page) -> None:
    page.get_by_label("Text").click()
    page.keyboard.type("Dear neighbours")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="Leave").click()


def done(page: Page) -> None:
    shows(page, "left")
