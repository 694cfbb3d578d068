"""Sliders, the browser's own and made ones, by mouse and by keys: the last value once, no drag, no arrow keys."""

from playwright.sync_api import Page

from tests.browser.torture.steps import enter, shows

EXPECTED = [
    enter("Volume", "80", "slider", kind="number"),
    enter("Bass", "3", "slider", kind="number"),
    enter("Balance", "9", "slider", kind="number"),
    enter("Speed", "4", "slider", kind="number"),
]


def drive(page: Page) -> None:
    box = page.get_by_label("Volume").bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 150, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, middle, steps=3)
    page.mouse.move(box["x"] + 8 + 0.8 * 284, middle, steps=3)
    page.mouse.up()
    page.get_by_label("Bass").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    balance = page.get_by_role("slider", name="Balance")
    balance.hover()
    page.mouse.down()
    thumb = balance.bounding_box()
    assert thumb
    page.mouse.move(thumb["x"] + 60, thumb["y"] + 5, steps=3)
    page.mouse.move(thumb["x"] + 8 + 4 * 28, thumb["y"] + 5, steps=3)
    page.mouse.up()
    page.get_by_role("slider", name="Speed").focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")


def done(page: Page) -> None:
    shows(page, "80 3 9 4")
