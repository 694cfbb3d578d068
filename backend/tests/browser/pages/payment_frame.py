"""A card form in a frame of another origin: nothing of the card is read."""

from playwright.sync_api import Page, expect

from tests.browser.torture.steps import click, enter, secret, shows

EXPECTED = [
    enter("Delivery note", "Leave at the gate"),
    secret("Name on card", frame=1),
    secret("Card number", frame=1),
    secret("Valid until", frame=1),
    secret("Check digits", frame=1),
    click("Authorize", frame=1),
    click("Place order"),
]
SECRETS = ["HALVORSEN", "424242", "12/29", "737"]


def drive(page: Page) -> None:
    page.get_by_label("Delivery note").click()
    page.keyboard.type("Leave at the gate")
    card = page.frame_locator("#pay")
    card.get_by_label("Name on card").click()
    for text in ("INES HALVORSEN", "4242424242424242", "12/29", "737"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    card.get_by_role("button", name="Authorize").click()
    expect(page.get_by_role("button", name="Place order")).to_be_enabled()
    page.get_by_role("button", name="Place order").click()


def done(page: Page) -> None:
    shows(page, "placed: Leave at the gate")
