"""An image with two areas, and a chart whose bars are told by a label and by a title of SVG."""

from playwright.sync_api import Page

from tests.browser.torture.steps import ANY, click, shows

EXPECTED = [
    click("East quay", "link"),
    click("April: 16 ships"),
    click("May: 9 ships", ANY),
]


def drive(page: Page) -> None:
    page.get_by_role("img", name="Harbour").click(position={"x": 300, "y": 100})
    page.locator("rect").nth(1).click()
    page.locator(".bar rect").click()


def done(page: Page) -> None:
    shows(page, "#east, April: 16 ships, May: 9 ships")
