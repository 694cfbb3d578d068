"""A new tab and a pop-up window that closes itself on the click: what opened them is the step; work goes on there."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, enter, navigate, shows

EXPECTED = [
    click("Open the yearly report", "link"),
    enter("Comment", "Well done"),
    click("Approve"),
    click("Choose a colleague"),
    click("Bo"),
]
BY_TABS = [*EXPECTED[:3], navigate("reports_windows.html"), *EXPECTED[3:]]


def drive(page: Page) -> None:
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Open the yearly report").click()
    report = opened.value
    report.get_by_label("Comment").click()
    report.keyboard.type("Well done")
    report.get_by_role("button", name="Approve").click()
    page.bring_to_front()
    with page.expect_popup() as popup:
        page.get_by_role("button", name="Choose a colleague").click()
    with popup.value.expect_event("close"):
        popup.value.get_by_role("button", name="Bo").click()


def done(page: Page) -> None:
    shows(page, "approved: Well done, Bo")
