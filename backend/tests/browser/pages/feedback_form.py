"""A form that is posted to another page: by the button once, by Enter once; the last field was never left."""

from playwright.sync_api import Page

from tests.browser.torture.steps import check, click, enter, shows, submit

EXPECTED = [
    enter("Message", "The lamp hums."),
    check("Please answer"),
    enter("Subject", "Desk lamp"),
    click("Send feedback"),
    click("Back to the form", "link"),
    enter("Subject", "Floor lamp"),
    submit("Subject"),
]


def drive(page: Page) -> None:
    page.get_by_label("Message").click()
    page.keyboard.type("The lamp hums.")
    page.get_by_label("Please answer").click()
    page.get_by_label("Subject").click()
    page.keyboard.type("Desk lamp")
    page.get_by_role("button", name="Send feedback").click()
    page.get_by_role("link", name="Back to the form").click()
    page.get_by_label("Subject").click()
    page.keyboard.type("Floor lamp")
    page.keyboard.press("Enter")


def done(page: Page) -> None:
    shows(page, "subject = Floor lamp")
