"""A page that is written from right to left."""

from playwright.sync_api import Page

from tests.browser.torture.steps import check, click, enter, select, shows

EXPECTED = [
    enter("الاسم الكامل", "ليلى حداد"),
    select("المدينة", "تونس"),
    check("إرسال الأخبار"),
    click("حفظ"),
]


def drive(page: Page) -> None:
    page.get_by_label("الاسم الكامل").click()
    page.keyboard.type("ليلى حداد")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.get_by_text("إرسال الأخبار").click()
    page.get_by_role("button", name="حفظ").click()


def done(page: Page) -> None:
    shows(page, "ليلى حداد / تونس / on")
