"""A splitter that is dragged, and words that are marked with the mouse, which is no drag and no step."""

from playwright.sync_api import Page

from tests.browser.torture.steps import ANY, click, drag, shows

EXPECTED = [
    drag("Width of the folders", ANY, "separator"),
    click("Reply"),
]


def drive(page: Page) -> None:
    bar = page.get_by_role("separator")
    box = bar.bounding_box()
    assert box
    page.mouse.move(box["x"] + 4, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 52, steps=5)
    page.mouse.up()
    text = page.get_by_text("A long letter").bounding_box()
    assert text
    page.mouse.move(text["x"] + 3, text["y"] + 9)
    page.mouse.down()
    page.mouse.move(text["x"] + 120, text["y"] + 9, steps=4)
    page.mouse.up()
    page.get_by_role("button", name="Reply").click()


def done(page: Page) -> None:
    shows(page, "replied, folders wide")
