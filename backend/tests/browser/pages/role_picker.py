"""Dropdowns made of divs whose list hangs at the end of the page: the choice is one step, by mouse or by keys."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, select, shows

EXPECTED = [
    select("Role", "Admin"),
    select("Team", "Logistics"),
    click("Invite"),
]


def drive(page: Page) -> None:
    page.get_by_role("combobox", name="Role").click()
    page.get_by_role("option", name="Admin").click()
    page.get_by_role("combobox", name="Team").focus()
    for key in ("Enter", "ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    page.get_by_role("button", name="Invite").click()


def done(page: Page) -> None:
    shows(page, "Admin, Logistics")
