"""An editor that is a whole frame, and a frame that is taken away by the click in it."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, enter, shows

EXPECTED = [
    enter("Recipient", "Alva"),
    enter("Letter", "Dear Alva", frame=1),
    click("Send letter"),
    click("Yes, send", frame=1),
]


def drive(page: Page) -> None:
    page.get_by_label("Recipient").click()
    page.keyboard.type("Alva")
    page.frame_locator("[title=Letter]").locator("p").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Alva")
    page.get_by_role("button", name="Send letter").click()
    page.frame_locator("[title=Confirmation]").get_by_role("button", name="Yes, send").click()


def done(page: Page) -> None:
    shows(page, "Alva: Dear Alva")
