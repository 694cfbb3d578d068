"""Components: fields in open and closed shadow roots, slotted controls, an element that takes part in forms."""

from playwright.sync_api import Page

from tests.browser.torture.steps import check, click, enter, shows

EXPECTED = [
    enter("Skipper", "Runa"),
    click("More guests"),
    click("More guests"),
    check("Life jackets"),
    click("Add lunch"),
    enter("Voucher", "SEA-10"),
    click("Redeem"),
]


def drive(page: Page) -> None:
    page.get_by_label("Skipper").click()
    page.keyboard.type("Runa")
    page.get_by_role("button", name="More guests").click()
    page.get_by_role("button", name="More guests").click()
    page.get_by_text("Life jackets").click()
    page.get_by_role("button", name="Add lunch").click()
    page.keyboard.press("Tab")
    page.keyboard.type("SEA-10")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def done(page: Page) -> None:
    shows(page, "Runa, 2, 3, jackets, lunch, voucher SEA-10")
