"""A sign-in without labels: the focus is there at once, Enter in the password sends it, the page answers late."""

from playwright.sync_api import Page

from tests.browser.torture.steps import ANY, click, enter, secret, shows, submit

EXPECTED = [
    click("Only necessary"),
    enter("Work email", "ines@example.com", kind="email"),
    secret("Password", "password"),
    submit("Password", ANY),
]
SECRETS = ["Correct-Horse-9"]


def drive(page: Page) -> None:
    page.get_by_role("button", name="Only necessary").click()
    page.get_by_placeholder("Work email").focus()
    page.keyboard.type("ines@example.com")
    page.keyboard.press("Tab")
    page.keyboard.type("Correct-Horse-9")
    page.keyboard.press("Enter")


def done(page: Page) -> None:
    shows(page, "hello ines@example.com")
