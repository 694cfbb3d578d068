"""Nothing but keys: Enter on a link and Space on a button are the clicks that they stand for."""

from playwright.sync_api import Page

from tests.browser.torture.steps import check, click, shows

EXPECTED = [
    click("Rooms", "link"),
    click("Book"),
    check("Guide"),
]


def drive(page: Page) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for _ in range(2):
        page.keyboard.press("Tab")
        page.keyboard.press("Space")


def done(page: Page) -> None:
    shows(page, "booked #rooms with guide")
