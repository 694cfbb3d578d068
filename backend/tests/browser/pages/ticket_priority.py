"""Lists that stay open: one choice by keys, passing others, one by mouse."""

from playwright.sync_api import Page

from tests.browser.torture.steps import select, shows

EXPECTED = [
    select("Priority", "Urgent", "listbox"),
    select("Queue", "Network", "listbox"),
]


def drive(page: Page) -> None:
    page.get_by_role("listbox", name="Priority").focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.get_by_role("option", name="Network").click()


def done(page: Page) -> None:
    shows(page, "Urgent, Network")
