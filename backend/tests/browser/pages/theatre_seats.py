"""A seating plan drawn on a canvas: where it was clicked can only be said in words."""

from playwright.sync_api import Page

from tests.browser.torture.steps import ANY, Step, click, shows

EXPECTED = [
    Step(action="click", name="Seating plan", value=ANY, place="upper left"),
    Step(action="click", name="Seating plan", value=ANY, place="lower right"),
    Step(action="click", name="Seating plan", value=ANY, place="center"),
    click("Reserve"),
]


def drive(page: Page) -> None:
    plan = page.get_by_role("img", name="Seating plan")
    for x, y in ((30, 30), (450, 270), (210, 150)):
        plan.click(position={"x": x, "y": y})
    page.get_by_role("button", name="Reserve").click()


def done(page: Page) -> None:
    shows(page, "A1 E8 C4")
