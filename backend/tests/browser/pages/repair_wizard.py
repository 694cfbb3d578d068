"""Cards that hide radio options, a step that refuses what is missing, and a shade while the next one is fetched."""

from playwright.sync_api import Page

from tests.browser.torture.steps import ANY, Step, click, enter, shows

EXPECTED = [
    Step(action="check", name="Clock with hands", role="radio", value=ANY),
    click("Continue", near="What is broken?"),
    enter("Day and time", "2027-06-04T09:15", ANY, kind=ANY),
    click("Continue", near="When can we come?"),
    enter("Floor", "3", "spinbutton", kind="number"),
    click("Continue", near="When can we come?"),
]


def drive(page: Page) -> None:
    page.get_by_text("Clock").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Day and time").click(position={"x": 12, "y": 10})
    page.keyboard.type("06042027")
    page.keyboard.press("Tab")
    page.keyboard.type("0915AM")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Floor").click()
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    page.get_by_label("Floor").press("Tab")
    page.get_by_role("button", name="Continue").click()


def done(page: Page) -> None:
    shows(page, "Clock on 2027-06-04T09:15, floor 3")
