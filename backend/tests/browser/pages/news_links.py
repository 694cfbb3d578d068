"""Links to pages that answer late: the click is the step, what it leads to is none; going back is one."""

from playwright.sync_api import Page, expect

from tests.browser.torture.steps import click, navigate, shows

EXPECTED = [
    click("Culture (3)", "link"),
    click("Read more about the opera", "link"),
    navigate("news_links.html"),
    click("Read more about the opera", "link"),
]


def drive(page: Page) -> None:
    page.get_by_role("link", name="Culture").click()
    page.get_by_role("link", name="Read more").click()
    expect(page.locator("#state")).to_have_text("opera")
    page.go_back()
    page.get_by_role("link", name="Read more").click()


def done(page: Page) -> None:
    shows(page, "opera")
