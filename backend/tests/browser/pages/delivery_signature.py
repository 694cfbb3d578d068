"""A signature drawn on a canvas: a drag to no place in particular."""

from playwright.sync_api import Page

from tests.browser.torture.steps import ANY, click, drag, enter, shows

EXPECTED = [
    enter("Received by", "Jonas"),
    drag("Signature", ANY),
    click("Confirm receipt"),
]


def drive(page: Page) -> None:
    page.get_by_label("Received by").click()
    page.keyboard.type("Jonas")
    page.get_by_role("img", name="Signature").hover(position={"x": 40, "y": 60})
    box = page.get_by_role("img", name="Signature").bounding_box()
    assert box
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 20, steps=4)
    page.mouse.move(box["x"] + 200, box["y"] + 90, steps=4)
    page.mouse.up()
    page.get_by_role("button", name="Confirm receipt").click()


def done(page: Page) -> None:
    shows(page, "signed by Jonas")
