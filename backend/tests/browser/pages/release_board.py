"""Cards that are dragged from column to column by the browser's own drag and drop."""

from playwright.sync_api import Page

from tests.browser.torture.steps import drag, shows

EXPECTED = [
    drag("Task 4", "Done"),
    drag("Task 2", "Planned"),
]


def drive(page: Page) -> None:
    for card, column in (("Task 4", "Done"), ("Task 2", "Planned")):
        page.get_by_text(card).hover()
        page.mouse.down()
        end = page.get_by_role("region", name=column).bounding_box()
        assert end
        page.mouse.move(end["x"] + 60, end["y"] + 180, steps=4)
        page.mouse.move(end["x"] + 70, end["y"] + 190, steps=2)
        page.mouse.up()


def done(page: Page) -> None:
    shows(page, "Task 4 to Done, Task 2 to Planned")
