"""Checkboxes by their labels, radio options by mouse and by keys, switches of two kinds: once each."""

from playwright.sync_api import Page

from tests.browser.torture.steps import check, shows, toggle, uncheck

EXPECTED = [
    check("Weekly digest"),
    uncheck("Tips and tricks"),
    check("Offers of partners"),
    check("Dark", "radio"),
    check("Same as system", "radio"),
    toggle("Sounds", "on"),
    toggle("Share location", "off"),
]


def drive(page: Page) -> None:
    page.get_by_text("Weekly digest").click()
    page.get_by_text("Tips and tricks").click()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.get_by_text("Dark").click()
    page.keyboard.press("ArrowDown")
    page.get_by_role("switch", name="Sounds").click()
    page.get_by_text("Share location").click()


def done(page: Page) -> None:
    shows(page, "digest=on partners=on theme=system sounds=true")
