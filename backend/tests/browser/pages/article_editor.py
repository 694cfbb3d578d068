"""Rich text: its words are one step, and the shortcut that makes them bold another."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, enter, press, shows

EXPECTED = [
    enter("Title", "Opening hours"),
    enter("Article", "Closed on Monday"),
    press("Control+A"),
    press("Control+B"),
    click("Italic"),
    click("Publish"),
]


def drive(page: Page) -> None:
    page.get_by_label("Title").click()
    page.keyboard.type("Opening hours")
    page.get_by_role("textbox", name="Article").click()
    page.keyboard.type("Closed on Monday")
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+b")
    page.get_by_role("button", name="Italic").click()
    page.get_by_role("button", name="Publish").click()


def done(page: Page) -> None:
    shows(page, "Opening hours: <b><i>Closed on Monday</i></b>")
