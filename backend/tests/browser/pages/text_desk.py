"""Shortcuts; copying and pasting; typing that is corrected, undone or taken back: only what remained is a step."""

from playwright.sync_api import Page

from tests.browser.torture.steps import copy, enter, paste, press, shows

EXPECTED = [
    copy("Reference", "INV-2027-88"),
    paste("Search in archive", "INV-2027-88"),
    enter("Reply", "Thank you"),
    press("Control+S"),
    enter("Colour", ""),
    press("?"),
]


def drive(page: Page) -> None:
    page.get_by_label("Reference").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")
    page.get_by_label("Search in archive").click()
    page.keyboard.press("Control+v")
    page.get_by_label("Reply").click()
    page.keyboard.type("Thnak")
    for _ in range(3):
        page.keyboard.press("Backspace")
    page.keyboard.type("ank you")
    page.keyboard.press("Control+s")
    page.get_by_label("Nickname").click()
    page.keyboard.type("Bo")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.get_by_label("Colour").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type("red")
    page.keyboard.press("Control+a")
    page.keyboard.press("Backspace")
    page.get_by_role("heading", name="Text desk").click()
    page.keyboard.press("?")


def done(page: Page) -> None:
    shows(page, "INV-2027-88 | Thank you |  |  | saved help")
