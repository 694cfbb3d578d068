"""Typing over what was there, undone once, discarded once; a button that is only a drawing; the browser's question."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, enter, select, shows

EXPECTED = [
    enter("Display name", "Halvorsen"),
    select("Language", "Norsk"),
    click("Discard changes"),
    enter("Display name", "Ines"),
    click("Bold names"),
    click("Delete account"),
]


def drive(page: Page) -> None:
    name = page.get_by_label("Display name")
    name.click(click_count=3)
    page.keyboard.type("Halvorsen")
    city = page.get_by_label("City")
    city.dblclick()
    page.keyboard.type("Oslo")
    while city.input_value() != "Bergen":
        page.keyboard.press("Control+z")
    page.keyboard.press("Tab")
    page.keyboard.press("n")
    page.get_by_role("button", name="Discard changes").click()
    name.click(click_count=3)
    page.keyboard.type("Ines")
    page.locator("#bold rect").click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete account").click()


def done(page: Page) -> None:
    shows(page, "discarded, bold true, deleted Ines of Bergen")
