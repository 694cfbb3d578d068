"""An application of one page that writes its own addresses: a link is a click, going back is a step of its own."""

from playwright.sync_api import Page, expect

from tests.browser.torture.steps import click, navigate, shows

EXPECTED = [
    click("Rooms", "link"),
    click("Clean room 4"),
    click("Guests", "link"),
    navigate("hotel_app.html"),
    click("Clean room 4"),
]


def drive(page: Page) -> None:
    page.get_by_role("link", name="Rooms").click()
    page.get_by_role("button", name="Clean room 4").click()
    page.get_by_role("link", name="Guests").click()
    expect(page.get_by_role("button", name="Check in")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Clean room 4").click()


def done(page: Page) -> None:
    shows(page, "start > rooms > Clean room 4 > guests > rooms > Clean room 4")
