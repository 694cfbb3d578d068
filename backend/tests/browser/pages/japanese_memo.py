"""Text that is composed: the Enter that takes a suggestion is the keyboard's, not the form's."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, enter, shows

EXPECTED = [
    enter("件名", "会議"),
    click("保存"),
]


def drive(page: Page) -> None:
    page.get_by_label("件名").click()
    keyboard = page.context.new_cdp_session(page)
    for text in ("か", "かい", "かいぎ", "会議"):
        keyboard.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
    enter_key = {"key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229}
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter_key})
    keyboard.send("Input.insertText", {"text": "会議"})
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter_key})
    keyboard.detach()
    page.get_by_role("button", name="保存").click()


def done(page: Page) -> None:
    shows(page, "会議")
