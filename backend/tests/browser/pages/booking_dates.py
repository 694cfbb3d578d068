"""A search that is cleared by its cross, and fields of date, time, month and colour that are typed part by part."""

from playwright.sync_api import Page

from tests.browser.torture.steps import ANY, click, enter, shows

EXPECTED = [
    enter("Find a room", "", "searchbox"),
    enter("Arrival", "2027-03-09", ANY, kind="date"),
    enter("Check-in time", "14:30", ANY, kind=ANY),
    enter("Invoice month", "2027-04", ANY, kind=ANY),
    enter("Calendar colour", "#aa3311", ANY, kind=ANY),
    click("Book"),
]


def drive(page: Page) -> None:
    find = page.get_by_label("Find a room")
    box = find.bounding_box()
    assert box
    find.hover()
    page.mouse.click(box["x"] + box["width"] - 9, box["y"] + box["height"] / 2)
    page.get_by_label("Arrival").click(position={"x": 12, "y": 10})
    page.keyboard.type("03092027")
    page.get_by_label("Check-in time").click(position={"x": 12, "y": 10})
    page.keyboard.type("0230PM")
    page.get_by_label("Invoice month").click(position={"x": 12, "y": 10})
    page.keyboard.type("April")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("2027")
    page.get_by_label("Calendar colour").fill("#aa3311")
    page.get_by_role("button", name="Book").click()


def done(page: Page) -> None:
    shows(page, " | 2027-03-09 | 14:30 | 2027-04 | #aa3311")
