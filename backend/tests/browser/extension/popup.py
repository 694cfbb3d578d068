"""The popup, opened over a tab as the person's click would open it: that tab stays the active one."""

from playwright.sync_api import Page

from tests.browser.extension.loaded import Extension

OPEN = "(url) => chrome.tabs.create({ url, active: false })"


def open_popup(extension: Extension, over: Page) -> Page:
    over.bring_to_front()
    with extension.context.expect_page() as opening:
        extension.desk.evaluate(OPEN, extension.address("popup/popup.html"))
    popup = opening.value
    popup.locator("main section").first.wait_for()
    return popup
