"""A password, shown by the eye button and typed on, and a code in six boxes: none is read, each is one step."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, enter, secret, shows

EXPECTED = [
    enter("User name", "ines"),
    secret("Password", "password"),
    click("Show password"),
    secret("Password", "password"),
    secret("Code from your app"),
    click("Create account"),
]
SECRETS = ["Tr0ub4dor", "-and-3!", "493817"]
BROUGHT = ["Tr0ub4dor-and-3!", "Tr0ub4dor-and-3!", "493817"]


def drive(page: Page) -> None:
    page.get_by_label("User name").click()
    page.keyboard.type("ines")
    page.keyboard.press("Tab")
    page.keyboard.type("Tr0ub4dor")
    page.get_by_role("button", name="Show password").click()
    page.get_by_label("Password", exact=True).click()
    page.keyboard.press("End")
    page.keyboard.type("-and-3!")
    page.get_by_label("Digit 1").click()
    page.keyboard.type("493817")
    page.get_by_role("button", name="Create account").click()


def done(page: Page) -> None:
    shows(page, "welcome ines")
