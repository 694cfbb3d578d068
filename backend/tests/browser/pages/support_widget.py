"""A frame inside a shadow root, whose form empties its field, and a sandboxed frame without an origin."""

from playwright.sync_api import Page

from tests.browser.torture.steps import check, enter, shows, submit

EXPECTED = [
    enter("Message", "My lamp hums", frame=1),
    submit("Message", frame=1),
    check("Yes", "radio", frame=1),
]


def drive(page: Page) -> None:
    page.frame_locator("[title=Chat]").get_by_label("Message").click()
    page.keyboard.type("My lamp hums")
    page.keyboard.press("Enter")
    page.frame_locator("[title=Survey]").get_by_text("Yes").click()


def done(page: Page) -> None:
    shows(page, "chat: My lamp hums, survey: Yes")
