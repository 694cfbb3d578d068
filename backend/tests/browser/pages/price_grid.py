"""Cells that become fields by a double click and cells again by Enter or by leaving them."""

from playwright.sync_api import Page

from tests.browser.torture.steps import ANY, Step, double_click, press, shows

EXPECTED = [
    double_click("89.00", row="Floor lamp", column="Price"),
    Step(action="input", value="94.50", row="Floor lamp", column="Price", kind=ANY),
    press("Enter"),
    double_click("0", row="Desk lamp", column="Discount"),
    Step(action="input", value="10", row="Desk lamp", column="Discount", kind=ANY),
]


def drive(page: Page) -> None:
    page.get_by_role("gridcell", name="89.00").dblclick()
    page.keyboard.type("94.50")
    page.keyboard.press("Enter")
    page.get_by_role("row", name="Desk lamp").locator("td").nth(2).dblclick()
    page.keyboard.type("10")
    page.get_by_role("heading", name="Price list").click()


def done(page: Page) -> None:
    shows(page, "39.00 10 94.50 0 49.00 5")
