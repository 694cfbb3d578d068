"""Frames in frames of one origin, and one whose page stands in its attribute."""

from playwright.sync_api import Page

from tests.browser.torture.steps import check, click, enter, shows

EXPECTED = [
    click("Refresh", frame=1),
    enter("Find a person", "Alva", "searchbox", frame=2),
    check("Only present", frame=2),
    click("Call", frame=2),
    enter("Notice", "Fire drill at ten", frame=1),
    click("Post", frame=1),
]


def drive(page: Page) -> None:
    departments = page.frame_locator("[title=Departments]")
    departments.get_by_role("button", name="Refresh").click()
    people = departments.frame_locator("[title=People]")
    people.get_by_label("Find a person").click()
    page.keyboard.type("Alva")
    people.get_by_label("Only present").click()
    people.get_by_role("button", name="Call").click()
    notice = page.frame_locator("[title=Notice]")
    notice.get_by_label("Notice").click()
    page.keyboard.type("Fire drill at ten")
    notice.get_by_role("button", name="Post").click()


def done(page: Page) -> None:
    shows(page, "refreshed, called Alva, notice: Fire drill at ten")
