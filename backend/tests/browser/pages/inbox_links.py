"""Rows with equal names whose tips come with the mouse, and a middle click that opens a tab beside."""

from playwright.sync_api import Page, expect

from tests.browser.torture.steps import check, click, navigate, shows

EXPECTED = [
    click("Star", row="Bo"),
    check("Mark", row="Alva"),
    click("Minutes of May", "link"),
    click("Archive"),
    click("Star", row="Alva"),
]
BY_TABS = [*EXPECTED[:4], navigate("inbox_links.html"), *EXPECTED[4:]]


def drive(page: Page) -> None:
    alva, bo = page.get_by_role("row").all()
    bo.get_by_role("button").click()
    alva.get_by_role("checkbox").click()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Minutes of May").click(button="middle")
    opened.value.get_by_role("button", name="Archive").click()
    expect(opened.value.get_by_role("button", name="Archived")).to_be_visible()
    page.bring_to_front()
    alva.get_by_role("button").click()


def done(page: Page) -> None:
    shows(page, "star Bo, mark Alva, star Alva")
