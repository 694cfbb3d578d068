"""A video with the browser's own controls, which lie in a tree that no script can see, and with one of the page."""

from playwright.sync_api import Page

from tests.browser.torture.steps import ANY, Step, click, shows

EXPECTED = [
    Step(action="click", name="Bowline in one minute", value=ANY),
    click("Slow motion"),
]


def drive(page: Page) -> None:
    page.locator("video").click(position={"x": 200, "y": 100})
    page.get_by_role("button", name="Slow motion").click()


def done(page: Page) -> None:
    shows(page, "clicked, slow")
