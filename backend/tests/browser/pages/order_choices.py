"""The browser's own lists: one choice, groups, several choices with Ctrl, suggestions."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, enter, select, shows

EXPECTED = [
    select("Branch", "Odense"),
    select("Carrier", "Fjordline"),
    select("Extras", "Insurance, Signature", "listbox"),
    enter("Customer", "Borealis Books", "combobox"),
    click("Create order"),
]


def drive(page: Page) -> None:
    page.get_by_label("Branch").focus()
    page.keyboard.type("Odense")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.get_by_role("option", name="Insurance").click()
    page.get_by_role("option", name="Signature").click(modifiers=["Control"])
    page.get_by_label("Customer").click()
    page.keyboard.type("Bor")
    page.keyboard.type("ealis Books")
    page.get_by_role("button", name="Create order").click()


def done(page: Page) -> None:
    shows(page, "b2 / Fjordline / Insurance+Signature / Borealis Books")
